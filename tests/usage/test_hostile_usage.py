"""Usage as strangers send it: what is no usage falls out alone, and nothing gets to the
database that a meter must not count.

Covers adapters/standard/usage, adapters/standard/arrivals, handlers/usage/usage.
"""

import json
from datetime import UTC, datetime, timedelta

from odoo.tests import tagged

from ...adapters.standard import cloud_event
from ...adapters.standard.events import NORMALISERS
from ...canonical.envelope import parse
from ...canonical.schema.versions import TYPES
from ..standard.common import BATCH, StandardCommon, write_example

#: What PostgreSQL would take for a number, and what it would not.
NO_QUANTITIES = (
    *(
        "NaN",
        "Infinity",
        "-Infinity",
        "0x10",
        "1_000",
        " 12 ",
        "12 ",
        "1e18",
        "1e131071",
    ),
    *(
        "",
        "-",
        ".5",
        "5.",
        "+5",
        "1,5",
        "٣",
        "１",
        "1" * 19,
        "0." + "1" * 10,
        "--1",
        "1\n",
    ),
    *(12, 1.5, True, None, [], {}, ["1"]),
)
NO_MOMENTS = (
    *("now", "tomorrow", "infinity", "2026-11-03", "2026-11-03T10:15:00", "", "0"),
    *("2026-11-03 10:15:00+00", "1999-12-31T23:59:59Z", "9999-01-01T00:00:00Z"),
    *("2026-13-03T10:15:00Z", "2026-11-03T25:15:00Z", 1762000000, True, []),
)
#: NUL, and what no encoding has.
NO_TEXTS = ("a\x00b", "\ud800", "a\udfffb", "", "x" * 256, 5, None, {}, ["C-1"])


