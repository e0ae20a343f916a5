from odoo import api, fields, models
from odoo.exceptions import UserError

from ..canonical.reasons import OPEN_STATES


class SaasEventIgnore(models.TransientModel):
    """Lets a person ignore events, with the reason. Where an event is about a document
    or money, the decision is kept for the object: later events of it are ignored too.
    """

    _name = "saas.event.ignore"
    _description = "Ignore SaaS events"
    _inherit = ["saas.previewed.mixin", "saas.guarded.mixin"]

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

    def action_apply(self):
        """Ignore the events, and keep for each object of a document or of money that
        nothing is to be booked for it.

        :raises UserError: if one of them does not wait.
        """
        self.ensure_one()
        self._check_links()
        events = self.event_ids
        events._check_may_ignore()
        if any(event.state not in OPEN_STATES for event in events):
            raise UserError(
                self.env._(
                    "Only events that wait can be ignored: those that are parked, "
                    "quarantined or dead. Take the others out of your selection."
                )
            )
        # This is done as superuser, since nobody may write events; the log still names
        # the user.
        sent = self.env["saas.review.decision"].sudo()._ignore(events.sudo(), self.note)
        return sent.sudo(False)._tell_of_ignored(len(events))
