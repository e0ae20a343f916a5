from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError

from ....canonical.actions import Action
from ...roles import FINANCE


class SaasProfitRun(models.Model):
    """The job of a cost run, which is one transaction: all lines, or none."""

    _inherit = "saas.profit.run"

    def action_start(self):
        """Spread what is not spread yet, by a job.

        :raises UserError: if there is a cost in a month, and nobody to have it.
        """
        self.ensure_one()
        self._check_may_act(*FINANCE)
        if self.state != "draft":
            raise UserError(self.env._("This cost run has begun already."))
        self.sudo()._find_due()
        self.sudo()._begin()
        return True

    def action_cancel(self):
        """Stop a run whose job has not done its work yet."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        run = self.sudo()
        if not run._lock_running():
            raise UserError(
                self.env._("This cost run has ended, so it can't be cancelled.")
            )
        run._end("cancelled", Action.COSTS_CANCELLED)
        return True

    def action_resume(self):
        """Have the job of a run that stands still try again."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        run = self.sudo()
        if not run._lock_running():
            raise UserError(self.env._("This cost run has ended. Begin another one."))
        run.last_error = False
        run._enqueue()
        return True

    def _begin(self):
        """Enqueue the job, unless another run of the company is at work."""
        self._begin_alone(
            self.env._(
                "A cost run of this company is at work. Wait until it has ended, "
                "or cancel it."
            ),
            Action.COSTS_STARTED,
        )

    def _enqueue(self):
        self.with_user(SUPERUSER_ID).with_delay(
            identity_key=f"saas_profit:{self.id}",
            description=self.env._("Spread costs: %s", self.display_name),
            # A lost race is nobody's fault: it is tried until it is won.
            max_retries=0,
        )._job_spread()

    def _job_spread(self):
        """Write what is due.

        :return: a sentence that says what came of it, shown on the job.
        """
        self.env["saas.environment"]._hold_job()
        self.ensure_one()
        if not self._lock_running():
            return self.env._("There is nothing to do any more.")
        # One that posts a document at the same time waits for this, or this for it.
        self.env["saas.linking"]._lock(self._get_own_source())
        due = self._find_due()
        self.env["saas.ledger.revenue.spread"]._write(self, due)
        self.write({"total_count": len(due), "done_count": len(due), "step": 1})
        self._end("done", Action.COSTS_DONE)
        self._tell_progress()
        return self._describe_progress()

    def _find_due(self):
        """Return what this run would write; it writes nothing.

        :raises UserError: if there is a cost in a month, and nobody to have it.
        """
        month = self.month.replace(day=1)
        return self.env["saas.revenue.costs"]._find_due(self._get_own_source(), month)

    def _describe_progress(self):
        return self.env._("%s shares were written.", self.done_count)
