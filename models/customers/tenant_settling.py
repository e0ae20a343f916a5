from odoo import SUPERUSER_ID, models

from ...canonical.reasons import State


class SaasTenant(models.Model):
    """Has documents settled that stood apart from their money until it was said that
    two tenants are one, or that one is billed for the other.

    Events that wait for this decision go on at once. The documents are seen to by a
    job, once the decision is committed: the events that told of them are processed
    again, and settling is a part of that.
    """

    _inherit = "saas.tenant"

    def _enqueue_settling(self):
        # Events are nobody's to write, also not those who may decide about tenants.
        events = self.env["saas.subscription.event"].sudo()
        for company in self.company_id:
            events._free_duplicates(company)
        for tenant in self:
            tenant.with_user(SUPERUSER_ID).with_delay(
                identity_key=f"saas_settling:{tenant.id}",
                max_retries=0,
                description=self.env._("Settle what stood apart of %s", tenant.name),
            )._job_settle()

    def _job_settle(self):
        """Process again what told of this tenant's documents that stand apart from
        their money.

        :return: a sentence that says how many, shown on the job.
        :raises RetryableJobError: while a drain runs that may not know of the decision.
        """
        self.env["saas.environment"]._hold_job()
        self.ensure_one()
        events = self._get_told_of(self._get_apart())
        for source in events.source_id:
            self.env["saas.linking"]._lock(source)
        events._set_state(
            State.RECEIVED,
            detail=self.env._("Who is billed for the tenant was decided since."),
        )
        events.source_id._enqueue_drain()
        return self.env._("%s events are processed again.", len(events))

    def _get_apart(self):
        """Return the documents of which a person was told that they stand apart."""
        asked = self.env["saas.activities"]._get_type("mail_activity_sides_apart")
        return self.env["account.move"].search(
            [
                ("saas_tenant_id", "=", self.id),
                ("activity_ids.activity_type_id", "=", asked.id),
            ]
        )

    def _get_told_of(self, moves):
        """Return of each entry the newest event that led to it and is processed."""
        rows = self.env["saas.sync.log"]._read_group(
            [
                ("res_model", "=", moves._name),
                ("res_id", "in", moves.ids),
                ("event_id.state", "=", State.DONE.value),
            ],
            ["res_id"],
            ["event_id:max"],
        )
        events = self.env["saas.subscription.event"]
        return events.browse({event_id for _move, event_id in rows})
