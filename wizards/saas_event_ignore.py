from odoo import fields, models
from odoo.exceptions import UserError

from ..canonical.reasons import OPEN_STATES, Reason, State


class SaasEventIgnore(models.TransientModel):
    """Lets a person ignore events, with the reason."""

    _name = "saas.event.ignore"
    _description = "Ignore SaaS events"
    _inherit = ["saas.guarded.mixin"]

    event_ids = fields.Many2many("saas.subscription.event", string="Events")
    note = fields.Char(
        string="Why",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    def action_apply(self):
        """Ignore the events, with the reason in the sync log.

        :raises UserError: if one of them does not wait.
        """
        self.ensure_one()
        self._check_links()
        events = self.event_ids
        events._check_may_decide()
        if any(event.state not in OPEN_STATES for event in events):
            raise UserError(
                self.env._(
                    "Only events that wait can be ignored: those that are parked, "
                    "quarantined or dead. Take the others out of your selection."
                )
            )
        # This is done as superuser, since nobody may write events; the log still names
        # the user.
        events.sudo()._set_state(State.IGNORED, Reason.IGNORED_BY_PERSON, self.note)
