from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from odoo.addons.queue_job.exception import RetryableJobError

from ...canonical.moments import aware


class SaasBillingRun(models.Model):
    """Bills at once what a sender's change of a subscription makes due, where the
    company bills by the clock: whoever upgrades in a product finds the invoice a moment
    later.
    """

    _inherit = "saas.billing.run"

    @api.model
    def _bill_at_once(self, subscriptions):
        """Have a job bill their companies if something of these subscriptions is due.
        As long as such a job waits, that one is enough.
        """
        domain = self.env["saas.billing.due"]._get_domain(aware(fields.Datetime.now()))
        due = self.env["saas.subscription"].search(
            domain & Domain("id", "in", subscriptions.ids)
        )
        for company in due.company_id.filtered("bills_by_clock"):
            self.with_user(SUPERUSER_ID).with_company(company).with_delay(
                identity_key=f"saas_billing_at_once:{company.id}",
                description=self.env._("Bill what has changed: %s", company.name),
                # Waiting for another run is nobody's fault.
                max_retries=0,
            )._job_bill_at_once(company)

    @api.model
    def _job_bill_at_once(self, company):
        """Bill what is due of a company, the first chunk of it in this transaction.

        :return: a sentence that says what came of it, shown on the job.
        :raises RetryableJobError: if a run of the company is at work: it may have
            passed by what has changed.
        """
        self.env["saas.environment"]._hold_job()
        running = [("company_id", "=", company.id), ("state", "=", "running")]
        if self.search_count(running, limit=1):
            raise RetryableJobError(
                "A billing run is at work.", seconds=5, ignore_retry=True
            )
        now = fields.Datetime.now()
        due = self.env["saas.billing.due"]._get_domain(aware(now))
        [[count]] = self.env["saas.subscription"]._read_group(
            due & Domain("company_id", "=", company.id),
            aggregates=["tenant_id:count_distinct"],
        )
        if not count or self._has_failed_today(company, count, now):
            return self.env._("There is nothing to do any more.")
        self._begin_scheduled(company, now)
        run = self.search(running, limit=1)
        return run._job_chunk(run.step)
