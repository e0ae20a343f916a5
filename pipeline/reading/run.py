from datetime import UTC, timedelta

from odoo import SUPERUSER_ID, api, fields, models

from ...canonical.moments import naive
from ...canonical.texts import fit
from .fetch import MAX_TRIES, retrying

#: Each day's recovery goes back further than a day: what was missed while it failed,
#: or is told late, must not fall between two of them.
_DAILY_OVERLAP = timedelta(days=3)
#: How far a recovery goes back at the most. An adapter whose source keeps events for
#: less than this reads what is there.
_LONGEST = timedelta(days=30)


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
        since = self.since.replace(tzinfo=UTC)
        plan = adapter._get_reading_plan(source, self.kind, since)
        kind, filters = plan[self.step]
        with retrying():
            page = adapter._read_page(source, kind, filters, self.cursor or "")
        new = source._store_objects(page.objects)
        self._advance(plan, page, new)
        return source._describe_stored(page.objects, new)

    def _advance(self, plan, page, new):
        """Note what a page brought, and go on.

        :param new: how many of its objects were not known before.
        """
        step = self.step if page.cursor else self.step + 1
        is_done = step == len(plan)
        self.write(
            {
                "step": step,
                "cursor": page.cursor or False,
                "page_count": self.page_count + 1,
                "read_count": self.read_count + len(page.objects),
                "new_count": self.new_count + new,
                "progress": 100 * (step + self._get_share(page)) / len(plan),
                "last_error": False,
                "state": "done" if is_done else "running",
                "ended_at": fields.Datetime.now() if is_done else False,
            }
        )
        if not is_done:
            self._enqueue_page()

    def _get_share(self, page):
        """Return how much of the present list is read, from 0 to 1: lists are by time,
        the newest first, and how many more there are nobody tells.
        """
        if self.kind != "recovery" or not page.cursor or not page.oldest_at:
            return 0
        reached = self.started_at - naive(page.oldest_at)
        return min(max(reached / (self.started_at - self.since), 0), 1)

    def _on_page_failed(self, exc_message="", **failure):
        """Say that a reading has stopped, where a person looks for it."""
        self.write({"state": "failed", "last_error": fit(exc_message)})
        self.source_id._on_pull_failed(exc_message, **failure)


class SaasSource(models.Model):
    """Starts a recovery of what webhooks have missed, every day."""

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
        earliest = now - _LONGEST
        return max(earliest, (last.started_at or earliest) - _DAILY_OVERLAP)
