from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ...canonical.actions import Action
from ...canonical.marks import PIPELINE

#: How many subscriptions one job takes.
_BATCH = 500


class SaasSubscription(models.Model):
    """Brings subscriptions to what time alone makes of them: a trial ends, a scheduled
    change takes effect, a period or a term begins.
    """

    _inherit = "saas.subscription"

    @api.model
    def _cron_move_on(self):
        """See to it that a job brings those up to date whose time has come."""
        if not self.env["saas.environment"]._is_confirmed():
            return
        now = fields.Datetime.now()
        if self.search_count([("moves_on_at", "<=", now)], limit=1):
            self._enqueue_move_on()

    @api.model
    def _enqueue_move_on(self):
        self.with_user(SUPERUSER_ID).with_delay(
            identity_key="saas_move_on",
            # A lost race is nobody's fault: it is tried until it is won.
            max_retries=0,
            description=self.env._("Bring subscriptions up to date"),
        )._job_move_on()

    @api.model
    def _job_move_on(self):
        """Bring those up to date whose time has come, the longest waiting first. It
        fails if an event has changed one of them since it began, and is done again.

        :return: a sentence that says how many, shown on the job.
        """
        self.env["saas.environment"]._hold_job()
        self.flush_model(["moves_on_at"])
        # Whoever works on one just now brings it up to date, too.
        self.env.cr.execute(
            SQL(
                """SELECT id FROM saas_subscription WHERE moves_on_at <= %s
                   ORDER BY moves_on_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
                fields.Datetime.now(),
                _BATCH,
            ),
            log_exceptions=False,
        )
        due = self.browse(id_ for (id_,) in self.env.cr.fetchall())
        due._move_on()
        if len(due) == _BATCH:
            self._enqueue_move_on()
        return self.env._("%s subscriptions are up to date.", len(due))

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
