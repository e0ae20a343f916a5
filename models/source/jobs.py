from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ...canonical.marks import OFFLINE, PIPELINE
from ...canonical.reasons import State


class SaasSource(models.Model):
    """The jobs of a source. Its inbox is one partition: its events are drained by
    one job at a time. ``saas.drain`` and ``saas.sweep`` do the work.
    """

    _inherit = "saas.source"

    def _enqueue_drain(self):
        """See to it that a job will process what waits in these sources' inboxes.

        An equal job that has not begun yet is enough: it will see these events.
        """
        for source in self.filtered(lambda source: source.state == "active"):
            source.with_user(SUPERUSER_ID).with_delay(
                identity_key=source._get_drain_key(),
                # A lost race is nobody's fault: it is tried until it is won.
                max_retries=0,
                description=self.env._("Process events of %s", source.name),
            )._job_drain()

    def _ensure_drain(self):
        """See to it that a job will process what waits in this source's inbox, at
        little cost where none is needed: an equal one waits already, as is the rule
        when events come in quick succession, or the source is paused.
        """
        self.ensure_one()
        self.flush_recordset(["state"])
        is_needed = self.env.execute_query(
            SQL(
                """SELECT 1 FROM saas_source
                   WHERE id = %s AND state = 'active' AND NOT EXISTS (
                       SELECT FROM queue_job
                       WHERE identity_key = %s AND state IN ('pending', 'enqueued'))""",
                *(self.id, self._get_drain_key()),
            )
        )
        if is_needed:
            self._enqueue_drain()

    def _get_drain_key(self):
        """Return what tells that two jobs drain the same partition."""
        self.ensure_one()
        return f"saas_drain:{self.id}"

    def _job_drain(self):
        """Process a batch of this source's events; more have a job of their own.

        :return: a sentence that says what was done, shown on the job.
        :raises RetryableJobError: if another job has the partition. It comes back
            in a second, and that is not counted as a try.
        """
        self.ensure_one()
        return self.env["saas.drain"]._run(self)

    @api.model
    def _cron_sweep(self):
        """See to it that no event of any source waits for luck."""
        self.env["saas.sweep"]._sweep()

    def _get_batch_context(self):
        """Return the context of work on many records of this source: in its company
        alone, with nobody to notify of each step, and no call to other systems.
        """
        self.ensure_one()
        return {
            "allowed_company_ids": self.company_id.ids,
            **PIPELINE.in_context(),
            **OFFLINE.in_context(),
            "tracking_disable": True,
            "mail_create_nosubscribe": True,
            # A source states VAT numbers as they are; base_vat keeps this key for
            # just that, or a mistyped one would stop its customer's invoices.
            "no_vat_validation": True,
            "lang": self.company_id.partner_id.lang,
            "tz": self.tz,
        }

    def _get_due_domain(self):
        """Return the domain of events that could be processed now."""
        return [
            ("source_id", "in", self.ids),
            ("state", "=", State.RECEIVED.value),
            "|",
            ("retry_at", "=", False),
            ("retry_at", "<=", fields.Datetime.now()),
        ]

    def _has_due_events(self):
        """Return whether an event of this source could be processed now."""
        self.ensure_one()
        return bool(
            self.env["saas.subscription.event"].search_count(
                self._get_due_domain(), limit=1
            )
        )
