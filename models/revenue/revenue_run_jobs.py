from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ...canonical.actions import Action
from ...canonical.moments import aware
from ...canonical.revenue.months import add_months
from ..roles import FINANCE


class SaasRevenueRun(models.Model):
    """The job of a recognition run, which is one transaction: the journal entries and
    what they are made of, or nothing of either.
    """

    _inherit = "saas.revenue.run"

    def action_start(self):
        """Recognise what is earned, by a job."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        if self.state != "draft":
            raise UserError(self.env._("This recognition run has begun already."))
        self.sudo()._begin()
        return True

    def action_cancel(self):
        """Stop a run whose job has not done its work yet."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        run = self.sudo()
        if not run._lock_running():
            raise UserError(
                self.env._("This recognition run has ended, so it can't be cancelled.")
            )
        run._end("cancelled", Action.RECOGNITION_CANCELLED)
        return True

    def action_resume(self):
        """Have the job of a run that stands still try again."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        run = self.sudo()
        if not run._lock_running():
            raise UserError(
                self.env._("This recognition run has ended. Begin another one.")
            )
        run.last_error = False
        run._enqueue()
        return True

    def _begin(self):
        """Enqueue the job, unless another run of the company is at work."""
        self._begin_alone(
            self.env._(
                "A recognition run of this company is at work. Wait until it has "
                "ended, or cancel it."
            ),
            Action.RECOGNITION_STARTED,
        )

    def _enqueue(self):
        self.with_user(SUPERUSER_ID).with_delay(
            identity_key=f"saas_revenue:{self.id}",
            description=self.env._("Recognise revenue: %s", self.display_name),
            # A lost race is nobody's fault: it is tried until it is won.
            max_retries=0,
        )._job_recognize()

    def _job_recognize(self):
        """Book what is due.

        :return: a sentence that says what came of it, shown on the job.
        """
        self.env["saas.environment"]._hold_job()
        self.ensure_one()
        if not self._lock_running():
            return self.env._("There is nothing to do any more.")
        count = self._recognize()
        self.write({"total_count": count, "done_count": count, "step": 1})
        self._end("done", Action.RECOGNITION_DONE)
        self._tell_progress()
        return self._describe_progress()

    def _recognize(self):
        """Book what is due, in the transaction of the caller; return how many rows that
        are.
        """
        source = self._get_own_source()
        # One that posts a document at the same time waits for this, or this for it.
        self.env["saas.linking"]._lock(source)
        posting = self.env["saas.revenue.posting"].with_context(
            **source._get_batch_context()
        )
        return posting._recognize(
            source.with_env(posting.env), self.with_env(posting.env)
        )

    def _describe_progress(self):
        return self.env._("%s rows were recognised.", self.done_count)

    @api.model
    def _cron_recognize(self):
        """Begin a run for each company that recognises by the clock and has something
        to book by the end of the last month.
        """
        if not self.env["saas.environment"]._is_confirmed():
            return
        domain = [("state", "=", "running")]
        groups = self.env["saas.revenue.schedule"]._read_group(domain, ["company_id"])
        busy = self.search(domain).company_id
        for (company,) in groups:
            if company in busy or not company.recognizes_by_clock:
                continue
            try:
                with self.env.cr.savepoint():
                    self._begin_scheduled(company)
            except SerializationFailure:
                # A person has begun one at this very moment.
                continue

    def _begin_scheduled(self, company):
        """Begin a run of a company by the clock, if it would book anything."""
        source = self.env["saas.source"]._ensure_own(company)
        today = source._localize_date(aware(fields.Datetime.now()))
        month = add_months(today.replace(day=1), -1)
        policy = company.revenue_policy
        if self.env["saas.revenue.due"]._find_places(source, month, policy):
            vals = {"company_id": company.id, "month": month, "policy": policy}
            self.create({**vals, "is_scheduled": True})._begin()
