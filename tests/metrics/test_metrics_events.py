"""The figures of operations, against stories that are counted by hand. Covers
metrics/events, metrics/sources/rhythm, metrics/sources/streams, metrics/jobs.
"""

from datetime import timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo.fields import Datetime
from odoo.tests import tagged

from ...canonical.display.metric import Board
from ..support.common import SaasCommon
from .reading import ReadingMixin, ago


@tagged("post_install", "-at_install")
class TestOperations(ReadingMixin, SaasCommon):
    def setUp(self):
        super().setUp()
        self.env["queue.job"].search([]).unlink()
        self.startPatcher(freeze_time(Datetime.now()))

    def read_board(self):
        return self.read_figures(Board.OPERATIONS)

    def test_what_waits(self):
        """Three in the fast lane, the oldest for ten minutes, one of them tried twice;
        two in the other, for an hour; and one without a lane counts as fast.
        """
        self.put_events(1, state="'received'", received_at=ago(minutes=10))
        self.put_events(1, state="'received'", attempts="2")
        self.put_events(1, state="'received'", lane="NULL")
        self.put_events(2, state="'received'", lane="'batch'", received_at=ago(hours=1))
        figures = self.read_board()
        self.assertEqual(figures["saas_events_waiting", "realtime"], 3)
        self.assertEqual(figures["saas_events_waiting", "batch"], 2)
        oldest = "saas_events_waiting_oldest_seconds"
        self.assertEqual(figures[oldest, "realtime"], 600)
        self.assertEqual(figures[oldest, "batch"], 3600)
        self.assertEqual(figures["saas_events_retrying", "realtime"], 1)
        self.assertNotIn(("saas_events_retrying", "batch"), figures)

    def test_what_was_freed_is_due_since_then(self):
        """What waited for a person for a week and is freed, or is tried again later, is
        no older than that; the alert says the same.
        """
        week = ago(days=7)
        self.put_events(
            1, state="'received'", received_at=week, write_date=ago(minutes=2)
        )
        self.put_events(
            1,
            state="'received'",
            lane="'batch'",
            received_at=week,
            retry_at=f"{ago()} + interval '1 hour'",
        )
        figures = self.read_board()
        oldest = "saas_events_waiting_oldest_seconds"
        self.assertEqual(figures[oldest, "realtime"], 120)
        self.assertEqual(figures[oldest, "batch"], 0)
        alerts = self.env["saas.alert.events"].sudo()
        late = alerts._measure_fast_lane(None)[self.source.id]
        self.assertEqual(late.value, 2)

    def test_what_stopped(self):
        self.put_events(2, state="'parked'")
        self.put_events(3, state="'quarantined'", reason="'unmapped_product'")
        self.put_events(1, state="'quarantined'", reason="'unmapped_tax'")
        self.put_events(1, state="'dead'", reason="'retries_exhausted'")
        self.put_events(5, state="'ignored'", reason="'unsupported_type'")
        found = {
            key[1:]: value
            for key, value in self.read_board().items()
            if key[0] == "saas_events_open"
        }
        self.assertEqual(
            found,
            {
                ("parked", ""): 2,
                ("quarantined", "unmapped_product"): 3,
                ("quarantined", "unmapped_tax"): 1,
                ("dead", "retries_exhausted"): 1,
            },
        )

    def test_throughput_and_latency(self):
        """100 events in the last hour took 1 to 100 seconds; 20 more of the day took
        an hour in the batch lane; what was done two days ago doesn't count.
        """
        self.put_events(
            100,
            processed_at=ago(minutes=5),
            received_at=f"{ago(minutes=5)} - n * interval '1 second'",
        )
        self.put_events(
            20,
            lane="'batch'",
            state="'ignored'",
            processed_at=ago(hours=3),
            received_at=ago(hours=4),
        )
        self.put_events(7, processed_at=ago(days=2), received_at=ago(days=2))
        figures = self.read_board()
        self.assertEqual(figures["saas_events_processed", "realtime", "hour"], 100)
        self.assertEqual(figures["saas_events_processed", "realtime", "day"], 100)
        self.assertEqual(figures["saas_events_processed", "batch", "hour"], 0)
        self.assertEqual(figures["saas_events_processed", "batch", "day"], 20)
        latency = "saas_event_latency_seconds"
        self.assertEqual(figures[latency, "realtime", "0.5"], Decimal("50.5"))
        self.assertEqual(figures[latency, "realtime", "0.95"], Decimal("95.05"))
        self.assertEqual(figures[latency, "realtime", "0.99"], Decimal("99.01"))
        self.assertEqual(figures[latency, "batch", "0.5"], 3600)

    def test_silence_against_the_own_rhythm(self):
        """A source that is heard every six hours for four weeks, and then not for two
        days: it was silent for 48 hours, its usual pause is 6, and of the 28 times it
        should have been heard in the last week, 8 are missing.
        """
        self.put_events(
            104, received_at=f"{ago(hours=48, minutes=30)} - (n - 1) * interval '6 h'"
        )
        figures = self.read_board()
        self.assertEqual(figures[("saas_source_silence_seconds",)], 48.5 * 3600)
        self.assertEqual(figures[("saas_source_usual_pause_seconds",)], 6 * 3600)
        self.assertEqual(
            figures[("saas_source_availability_ratio",)],
            (Decimal(20) / 28).quantize(Decimal("0.0001")),
        )
        self.assertEqual(figures[("saas_source_active",)], 1)

    def test_a_rhythm_has_to_be_known(self):
        self.put_events(13, received_at=f"{ago(minutes=30)} - n * interval '1 day'")
        figures = self.read_board()
        self.assertIn(("saas_source_silence_seconds",), figures)
        self.assertNotIn(("saas_source_usual_pause_seconds",), figures)
        self.assertNotIn(("saas_source_availability_ratio",), figures)

    def test_streams(self):
        """One moves, one fails, and one was not read for six of its intervals."""
        now = Datetime.now()
        for stream, vals in {
            "moves": {"moved_at": now},
            "fails": {"moved_at": now, "failures": 2},
            "stands": {"moved_at": now - timedelta(minutes=30), "failures": 3},
        }.items():
            self.env["saas.cursor"].create(
                {"source_id": self.source.id, "stream": stream, "minutes": 5, **vals}
            )
        figures = self.read_board()
        for state in ("moving", "failing", "standing_still"):
            self.assertEqual(figures["saas_streams", state], 1, state)
        self.source.state = "paused"
        figures = self.read_board()
        self.assertNotIn(("saas_streams", "standing_still"), figures)
        self.assertEqual(figures[("saas_source_active",)], 0)

    def test_jobs(self):
        for _number in range(3):
            self.source.with_delay(channel="root.saas.realtime")._job_drain()
        self.env["queue.job"].search([])[0].state = "done"
        figures = self.read_board()
        self.assertEqual(figures["saas_jobs", "root.saas.realtime", "pending"], 2)
        self.assertIn(
            ("saas_jobs_oldest_seconds", "root.saas.realtime", "pending"), figures
        )
        self.assertNotIn(("saas_jobs", "root.saas.realtime", "done"), figures)

    def test_companies_are_kept_apart(self):
        other = self.env["res.company"].create({"name": "Other"})
        source = self._create_source(
            name="Other",
            company_id=other.id,
            sale_journal_id=False,
            clearing_journal_id=False,
            default_product_id=False,
            tax_mapping_ids=[],
        )
        self.put_events(4, source=source, state="'received'")
        self.put_events(4, source=source, processed_at=ago(minutes=1))
        self.put_events(4, source=source, state="'dead'")
        self.put_events(1, state="'received'")
        figures = self.read_board()
        self.assertEqual(figures["saas_events_waiting", "realtime"], 1)
        self.assertNotIn(("saas_events_processed", "realtime", "day"), figures)
        self.assertFalse([key for key in figures if key[0] == "saas_events_open"])
        self.assertEqual(figures[("saas_source_active",)], 1)
