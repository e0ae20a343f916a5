from odoo import SUPERUSER_ID, api, models

#: How many tenants one job compares.
_CHUNK = 50


class SaasTieOut(models.Model):
    """The jobs that compare tenants' documents: each night all tenants, some at a time,
    and one when a person asks for it. ``saas.reconcile.tie_out`` does the work.
    """

    _inherit = "saas.tie.out"

    @api.model
    def _cron_compare(self):
        """Have all tenants compared, by jobs that follow each other."""
        if self.env["saas.environment"]._is_confirmed():
            self._enqueue_chunk(0)

    def _enqueue_chunk(self, after):
        self.with_user(SUPERUSER_ID).with_delay(
            identity_key=f"saas_tie_out:after:{after}",
            description=self.env._("Compare documents four ways"),
            # A lost race is nobody's fault: it is tried until it is won.
            max_retries=0,
        )._job_chunk(after)

    @api.model
    def _job_chunk(self, after):
        """Compare the next tenants, and leave those that follow to another job.

        :param after: the id of the last tenant that was compared; 0 to begin.
        :return: a sentence that says what came of it, shown on the job.
        """
        self.env["saas.environment"]._hold_job()
        tenants = self.env["saas.tenant"].with_context(active_test=False)
        tenants = tenants.search([("id", ">", after)], order="id", limit=_CHUNK)
        count = self.env["saas.reconcile.tie_out"]._compare(tenants)
        if len(tenants) == _CHUNK:
            self._enqueue_chunk(tenants[-1].id)
        return self._describe(count)

    @api.model
    def _job_tenant(self, tenant_id):
        """Compare the documents of one tenant.

        :return: a sentence that says what came of it, shown on the job.
        """
        self.env["saas.environment"]._hold_job()
        tenant = self.env["saas.tenant"].browse(tenant_id).exists()
        return self._describe(self.env["saas.reconcile.tie_out"]._compare(tenant))

    def _describe(self, count):
        return self.env._("%s documents were compared.", count)
