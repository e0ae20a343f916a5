import logging
from functools import partial

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ...canonical.marks import OFFLINE, PIPELINE
from ...canonical.reasons import State

_logger = logging.getLogger(__name__)


class SaasSource(models.Model):
    """The jobs of a source. Its inbox is one partition: its events are drained by
    one job at a time. ``saas.drain`` and ``saas.sweep`` do the work.
    """

    _inherit = "saas.source"

    def _enqueue_drain(self):
        """See to it that a job will process what waits in these sources' inboxes.

        An equal job that has not begun yet is enough if it begins after this
        transaction has ended: whether it does is looked up then.
        """
        relied = self.browse()
        for source in self.filtered(lambda source: source.state == "active"):
            job = (
                source.with_user(SUPERUSER_ID)
                .with_delay(
                    identity_key=source._get_drain_key(),
                    # A lost race is nobody's fault: it is tried until it is won.
                    max_retries=0,
                    description=self.env._("Process events of %s", source.name),
                )
                ._job_drain()
            )
            if isinstance(job, models.BaseModel):
                # Not a new one, but the record of one that waits.
                relied |= source
        if relied:
            relied._look_again()

    def _look_again(self):
        """Once this transaction is committed, see to it anew that jobs will process
        what waits in these sources' inboxes.

        This transaction sees the jobs as they were when it began. One that waited then
        may have begun since, and have read all that it will read, before anything of
        this transaction could be seen. Then nothing would be left to wake a drain.
        """
        hooks = self.env.cr.postcommit
        if "saas_drains" not in hooks.data:
            hooks.data["saas_drains"] = set()
            hooks.add(partial(_wake, self.pool, hooks.data["saas_drains"]))
        hooks.data["saas_drains"].update(self.ids)

    def _ensure_drain(self):
        """See to it that a job will process what waits in this source's inbox, at
        little cost where none is needed: an equal one waits already, as is the rule
        when events come in quick succession, or the source is paused.

        It is for a transaction that began when the events were committed, so that a job
        which it sees waiting sees them. One that stores some calls
        :meth:`_enqueue_drain`.
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


def _wake(registry, source_ids):
    """See to it in a transaction of its own that jobs will process what waits in
    sources' inboxes.
    """
    try:
        with registry.cursor() as cr:
            sources = api.Environment(cr, SUPERUSER_ID, {})["saas.source"]
            for source in sources.browse(sorted(source_ids)).exists():
                source._ensure_drain()
    except Exception as error:
        # What was committed stays so. The sweep finds what is left of it.
        _logger.warning("sources %s: no job enqueued: %r", source_ids, error)
