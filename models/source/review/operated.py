from odoo import models

from ...operations.operation_kind import Operation


class SaasSource(models.Model):
    """Asks for what is to be done to all events of sources, or to sources: with a
    reason, and with the effect shown before.
    """

    _inherit = "saas.source"

    def action_pause(self):
        """Ask why these sources are to be paused: their events are still accepted, and
        wait.
        """
        return self._ask_operation(Operation.PAUSE, self.env._("Pause"), "operator")

    def action_activate(self):
        """Ask why these sources are to go on: their events are processed again."""
        return self._ask_operation(Operation.RESUME, self.env._("Activate"), "operator")

    def action_redrive(self):
        """Ask why the dead events of these sources are to be tried again."""
        return self._ask_operation(
            Operation.REDRIVE, self.env._("Retry the Dead"), "operator", "reviewer"
        )

    def action_replay_days(self):
        """Ask which days of this source are to be processed once more, and why."""
        self.ensure_one()
        return self._ask_operation(
            Operation.REPLAY_DAYS, self.env._("Replay Days"), "operator", "reviewer"
        )

    def _ask_operation(self, kind, name, *roles):
        self._check_may_act(*roles)
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": name,
                "res_model": "saas.operation.start",
                "view_mode": "form",
                "target": "new",
                "context": {
                    "default_kind": kind.value,
                    "default_source_ids": self.ids,
                },
            }
        )
