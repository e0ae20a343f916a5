from datetime import timedelta

from odoo import fields, models

from ...canonical.moments import naive
from ...models.concurrency import retrying

#: Each day's recovery goes back more than a day, so that nothing falls between two of
#: them: neither what was missed while one failed, nor what was told late.
_DAILY_OVERLAP = timedelta(days=3)
#: How far a recovery goes back at the most. An adapter whose source keeps events for
#: less than this reads what is there.
_LONGEST = timedelta(days=30)


class SaasReadingRun(models.AbstractModel):
    """Brings a ``saas.pull.run`` on: reads its lists, one page in each job."""

    _name = "saas.reading.run"
    _inherit = "saas.reading.fetch"
    _description = "SaaS long reading"

    def _read_next(self, run):
        """Read and store the next page of ``run``, and leave the one after it to
        another job.

        :return: a sentence that says what came of it, shown on the job.
        :raises RetryableJobError: if the source can't answer now.
        :raises Quarantine: if it refuses. The run has failed then.
        """
        self.env["saas.environment"]._hold_job()
        if run.state != "running":
            return self.env._("This reading has ended.")
        source = run.source_id
        adapter = source._get_adapter()
        plan = source._get_reading_plan(run.kind, run.since)
        kind, filters = plan[run.step]
        with retrying():
            page = adapter._read_page(source, kind, filters, run.cursor or "")
        new = self._store(source, page.objects)
        self._advance(run, plan, page, new)
        return self._describe(page.objects, new)

    def _advance(self, run, plan, page, new):
        """Note what a page brought, and go on.

        :param new: how many of its objects were not known before.
        """
        step = run.step if page.cursor else run.step + 1
        is_done = step == len(plan)
        run.write(
            {
                "step": step,
                "cursor": page.cursor or False,
                "page_count": run.page_count + 1,
                "read_count": run.read_count + len(page.objects),
                "new_count": run.new_count + new,
                "progress": 100 * (step + self._get_share(run, page)) / len(plan),
                "last_error": False,
                "state": "done" if is_done else "running",
                "ended_at": fields.Datetime.now() if is_done else False,
            }
        )
        if not is_done:
            run._enqueue_page()

    def _get_share(self, run, page):
        """Return how much of the present list is read, from 0 to 1: lists are by time,
        the newest first, and how many more there are nobody tells.
        """
        if run.kind != "recovery" or not page.cursor or not page.oldest_at:
            return 0
        reached = run.started_at - naive(page.oldest_at)
        return min(max(reached / (run.started_at - run.since), 0), 1)

    def _recover_all(self):
        """Read what webhooks have missed, for every source that can be read."""
        if not self.env["saas.environment"]._is_confirmed():
            return
        now = fields.Datetime.now()
        sources = self.env["saas.source"].search([("state", "=", "active")])
        for source in sources.filtered(lambda source: source._has_api_key()):
            since = self._get_recovery_start(source, now)
            if source._get_reading_plan("recovery", since):
                source._start_reading("recovery", since)

    def _get_recovery_start(self, source, now):
        """Return from when on to look for missed events: since the last recovery that
        came to its end, and some days before.
        """
        last = self.env["saas.pull.run"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", "recovery"),
                ("state", "=", "done"),
            ],
            limit=1,
        )
        earliest = now - _LONGEST
        return max(earliest, (last.started_at or earliest) - _DAILY_OVERLAP)
