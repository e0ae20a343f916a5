from odoo import api, fields, models

from ..canonical.reasons import OPEN_STATES, STOPPED_STATES, State
from ..models.roles import OPERATING, roles_of


class SaasPreviewShow(models.TransientModel):
    """Shows what would become of events if they were processed now, and lets a person
    have it done.
    """

    _name = "saas.preview.show"
    _description = "Preview"
    _inherit = ["saas.previewed.mixin", "saas.guarded.mixin"]

    event_ids = fields.Many2many("saas.subscription.event", required=True)
    like_count = fields.Integer(
        compute="_compute_buttons",
        help="How many events wait for the same reason, this one included.",
    )
    may_retry = fields.Boolean(compute="_compute_buttons")
    may_replay = fields.Boolean(compute="_compute_buttons")

    @api.depends("event_ids")
    @api.depends_context("uid")
    def _compute_buttons(self):
        may = bool(roles_of(self.env.user) & set(OPERATING))
        for wizard in self:
            events = wizard.event_ids._origin
            states = {State(event.state) for event in events}
            wizard.may_retry = may and states <= {*OPEN_STATES, State.IGNORED}
            wizard.may_replay = may and states == {State.DONE}
            is_one = len(events) == 1 and states <= {*STOPPED_STATES}
            wizard.like_count = len(events._get_like()) if is_one else 0

    @api.model
    def action_open(self, event_ids):
        """Show what would become of events.

        :param event_ids: their ids, of one company.
        """
        events = self.env["saas.subscription.event"].browse(event_ids)
        return self.create(
            {"event_ids": [fields.Command.set(events.ids)]}
        ).action_preview()

    def action_preview_like(self):
        """Show what would become of all events that wait for the reason of this one."""
        self.ensure_one()
        self.event_ids = self.event_ids._get_like()
        return self.action_preview()

    def action_retry(self):
        """Retry the events that were shown."""
        self.ensure_one()
        return self.event_ids.action_retry()

    def action_replay(self):
        """Replay the events that were shown."""
        self.ensure_one()
        return self.event_ids.action_replay()

    def _get_previewed_change(self):
        """Nothing is chosen here: the events themselves are processed."""
        return None
