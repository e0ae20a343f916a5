"""Each metered fact is stored once and exactly, and counted with it.

Covers handlers/usage/usage, adapters/standard/usage.
"""

import time
from datetime import timedelta
from fractions import Fraction

from odoo.tests import tagged

from .usage_common import DAY, HOUR, NOON, UsageCommon


@tagged("post_install", "-at_install")
class TestUsage(UsageCommon):
    def test_records_are_stored_once_and_exactly(self):
        [meter] = self.set_up("sum")
        exact = "12345678901234567890.000000001"
        told = [
            self.record("U-1", exact, meter="sum"),
            self.record("U-2", "-3", meter="sum"),
        ]
        for _time in range(2):
            self.assertState(self.use(*told), "done")
        self.assertEqual(self.records.mapped("stated_quantity"), [exact, "-3"])
        self.assertEqual(self.records.tenant_id, self.tenant)
        self.assertEqual(self.buckets.exact_sum, "12345678901234567887.000000001")
        self.assertEqual(
            self.used(meter, NOON - DAY, NOON + DAY),
            Fraction("12345678901234567887.000000001"),
        )
        self.assertFalse(self.env["account.move"].search([]))
        self.check_whole()

    def test_texts_are_kept_to_the_letter(self):
        """Whatever they are to SQL; also where records beside them lack what they
        have.
        """
        self.set_up("sum")
        odd = [
            *(
                'a "quoted" \\ name',
                "{NULL,NULL}",
                "NULL",
                "null",
                '\\"',
                "\\",
                '"',
                "'",
            ),
            *("ünïcode 漢字 🛶", "line\nbreak\ttab\x7f", "a,b", '","', "%s %(x)s", " "),
        ]
        told = {
            ref: self.record(ref, meter="sum", dimensions={ref: odd[-number], "n": ""})
            for number, ref in enumerate(odd)
        }
        told["plain"] = self.record("plain", "3", meter="sum")
        fixed = self.correction("fixed", odd[0], "2", meter="sum")
        self.use(*told.values(), fixed)
        self.assertEqual(
            {record.external_id: record.dimensions or {} for record in self.records},
            {ref: record.dimensions for ref, record in told.items()} | {"fixed": {}},
        )
        self.assertEqual(self.records.filtered("corrects").corrects, odd[0])
        self.assertEqual(self.buckets.exact_sum, str(len(odd) - 1 + 3 + 2))
        self.use(*told.values(), fixed)
        self.assertEqual(len(self.records), len(told) + 1)
        self.assertEqual(set(self.records.mapped("state")), {"counted", "superseded"})
        self.check_whole()

    def test_a_copy_is_a_success_however_it_is_written(self):
        self.set_up("sum")
        self.use(self.record("U-1", "2.50", meter="sum"))
        zone = self.record("U-1", "2.5", NOON.astimezone(), meter="sum")
        self.assertState(self.use(zone, zone), "done")
        self.assertEqual(self.buckets.exact_sum, "2.5")

    def test_other_content_under_a_known_id_is_in_sight_and_does_not_count(self):
        self.set_up("sum", "max")
        self.use(self.record("U-1", "2", meter="sum"))
        first = {"ref": "U-1", "quantity": "2", "meter": "sum"}
        for vals in (
            {"quantity": "3"},
            {"meter": "max"},
            {"at": NOON + HOUR},
            {"subscription": ""},
            {"dimensions": {"a": "b"}},
        ):
            event = self.use(self.record(**{**first, **vals}))
            self.assertState(event, "quarantined", "invalid_payload")
            self.assertEqual(self.use(self.record(**first)).state, "done")
        self.assertEqual(len(self.records), 6)
        self.assertEqual(self.buckets.exact_sum, "2")
        self.check_whole()

    def test_contradictions_of_one_request_are_one_exception(self):
        self.set_up("sum")
        told = [self.record(f"U-{n}", "1", meter="sum") for n in range(6)]
        self.use(*told)
        others = [self.record(f"U-{n}", "2", meter="sum") for n in range(4)]
        event = self.use(*others, *told[4:], self.record("U-9", "1", meter="sum"))
        self.assertState(event, "quarantined", "invalid_payload")
        self.assertIn("There are 4 records of it: U-0, U-1, U-2, …", event.detail)
        self.assertEqual(len(event.case_link_ids), 1)
        self.assertIn("Usage", event.next_step)
        self.assertEqual(self.buckets.exact_sum, "7", "the other one counts")
        again = self.again(event)
        self.assertState(again, "quarantined", "invalid_payload")
        self.assertEqual(len(self.records), 11)
        self.check_whole()

    def test_two_contents_in_one_request_leave_the_first_counted(self):
        self.set_up("sum")
        event = self.use(
            self.record("U-1", "1", meter="sum"), self.record("U-1", "2", meter="sum")
        )
        self.assertState(event, "quarantined", "invalid_payload")
        self.assertEqual(self.states(), ["U-1 counted", "U-1 conflict other_content"])
        self.assertEqual(self.buckets.exact_sum, "1")

    def test_what_is_more_than_a_day_ahead_is_refused_alone(self):
        self.set_up("sum")
        now = self.env.cr.now().astimezone(NOON.tzinfo)
        ahead = self.record("U-1", at=now + DAY + HOUR, meter="sum")
        soon = self.record("U-2", at=now + DAY - HOUR, meter="sum")
        event = self.use(ahead, soon)
        self.assertState(event, "quarantined", "invalid_payload")
        self.assertIn("There are 1: U-1.", event.detail)
        self.assertEqual(self.states(), ["U-2 counted"])

    def test_a_thousand_records_take_as_many_queries_as_one(self):
        self.set_up("sum")
        counts = []
        for size in (1, 1000):
            told = [
                self.record(f"U-{size}-{n:04}", meter="sum", at=NOON + n * HOUR)
                for n in range(size)
            ]
            event = self.store_told(self.bundle(*told))
            self.env.flush_all()
            before, started = self.env.cr.sql_log_count, time.monotonic()
            self.drain()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertState(event, "done")
            self.assertLess(time.monotonic() - started, 60)
        self.assertLess(counts[1] - counts[0], 5)
        self.assertEqual(sum(self.buckets.mapped("count")), 1001)
        rows = self.env["saas.sync.log"].search(
            [("event_id", "=", event.id), ("action", "=", "usage_stored")]
        )
        self.assertEqual(rows.detail, "1000")
        self.check_whole()

    def test_requests_of_one_batch_are_counted_together(self):
        self.set_up("sum")
        events = self.env["saas.subscription.event"]
        for number in range(5):
            told = [
                self.record(f"U-{n}", str(n), meter="sum")
                for n in range(number, number + 5)
            ]
            events |= self.store_told(self.bundle(*told))
        self.drain()
        self.assertState(events, "done")
        self.assertEqual(self.buckets.exact_sum, str(sum(range(9))))
        self.check_whole()

    def test_no_batch_is_more_than_a_worker_has_time_for(self):
        """Bodies here are short; a single one is processed however long it is."""
        self.set_up("sum")
        told = [self.bundle(self.record(f"U-{n}", meter="sum")) for n in range(5)]
        events = [self.store_told(each) for each in told]
        sizes = [len(event._get_body()) for event in events]
        for most, left in ((sum(sizes[:2]), 3), (1, 2), (10**6, 0)):
            self.patch(self.env.registry["saas.watch"], "_most_bytes", most)
            self.platform._job_drain()
            self.env.invalidate_all()
            waiting = [event for event in events if event.state == "received"]
            self.assertEqual(waiting, events[len(events) - left :])
        self.assertEqual(self.buckets.count, 5)

    def test_a_day_is_one_of_the_zone_of_the_subscription(self):
        """Also where midnight comes twice: Havana's clocks go back to midnight."""
        [meter] = self.set_up("sum")
        for zone, moment, day in (
            ("America/Havana", NOON.replace(month=11, day=1, hour=4), "2026-11-01"),
            ("America/Havana", NOON.replace(month=11, day=1, hour=3), "2026-10-31"),
            ("Europe/Berlin", NOON.replace(month=3, day=28, hour=23), "2026-03-29"),
            ("Europe/Berlin", NOON.replace(month=3, day=29, hour=22), "2026-03-30"),
            ("Pacific/Kiritimati", NOON.replace(hour=10), "2026-06-16"),
            ("Asia/Kolkata", NOON.replace(hour=18, minute=29), "2026-06-15"),
            ("Asia/Kolkata", NOON.replace(hour=18, minute=30), "2026-06-16"),
        ):
            self.find().tz = zone
            ref = f"{zone} {moment}"
            self.use(self.record(ref, at=moment, meter="sum"))
            record = self.records.filtered(lambda r, ref=ref: r.external_id == ref)
            self.assertEqual(str(record.day), day, ref)
        self.assertEqual(self.used(meter, NOON - 365 * DAY, NOON + 365 * DAY), 7)
        self.check_whole()

    def test_a_changed_zone_loses_nothing(self):
        """Buckets of both zones hold records of the same hours."""
        [meter] = self.set_up("sum")
        start = NOON.replace(hour=0)
        for number, zone in enumerate(("UTC", "Asia/Tokyo", "America/Lima", "UTC")):
            self.find().tz = zone
            self.use(
                *(
                    self.record(f"{number} {n}", meter="sum", at=start + n * HOUR)
                    for n in range(72)
                )
            )
        for hours in range(0, 72, 5):
            until = start + timedelta(hours=hours)
            self.assertEqual(self.used(meter, start, until), 4 * hours)
        self.check_whole()
