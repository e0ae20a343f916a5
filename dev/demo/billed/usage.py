"""What customers use, as plain values: the same each time. Standard library only."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from .customers import CUSTOMERS, at

#: About how many calls a customer makes a day; others make none.
_CALLS = {
    "C-1": 900,
    "C-2": 4200,
    "C-3": 350,
    "C-4": 260,
    "C-5": 520,
    "C-6": 140,
    "C-7": 7000,
    "C-8": 640,
}
#: Who stores something, and about how much.
_STORAGE = {"C-1": 180, "C-2": 640}
_LAST = at(11, 1)
#: What a machine that was offline tells late: whose, between which moments, and when.
_LATE = (
    ("C-1", at(9, 24), at(10, 1), at(10, 3, 9)),
    ("C-3", at(9, 25), at(10, 2), at(10, 3, 9)),
    ("C-6", at(10, 27), _LAST, at(11, 6, 9)),
)
#: A record that was ten times too high, and when the product says so.
WRONG = ("C-2", datetime(2026, 9, 20).date(), at(11, 6, 10))


@dataclass(frozen=True)
class Record:
    """So many of something, used at a moment. ``told_at`` is when the product says so;
    ``corrects`` is the record whose place this one takes.
    """

    id: str
    customer: str
    meter: str
    quantity: Decimal
    moment: datetime
    told_at: datetime
    corrects: str = ""


def tell():
    """Return all records, in the order in which they are told."""
    records = [record for customer in CUSTOMERS for record in _use(customer)]
    return sorted(records, key=lambda record: (record.told_at, record.id))


def list_counted(records):
    """Return the records that count: those that nothing corrects."""
    wrong = {record.corrects for record in records}
    return [record for record in records if record.id not in wrong]


def _use(customer):
    if customer.ref not in _CALLS:
        return  # a licence for a year, which is all it has
    chance = random.Random(customer.ref)
    day = customer.deeds[0].moment.replace(hour=0, minute=0)
    while day < _LAST:
        moment = day + timedelta(minutes=chance.randrange(60, 23 * 60))
        quantity = chance.randrange(60, 140) * _CALLS[customer.ref] // 100
        stored = Decimal(chance.randrange(800, 1200)) / 1000
        day += timedelta(days=1)
        if not _is_active(customer, moment):
            continue
        yield from _call(customer, moment, Decimal(quantity))
        # Usage names no subscription, so it is that one's whose plan has the meter.
        if day.day % 3 == 0 and _has_storage(customer, moment):
            amount = (_STORAGE[customer.ref] * stored).quantize(Decimal("0.1"))
            yield _write(customer, "storage_gb", moment, amount)


def _call(customer, moment, quantity):
    """Yield a day's calls, and the correction of what was told wrong."""
    whose, day, told_at = WRONG
    if (customer.ref, moment.date()) != (whose, day):
        yield _write(customer, "api_calls", moment, quantity)
        return
    wrong = _write(customer, "api_calls", moment, quantity * 10)
    yield wrong
    yield Record(
        f"{wrong.id}-again",
        whose,
        wrong.meter,
        quantity,
        moment,
        told_at,
        corrects=wrong.id,
    )


def _write(customer, meter, moment, quantity):
    late = [
        told
        for ref, start, end, told in _LATE
        if ref == customer.ref and start <= moment < end
    ]
    # Each night the product tells what was used on the day before.
    told_at = (moment + timedelta(days=1)).replace(hour=1, minute=0)
    key = f"{customer.key}-{meter}-{moment:%Y%m%d}"
    return Record(key, customer.ref, meter, quantity, moment, *(late or [told_at]))


def _has_storage(customer, moment):
    """Return whether a customer stores anything, by a plan that has it, at a moment."""
    plans = [
        deed.plan
        for deed in customer.deeds
        if deed.plan and deed.moment <= moment and not deed.withdrawn
    ]
    meters = {part.meter for part in plans[-1].parts}
    return customer.ref in _STORAGE and "storage_gb" in meters


def _is_active(customer, moment):
    """Return whether a customer could use anything at a moment."""
    active = False
    for deed in customer.deeds:
        if deed.moment <= moment and not deed.withdrawn:
            active = deed.kind not in ("paused", "canceled")
    return active
