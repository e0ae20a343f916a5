from datetime import UTC, datetime, timedelta

from odoo import SUPERUSER_ID, api, fields, models

from ...canonical.texts import fit
from .fetch import MAX_TRIES, retrying

#: Each day's recovery goes back further than a day: what was missed while it failed,
#: or is told late, must not fall between two of them. Stripe keeps 30 days.
_DAILY_OVERLAP = timedelta(days=3)


class SaasPullRun(models.Model):
    """Reads a run's lists, one page in each job."""

    _inherit = "saas.pull.run"

    def _enqueue_page(self):
        """See to it that a job reads the next page of each of these runs."""
        for run in self:
            run.with_user(SUPERUSER_ID).with_delay(
                identity_key=f"saas_pull_run:{run.id}:{run.step}:{run.cursor}",
                description=self.env._("Read a page from %s", run.source_id.name),
                max_retries=MAX_TRIES,
            )._job_page()

    def _job_page(self):
        """Read and store one page, and leave the next to another job.

        :return: a sentence that says what came of it, shown on the job.
        :raises RetryableJobError: if the source can't answer now.
        :raises Quarantine: if it refuses. The run has failed then.
        """
        self.ensure_one()
        self.env["saas.environment"]._hold_job()
        if self.state != "running":
            return self.env._("This reading has ended.")
        source = self.source_id
        adapter = source._get_adapter()
        plan = adapter._get_pull_plan(source, self.kind, self.since.replace(tzinfo=UTC))
        kind, filters = plan[self.step]
        with retrying():
            objects, after = adapter._fetch_page(
                source, kind, filters, self.cursor or None
            )
        new = source._store_pulled(objects)
        self._advance(plan, objects, after, new)
        return source._describe_pulled(objects, new)

    def _advance(self, plan, objects, after, new):
        """Note what a page brought, and go on."""
        step = self.step if after else self.step + 1
        is_done = step == len(plan)
        self.write(
            {
                "step": step,
                "cursor": after,
                "page_count": self.page_count + 1,
                "read_count": self.read_count + len(objects),
                "new_count": self.new_count + new,
                "progress": 100
                * (step + self._get_share(objects if after else []))
                / len(plan),
                "last_error": False,
                "state": "done" if is_done else "running",
                "ended_at": fields.Datetime.now() if is_done else False,
            }
        )
        if not is_done:
            self._enqueue_page()

    def _get_share(self, objects):
        """Return how much of the present list is read, from 0 to 1: lists are by time,
        the newest first, and how many more there are nobody tells.
        """
        created = objects[-1].get("created") if objects else None
        if self.kind != "recovery" or not isinstance(created, int):
            return 0
        reached = datetime.fromtimestamp(created, UTC).replace(tzinfo=None)
        whole = (self.started_at - self.since) / timedelta(seconds=1)
        return min(
            max((self.started_at - reached) / timedelta(seconds=1) / whole, 0), 1
        )

    def _on_page_failed(self, exc_message="", **failure):
        """Say that a reading has stopped, where a person looks for it."""
        self.write({"state": "failed", "last_error": fit(exc_message)})
        self.source_id._on_pull_failed(exc_message, **failure)


class SaasSource(models.Model):
    _inherit = "saas.source"

    @api.model
    def _cron_recover(self):
        """Fetch what webhooks have missed, of every source that can be read."""
        if not self.env["saas.environment"]._is_confirmed():
            return
        now = fields.Datetime.now()
        sources = self.search([("state", "=", "active")])
        for source in sources.filtered(lambda source: source._has_api_key()):
            source._start_pull("recovery", source._get_recovery_start(now))

    def _get_recovery_start(self, now):
        """Return from when on to look for missed events: since the last recovery that
        came to its end, and some days before.
        """
        last = self.env["saas.pull.run"].search(
            [
                ("source_id", "=", self.id),
                ("kind", "=", "recovery"),
                ("state", "=", "done"),
            ],
            limit=1,
        )
        earliest = now - timedelta(days=30)
        return max(earliest, (last.started_at or earliest) - _DAILY_OVERLAP)
