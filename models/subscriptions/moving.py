from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.actions import Action
from ...canonical.marks import PIPELINE

#: How many subscriptions one run of the cron takes.
_BATCH = 500


class SaasSubscription(models.Model):
    """Brings subscriptions to what time alone makes of them: a trial ends, a scheduled
    change takes effect, a period or a term begins.
    """

    _inherit = "saas.subscription"

    @api.model
    def _cron_move_on(self):
        """Bring those up to date whose time has come, the longest waiting first."""
        if not self.env["saas.environment"]._is_confirmed():
            return
        self.flush_model(["moves_on_at"])
        # Whoever works on one just now brings it up to date, too.
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM saas_subscription WHERE moves_on_at <= %s
                   ORDER BY moves_on_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
                fields.Datetime.now(),
                _BATCH,
            )
        )
        due = self.browse(id_ for (id_,) in rows)
        due._move_on()
        if len(due) == _BATCH:
            self.env.ref("saas_billing_sync.ir_cron_saas_move_on")._trigger()

    def _move_on(self):
        """Bring these subscriptions up to date, and log whose state is another one."""
        self = self.with_context(**PIPELINE.in_context(), tracking_disable=True)
        before = {subscription: subscription.state for subscription in self}
        self._refold()
        moved = self.filtered(lambda each: each.state != before[each])
        rows = []
        for subscription in moved:
            detail = f"{before[subscription]} → {subscription.state}"
            rows += subscription._prepare_log_rows(Action.SUBSCRIPTION_MOVED_ON, detail)
        self.env["saas.sync.log"]._append(rows)
