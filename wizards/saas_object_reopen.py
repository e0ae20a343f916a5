from odoo import fields, models
from odoo.exceptions import UserError


class SaasObjectReopen(models.TransientModel):
    """Lets a person decide that an event's objects are to be booked after all."""

    _name = "saas.object.reopen"
    _description = "Book after all"
    _inherit = ["saas.previewed.mixin", "saas.guarded.mixin"]

    event_ids = fields.Many2many("saas.subscription.event", string="Events")
    note = fields.Char(
        string="Why",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    def action_apply(self):
        """Take the decisions back, with the reason, and process the events.

        :raises UserError: if there is no decision, or it can't be taken back.
        """
        self.ensure_one()
        self._check_links()
        events = self.event_ids
        events._check_may_decide()
        if len(events) != 1:
            raise UserError(
                self.env._("Take back one decision at a time. Select a single event.")
            )
        decision = self.env["saas.review.decision"].sudo()
        return decision._reopen(events.sudo(), self.note).sudo(False)._tell_of_retry()
