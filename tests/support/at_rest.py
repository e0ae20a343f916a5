"""Whether an inbox comes to rest."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields


class AtRestMixin:
    """Checks that no event goes on for ever, for a SaasCommon."""

    def run_waiting_jobs(self):
        """Run the jobs that a sweep has left, where a source can be read."""
        if hasattr(self, "run_jobs"):
            self.run_jobs()

    def _count_rows(self):
        """Return how many rows the log has on each event."""
        groups = self.env["saas.sync.log"]._read_group(
            [("event_id", "!=", False)], ["event_id"], ["__count"]
        )
        return dict(groups)

    def assertAtRest(self, days=7, steps=1):
        """Check that nothing gains a row from drains and sweeps, but one for each
        stated step while the time passes.
        """
        for _round in range(3):
            self.env["saas.source"]._cron_sweep()
            self.drain()
        before = self._count_rows()
        for _round in range(3):
            self.env["saas.source"]._cron_sweep()
            self.drain()
        self.assertEqual(self._count_rows(), before)
        later = fields.Datetime.now() + timedelta(days=days)
        for hours in range(5):
            with freeze_time(later + timedelta(hours=hours)):
                self.env["saas.source"]._cron_sweep()
                self.run_waiting_jobs()
                self.drain()
        after = self._count_rows()
        for event, count in after.items():
            self.assertLessEqual(count - before[event], steps, event.external_id)
