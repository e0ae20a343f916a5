"""What rating reads of a window is what one plain look at all records that count says,
whatever was told in which order, how often, and in which batches.

Covers handlers/usage/usage.
"""

from datetime import timedelta
from fractions import Fraction

from odoo.tests import tagged

from ..support.common import FULL, SEED
from .usage_common import DAY, NOON, UsageCommon

_AGGREGATIONS = ("sum", "count", "max", "last", "unique", "time_weighted")
_ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Europe/Berlin")
_MICRO = timedelta(microseconds=1)
_START = NOON.replace(month=3, day=1, hour=0)


def count(records, aggregation, start, end):
    """Return what records come to, as simply as it can be said."""
    within = [r for r in records if start <= r.occurred_at < end]
    quantities = [Fraction(r.quantity) for r in within]
    if aggregation == "sum":
        return sum(quantities, Fraction(0))
    if aggregation == "count":
        return Fraction(len(within))
    if aggregation == "max":
        return max(quantities, default=Fraction(0))
    if aggregation == "last":
        last = max(((r.occurred_at, r.quantity) for r in within), default=(0, 0))
        return Fraction(last[1])
    if aggregation == "unique":
        return Fraction(len({r.dimensions["user"] for r in within}))
    weights = [
        Fraction(r.quantity)
        * Fraction((end - max(r.occurred_at, start)) // _MICRO, (end - start) // _MICRO)
        for r in records
        if r.occurred_at < end
    ]
    return sum(weights, Fraction(0))


def find_counted(records):
    """Return the records that count: each once, and none that another corrects."""
    known = {record.external_id: record for record in records}
    corrected = {record.corrects for record in known.values() if record.corrects}
    return [
        record
        for ref, record in known.items()
        if ref not in corrected and not record.withdraws
    ]


@tagged("post_install", "-at_install")
class TestWindows(UsageCommon):
    def test_any_history(self):
        self.set_up(*_AGGREGATIONS)
        for number in range(30 if FULL else 3):
            with self.subTest(history=number):
                self._check_history(self.make_chance(f"{SEED} {number}"), number)
        self.check_whole()

    def _check_history(self, chance, number):
        ref = f"S {number}"
        self.tell(self.platform, self.subscription(ref))
        told = []
        for aggregation in _AGGREGATIONS:
            told += self._make_records(chance, aggregation, f"{number} ", ref)
        self._tell_somehow(chance, told, ref)
        counted = find_counted(told)
        subscription = self.find(ref)
        meters = {m.code: m for m in self.env["saas.meter"].search([])}
        windows = {}
        for aggregation in _AGGREGATIONS:
            own = [r for r in counted if r.meter == aggregation]
            for start, end in self._make_windows(chance, own):
                window = (subscription.id, meters[aggregation].id, start, end)
                windows[window] = count(own, aggregation, start, end)
        used = self.env["saas.usage.rating"]._read(windows)
        found = {window: each.quantity for window, each in used.items()}
        self.assertEqual(found, windows)

    def _make_records(self, chance, aggregation, prefix, ref):
        records = []
        is_signed = aggregation in ("sum", "time_weighted")
        for number in range(chance.choice((1, 20, 60))):
            moment = _START + timedelta(
                seconds=chance.choice((1, 3600)) * chance.randrange(40 * 24)
            )
            digits = chance.choice((1, 4, 18))
            quantity = f"{chance.randrange(10**digits)}.{chance.randrange(10**9):09}"
            if is_signed and chance.random() < 0.3:
                quantity = f"-{quantity}"
            vals = {"dimensions": {"user": f"u{chance.randrange(9)}"}}
            if records and chance.random() < 0.2:
                left = [r.external_id for r in records]
                corrected = {r.corrects for r in records}
                if left := sorted({*left} - corrected):
                    vals["corrects"] = chance.choice(left)
                    vals["withdraws"] = chance.random() < 0.3
            records.append(
                self.record(
                    f"{prefix}{aggregation} {number}",
                    quantity,
                    moment,
                    meter=aggregation,
                    subscription=ref,
                    **vals,
                )
            )
        return records

    def _tell_somehow(self, chance, told, ref):
        """Tell records in any order, some of them again, in requests and batches of any
        size, and change the zone on the way.
        """
        told = told + chance.choices(told, k=len(told) // 4)
        chance.shuffle(told)
        while told:
            size = chance.choice((1, 5, 50, len(told)))
            part, told = told[:size], told[size:]
            self.store_told(self.bundle(*part))
            if chance.random() < 0.6:
                self.drain()
                self.find(ref).tz = chance.choice(_ZONES)
        self.drain()

    def _make_windows(self, chance, records):
        """Yield windows that begin and end anywhere: on a record, in a night, before
        all.
        """
        edges = [_START - DAY, _START + 60 * DAY]
        edges += [record.occurred_at for record in records[:4]]
        edges += [
            _START + chance.randrange(40 * 24) * timedelta(hours=1) for _n in "abc"
        ]
        edges += [_START + n * DAY for n in (0, 1, 30, 31)]
        for start in edges:
            for end in edges:
                if start < end:
                    yield start, end

    def test_windows_of_nothing(self):
        [meter] = self.set_up("sum")
        self.assertEqual(self.used(meter, NOON, NOON + DAY), 0)
        self.assertEqual(self.env["saas.usage.rating"]._read([]), {})
        gone = (self.find().id, meter.id + 1000, NOON, NOON + DAY)
        self.assertEqual(self.env["saas.usage.rating"]._read([gone])[gone], (0, 0))

    def test_adjacent_windows_hold_each_record_once(self):
        [meter] = self.set_up("sum")
        moments = (NOON, NOON + _MICRO, NOON + DAY)
        self.use(
            *(
                self.record(f"U-{n}", f"{10**n}", moment, meter="sum")
                for n, moment in enumerate(moments)
            )
        )
        self.assertEqual(self.used(meter, NOON - DAY, NOON), 0)
        self.assertEqual(self.used(meter, NOON, NOON + _MICRO), 1)
        self.assertEqual(self.used(meter, NOON + _MICRO, NOON + DAY), 10)
        self.assertEqual(self.used(meter, NOON + DAY, NOON + 2 * DAY), 100)

    def test_the_newest_record_tells_that_something_has_come(self):
        [meter] = self.set_up("sum")
        self.use(self.record("U-1", meter="sum"))
        window = (self.find().id, meter.id, NOON - DAY, NOON + DAY)
        rating = self.env["saas.usage.rating"]
        first = rating._read([window])[window]
        self.assertEqual(first.version, self.records.id)
        self.use(self.record("U-2", "0", meter="sum"))
        later = rating._read([window])[window]
        self.assertEqual(later.quantity, first.quantity)
        self.assertEqual(later.version, max(self.records.ids))

    def test_a_level_goes_on_over_periods(self):
        """A published example: 2,500 from 5 March on, 2,000 less on 4 April, and 200
        less on the 6th. getlago/lago-api, weighted sum.
        """
        [meter] = self.set_up("time_weighted")
        day = NOON.replace(hour=0)
        changes = ((3, 5, "2500"), (4, 4, "-2000"), (4, 6, "-200"))
        self.use(
            *(
                self.record(
                    f"{month} {number}",
                    quantity,
                    day.replace(month=month, day=number),
                    meter="time_weighted",
                )
                for month, number, quantity in changes
            )
        )
        begins = [day.replace(month=month, day=1) for month in (3, 4, 5, 6)]
        found = [
            self.used(meter, *pair) for pair in zip(begins, begins[1:], strict=False)
        ]
        self.assertEqual(found[0], Fraction(2500 * 27, 31))
        self.assertEqual(float(round(found[0], 4)), 2177.4194)
        self.assertEqual(float(round(found[1], 2)), 533.33)
        self.assertEqual(found[2], 300)
