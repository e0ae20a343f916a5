from odoo import models

from ...canonical.reasons import OPEN_STATES, State


class SaasSubscriptionEvent(models.Model):
    """Processes events that import an object once more, and has the object compared
    afterwards.
    """

    _inherit = "saas.subscription.event"

    def _process_again(self):
        """See to it that an event is processed once more; return the one that will
        be: itself if it waits, and a replay of it if it is done.
        """
        self.ensure_one()
        if self.state in (*OPEN_STATES, State.IGNORED):
            self.action_retry()
        elif self.state == State.DONE:
            return self.browse(self.action_replay()["res_id"])
        return self

    def _recheck_differences(self):
        """Have the differences compared again that were imported by these events."""
        waiting = self.env["saas.difference"].search(
            [
                ("event_id", "in", self.ids),
                ("state", "in", ("open", "accepted")),
            ]
        )
        waiting._enqueue_recheck()
