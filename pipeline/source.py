from odoo import SUPERUSER_ID, models
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError

from ..canonical.reasons import State


class SaasSource(models.Model):
    """The jobs of a source. Its inbox is one partition: its events are drained by
    one job at a time.
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
        """As :meth:`_enqueue_drain`, for one source, and cheap where an equal job
        waits already: the rule when events come in quick succession.
        """
        self.ensure_one()
        waiting = self.env.execute_query(
            SQL(
                """SELECT 1 FROM queue_job
                   WHERE identity_key = %s AND state IN ('pending', 'enqueued')
                   LIMIT 1""",
                self._get_drain_key(),
            )
        )
        if not waiting:
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
        if self.state != "active":
            return self.env._("The source is paused; its events wait.")
        environment = self.env["saas.environment"]
        if not environment._is_confirmed():
            # Confirming enqueues another job, and so does the sweep.
            return environment._describe_problem()
        drain = self.env["saas.drain"]
        if not drain._lock_partition(self):
            raise RetryableJobError(
                "another job drains this partition", seconds=1, ignore_retry=True
            )
        events = drain._drain(self)
        if self._has_due_events():
            self._enqueue_drain()
        counts = events.grouped("state")
        return ", ".join(f"{len(counts[s])} {s}" for s in State if s in counts) or (
            self.env._("Nothing to do.")
        )

    def _has_due_events(self):
        self.ensure_one()
        return bool(
            self.env["saas.subscription.event"].search_count(
                self._get_due_domain(), limit=1
            )
        )
