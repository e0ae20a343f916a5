from odoo import fields, models
from odoo.exceptions import UserError

from ..canonical.review.duties import Decision


class SaasObjectReopen(models.TransientModel):
    """Lets a person decide that an event's objects are to be booked after all."""

    _name = "saas.object.reopen"
    _description = "Book After All"
    _inherit = ["saas.decision.mixin", "saas.previewed.mixin", "saas.guarded.mixin"]
    _decision = Decision.REOPEN

    event_ids = fields.Many2many("saas.subscription.event", string="Events")
    note = fields.Char(
        string="Why",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    def _check_decision(self):
        """Raise unless the user may decide, about one event."""
        events = self.event_ids
        events._check_may_decide()
        if len(events) != 1:
            raise UserError(
                self.env._("Take back one decision at a time. Select a single event.")
            )

    def _decide(self):
        """Take the decisions back, with the reason, and process the events.

        :raises UserError: if there is no decision, or it can't be taken back.
        """
        events = self.event_ids
        decision = self.env["saas.review.decision"].sudo()
        return decision._reopen(events.sudo(), self.note).sudo(False)._tell_of_retry()