@tagged("post_install", "-at_install")
class TestHostileUsage(StandardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meter = cls.env["saas.meter"].create(
            {"name": "Calls", "code": "api_calls", "company_id": cls.company.id}
        )

    def set_up(self):
        self.tell(
            write_example("customer.upserted"), write_example("subscription.created")
        )

    def usage(self, **changes):
        return write_example("usage.recorded", **changes)

    @property
    def records(self):
        return self.env["saas.usage.record"].search([])

    @property
    def buckets(self):
        return self.env["saas.usage.bucket"].search([])

    def test_an_example_is_counted(self):
        self.set_up()
        events = self.tell(self.usage(), self.usage(quantity="-0.000000001"))
        self.assertState(events, "done")
        self.assertEqual(self.buckets.exact_sum, "1249.999999999")
        self.assertEqual(self.records[0].dimensions, {"region": "eu"})
        wrong = events[0].external_id.partition(" ")[2]
        fixed = write_example("usage.corrected", corrects=wrong, quantity="1200")
        self.assertState(self.tell(fixed), "done")
        self.assertEqual(self.buckets.exact_sum, "1199.999999999")
        gone = write_example("usage.corrected", corrects=fixed["id"], withdraws=True)
        self.assertState(self.tell(gone), "done")
        self.assertEqual(self.buckets.exact_sum, "-0.000000001")

    def test_quantities_are_exact(self):
        self.set_up()
        for quantity in ("999999999999999999.123456789", "0.000000001", "007.50", "1"):
            self.assertState(self.tell(self.usage(quantity=quantity)), "done")
        self.assertEqual(self.buckets.exact_sum, "1000000000000000007.623456790")

    def test_what_is_no_usage_is_not_stored(self):
        self.set_up()
        wrong = [{"quantity": quantity} for quantity in NO_QUANTITIES]
        wrong += [{"occurred_at": moment} for moment in NO_MOMENTS]
        for name in ("customer", "meter"):
            wrong += [{name: text} for text in NO_TEXTS]
        wrong += [{"subscription": text} for text in NO_TEXTS if text != ""]
        wrong += [{"dimensions": {"a": text}} for text in NO_TEXTS if text != ""]
        wrong += [{"dimensions": {"a\x00": "b"}}, {"dimensions": {"\ud800": "b"}}]
        wrong += [{"dimensions": {str(n): "" for n in range(21)}}, {"dimensions": []}]
        events = self.tell(*(self.usage(**changes) for changes in wrong), batch=True)
        stored = {event.external_id: event for event in events}
        self.assertEqual(len(stored), len(wrong))
        for event in events:
            self.assertState(event, "quarantined", "invalid_payload")
        self.assertFalse(self.records)

    def test_a_hundred_bad_ones_of_a_thousand_fall_out_alone(self):
        self.set_up()
        wrong = [{"quantity": "NaN"}, {"meter": ""}, {"occurred_at": "now"}]
        wrong += [{"customer": "a\x00b"}, {"dimensions": {"a": "\ud800"}}]
        told = [
            self.usage(**(wrong[n % len(wrong)] if n % 10 == 5 else {"quantity": "1"}))
            for n in range(1000)
        ]
        events = self.tell(*told, batch=True)
        self.assertEqual(len(events), 101)
        bad = events.filtered(lambda event: event.state == "quarantined")
        self.assertEqual(len(bad), 100)
        self.assertState(events - bad, "done")
        self.assertEqual((self.buckets.count, self.buckets.exact_sum), (900, "900"))

    def test_the_future_falls_out_alone_and_can_be_retried(self):
        self.set_up()
        now = datetime.now(UTC)
        late, soon = ((now + timedelta(hours=hours)).isoformat() for hours in (25, 23))
        events = self.tell(
            self.usage(occurred_at=late),
            self.usage(occurred_at=soon, quantity="1"),
            self.usage(quantity="1"),
            batch=True,
        )
        self.assertEqual(len(events), 2)
        [bad] = events.filtered(lambda event: event.state == "quarantined")
        self.assertIn("more than a day from now", bad.detail)
        self.assertEqual(len(self.records), 2)

    def test_nothing_that_is_stored_can_break_a_later_batch(self):
        """An id, a code and a value as strange as they may be."""
        self.set_up()
        odd = "%s %(x)s {0} '\"\\ é \u202e 😀 --;"
        event = self.usage(meter=odd, dimensions={odd: odd}, subscription=odd)
        event["id"] = odd
        events = self.tell(event, self.usage(), batch=True)
        self.assertState(events, "done")
        self.env["saas.meter"].create({"name": "Odd", "code": odd})
        [strange] = self.records.filtered(lambda record: record.meter_ref == odd)
        self.assertEqual(
            (strange.why, strange.dimensions), ("unknown_subscription", {odd: odd})
        )

    def test_corrections_of_strangers_change_nothing(self):
        """A sender names another one's event: ids are each sender's own."""
        self.set_up()
        mine = self.usage()
        self.tell(mine)
        foreign = write_example("usage.corrected", corrects=mine["id"], quantity="0")
        foreign["source"] = "https://somebody.example/else"
        self.tell(foreign)
        self.assertEqual(self.buckets.exact_sum, "1250")
        wrong = (
            *({"corrects": ""}, {"corrects": None}, {"corrects": "a\x00b"}),
            *({"corrects": "x" * 1001}, {"withdraws": "yes"}, {"corrects": 42}),
        )
        events = self.tell(
            *(write_example("usage.corrected", **changes) for changes in wrong)
        )
        self.assertState(events, "quarantined", "invalid_payload")
        itself = write_example("usage.corrected", corrects="me", quantity="0")
        itself["id"] = "me"
        self.assertEqual(self.tell(itself).state, "quarantined")

    def test_what_is_read_is_what_was_sent(self):
        """The reader of each version takes its example, and none takes a number."""
        for name in ("usage.recorded", "usage.corrected"):
            for version, known in TYPES[name].items():
                told = write_example(name) | {"saasversion": version}
                event = cloud_event.read({**told, "dataschema": None})
                read = NORMALISERS[name, event.version]
                [fact] = read(event, known.model.model_validate(event.data))
                [record] = fact.records
                self.assertEqual(str(record.quantity), event.data["quantity"])
        body = json.dumps(self.usage()).replace('"1250"', "1250").encode()
        events = self.send(body, {"Content-Type": BATCH.replace("-batch", "")})
        self.drain()
        self.assertState(events, "quarantined", "invalid_payload")
        self.assertEqual(parse(body)["data"]["quantity"], 1250)
