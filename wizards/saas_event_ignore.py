from odoo import api, fields, models
from odoo.exceptions import UserError

from ..canonical.reasons import ELSEWHERE, OPEN_STATES
from ..canonical.review.duties import Decision


class SaasEventIgnore(models.TransientModel):
    """Lets a person ignore events, with the reason. Where an event is about a document
    or money, the decision is kept for the object: later events of it are ignored too.
    """

    _name = "saas.event.ignore"
    _description = "Ignore Events"
    _inherit = ["saas.decision.mixin", "saas.previewed.mixin", "saas.guarded.mixin"]
    _decision = Decision.IGNORE

    event_ids = fields.Many2many("saas.subscription.event", string="Events")
    objects = fields.Text(
        string="Ignored for Good",
        compute="_compute_objects",
        help="Nothing will be booked for these objects, whatever is told of them "
        "later. What refers to them goes on, or asks a person.",
    )
    note = fields.Char(
        string="Why",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    @api.depends("event_ids")
    def _compute_objects(self):
        decision = self.env["saas.review.decision"]
        for wizard in self:
            events = wizard.event_ids._origin
            events._check_may_ignore()
            refs = decision.sudo()._get_facts(events.sudo())
            wizard.objects = "\n".join(map(str, refs))

    def _get_decision(self):
        """Return the kind of decision; None where no event tells of documents or of
        money, and all could be read.
        """
        return super()._get_decision() if self._get_stakes() else None

    def _get_amount(self):
        return self._get_stakes()._sum_stakes()

    def _get_stakes(self):
        """Return the events with which something is at stake, or may be."""
        return self.event_ids.sudo().filtered(
            lambda event: (
                event.reason not in ELSEWHERE
                and (not event.is_stake_known or event._tells_of_books())
            )
        )

    def _check_decision(self):
        """Raise unless the user may ignore all of these events, and they wait."""
        events = self.event_ids
        events._check_may_ignore()
        if any(event.state not in OPEN_STATES for event in events):
            raise UserError(
                self.env._(
                    "Only events that wait can be ignored: those that are parked, "
                    "quarantined or dead. Take the others out of your selection."
                )
            )

    def _decide(self):
        """Ignore the events, and keep for each object of a document or of money that
        nothing is to be booked for it.
        """
        events = self.event_ids
        # This is done as superuser, since nobody may write events; the log still names
        # the user.
        sent = self.env["saas.review.decision"].sudo()._ignore(events.sudo(), self.note)
        return sent.sudo(False)._tell_of_ignored(len(events))
