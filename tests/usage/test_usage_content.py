"""What a record of usage says is read in a quick way where there are thousands: it
comes to the same as the plain way.

Covers canonical/facts/usage, adapters/standard/cloud_event, adapters/standard/usage,
adapters/standard/arrivals.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

from werkzeug.datastructures import Headers

from odoo.tests import BaseCase, tagged

from ...adapters.standard import cloud_event
from ...adapters.standard.arrivals import read_batch, read_usage
from ...adapters.standard.events_of_request import BATCH, split
from ...adapters.standard.usage import RECORD_READERS, gather, gather_alike, read_alike
from ...canonical.border.inbound import Inbound
from ...canonical.errors import Malformed
from ...canonical.facts import UsageRecord
from ...canonical.schema.versions import TYPES
from .test_hostile_usage import NO_MOMENTS, NO_QUANTITIES, NO_TEXTS

_ODD = (
    'a "quoted" \\ name',
    "ünïcode 漢字 🛶",
    "line\nbreak\ttab\x7f",
    "</script>",
    " ",
)
#: What a record may say that others don't.
_MORE = (
    {"quantity": "-12.500", "dimensions": {"b": "1", "a": _ODD[0]}},
    {"quantity": "007", "subscription": "S-1", "plan": {"of": ["what", {"else": 1}]}},
    {"occurred_at": "2026-06-15T12:00:01.25+02:00", "customer": _ODD[1]},
)
_PLAIN = {
    "specversion": "1.0",
    "id": "42",
    "source": "https://app.example/metering",
    "type": "usage.recorded",
    "time": "2026-11-26T09:30:00Z",
    "dataschema": "https://odoo.example/saas/schema/usage.recorded/1",
    "data": {"customer": "C-1", "meter": "calls"},
}


@tagged("post_install", "-at_install")
class TestUsageContent(BaseCase):
    def test_the_hash_is_that_of_json(self):
        """What is stored already has to be known again."""
        for number, odd in enumerate(_ODD):
            record = UsageRecord(
                external_id="U-1",
                customer=odd,
                meter=f"meter {odd}",
                quantity="-12.500",
                occurred_at=datetime(2026, 6, 15, 12, 0, 1, 250 * number, UTC),
                subscription=odd * number,
                corrects=odd if number else "",
                withdraws=number > 2,
                dimensions={"b": odd, odd: "a"} if number else {},
            )
            content = [
                *(odd, f"meter {odd}", "-12.5", [20619, 43201, 250 * number]),
                *(odd * number, odd if number else "", number > 2),
                sorted(record.dimensions.items()),
            ]
            text = json.dumps(content, separators=(",", ":"))
            expected = hashlib.sha256(text.encode()).hexdigest()[:32]
            self.assertEqual(record.written.content_hash, expected)

    def test_what_is_stored_is_plain(self):
        """The moment is in UTC, whatever zone it is told in, and numbers are short."""
        for quantity, written in (("1.500", "1.5"), ("100", "100"), ("-0.0", "-0")):
            at = datetime(2026, 6, 15, 12, 0, 1, 250, timezone(timedelta(hours=2)))
            told = {"external_id": "U-1", "customer": "C-1", "meter": "calls"}
            record = UsageRecord(**told, quantity=quantity, occurred_at=at)
            moment = "2026-06-15T10:00:01.000250"
            self.assertEqual(record.written[:2], (moment, written))

    def test_a_plain_event_is_read_as_any_other(self):
        """An attribute more has the library look at all of them."""
        plain = cloud_event.read(_PLAIN)
        self.assertEqual(plain, cloud_event.read({**_PLAIN, "subject": "C-1"}))
        self.assertEqual(plain.version, "1")
        for key in ("specversion", "id", "source", "type", "time", "dataschema"):
            for bad in ("", 1, True, [], {}, "\x00"):
                events = [{**_PLAIN, key: bad}, {**_PLAIN, key: bad, "subject": "C-1"}]
                self.assertEqual(*map(self._read, events), (key, bad))

    def _read(self, event):
        """Return what comes of an event, or what is wrong with it."""
        try:
            return cloud_event.read(event)
        except Malformed as error:
            return str(error)

    def test_many_records_are_read_as_each_alone(self):
        for changes in (
            {},
            {"dataschema": None},
            {"time": "2026-11-26t09:30:00+01:00"},
        ):
            told = self._make(changes)
            one_by_one = self._gather(told)
            self.assertEqual(gather_alike(told) or one_by_one, one_by_one)
        self.assertEqual(gather_alike(self._make({})), self._gather(self._make({})))
        self.assertIs(type(one_by_one.records[0]), UsageRecord)

    def test_what_is_odd_is_read_by_itself(self):
        """Each value at its place makes the same of many records as of it alone, or
        leaves them to be read one by one.
        """
        odd = (*NO_TEXTS, *NO_QUANTITIES, *NO_MOMENTS, "2", "x" * 1001)
        places = ("id", "source", "type", "time", "dataschema", "data", "saasversion")
        own = ("customer", "meter", "quantity", "occurred_at", "subscription")
        for value in odd:
            events = [{**_PLAIN, place: value} for place in places]
            datas = [{**_PLAIN["data"], place: value} for place in own]
            datas.append({**_PLAIN["data"], "dimensions": value})
            datas.append({**_PLAIN["data"], "dimensions": {"user": value}})
            events += [{**_PLAIN, "data": data} for data in datas]
            for event in events:
                told = [*self._make({}), event]
                if read := gather_alike(told):
                    self.assertEqual(read, self._gather(told), event)

    def test_other_records_are_not_read_at_once(self):
        correction = {**_PLAIN["data"], "corrects": "41"}
        draft = "https://odoo.example/saas/schema/usage.recorded/0"
        for told in (
            [],
            [{**_PLAIN, "type": "usage.corrected"}],
            [{**_PLAIN, "type": "customer.upserted"}],
            [*self._make({}), {**_PLAIN, "dataschema": draft}],
            [_PLAIN, None],
            [_PLAIN, [_PLAIN[key] for key in _PLAIN if key != "dataschema"]],
            [[*_PLAIN.values()]],
        ):
            self.assertIsNone(gather_alike(told))
        corrected = {**_PLAIN, "type": "usage.corrected", "data": correction}
        del corrected["dataschema"]
        self.assertTrue(read_alike([corrected]))
        self.assertIsNone(gather_alike([corrected]))

    def test_a_request_of_usage_is_stored_as_any_other(self):
        first, *others = self._make({})
        soon = datetime.now(UTC) + timedelta(days=2)
        for told in (
            [first, *others],
            [first, {**first, "id": "43"}],
            [first, first],
            [first],
            [first, {**first, "id": "43", "time": soon.isoformat()}],
            [first, {**first, "data": {}}],
            [first, {**first, "type": "customer.upserted"}],
        ):
            for text in (json.dumps(told), json.dumps(told, indent=1)):
                inbound = Inbound(
                    "POST", "/", Headers({"Content-Type": BATCH}), text.encode()
                )
                arrivals = [*read_batch(split(inbound)[0], inbound)]
                self.assertIn(read_usage(inbound), (None, arrivals[0]))
            is_quick = told[0] != told[-1] and len(arrivals) == 1
            self.assertEqual(bool(read_usage(inbound)), is_quick)

    def _make(self, changes):
        """Return three records, which differ in what they say."""
        return [
            {
                **{k: v for k, v in {**_PLAIN, **changes}.items() if v is not None},
                "id": f"{number}",
                "data": {**_PLAIN["data"], **more},
            }
            for number, more in enumerate(_MORE)
        ]

    def _gather(self, told):
        """Return the fact of records, each read by itself."""
        records = []
        for event in map(cloud_event.read, told):
            version = TYPES[event.type][event.version]
            data = version.model.model_validate(event.data)
            records.append(RECORD_READERS[event.type, event.version](event, data))
        return gather(records)
