"""What everything ought to cost: price × time held, and price × what was used.

It reads the plain values of the story alone and nothing of what is sent or booked, and
it knows neither periods that are folded nor differences: it looks at each day. Exact in
fractions, and rounded by the two rules that the documentation states: a part of a
period costs the difference of two shares of its price, each rounded once; what is used
is rounded once for each stretch.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from .customers import RUNS
from .plans import PLANS, ZONE

_ZONE = ZoneInfo(ZONE)
_MONTHS = {"monthly": 1, "yearly": 12}
_BILLION = 10**9


@dataclass
class Cost:
    """What one part of a plan costs a customer for a period: in cents, exactly, for how
    many days of it, and what was used.
    """

    currency: str
    is_usage: bool
    cents: int = 0
    exact: Fraction = Fraction(0)
    days: int = 0
    #: How often what is held, or its price, was another one.
    cuts: int = 0
    used: Fraction = Fraction(0)


def count(customers, records, until):
    """Return the cost of each period that may be billed by a moment, by the customer,
    the plan, its version, the part and the first day.
    """
    costs = {}
    for customer in customers:
        own = [record for record in records if record.customer == customer.ref]
        for plan in PLANS:
            for part in plan.parts:
                for key, cost in _count(customer, plan, part, own, until):
                    if cost.days and (cost.cents or cost.used):
                        costs[customer.ref, plan.code, plan.number, part.code, key] = (
                            cost
                        )
    return costs


def _count(customer, plan, part, records, until):
    """Yield the first day and the cost of each period of one part of a plan."""
    for first, end in _list_periods(customer, part.cadence, until):
        held = [_find_held(customer, day) for day in _list_days(first, end)]
        mine = [deed if deed and deed.plan is plan else None for deed in held]
        cost = Cost(customer.currency, part.kind == "usage")
        if cost.is_usage:
            _add_usage(cost, customer, plan, part, records, (first, end, mine))
        else:
            _add_days(cost, part, mine)
        if _is_due(customer, part, first, end, until):
            yield first, cost


def _add_days(cost, part, held):
    """Add up what each day costs, by what is held at its end."""
    length, before = len(held), 0
    for number, deed in enumerate(held):
        if not deed:
            before = 0
            continue
        price = Fraction(part.prices[cost.currency])
        full = round_half_up(price * (deed.seats if part.kind == "seat" else 1) * 100)
        cost.cents += _share(full, number + 1, length) - _share(full, number, length)
        cost.exact += Fraction(full, length)
        cost.days += 1
        cost.cuts += full != before
        before = full


def _share(full, elapsed, length):
    return round_half_up(Fraction(full * elapsed, length))


# -- what is used -------------------------------------------------------------


def _add_usage(cost, customer, plan, part, records, period):
    """Add up what was used in each stretch in which the plan was held."""
    first, end, held = period
    cost.days = sum(deed is not None for deed in held)
    for start, stop in _list_stretches(customer, plan, first, end):
        used = [
            Fraction(record.quantity)
            for record in records
            if record.meter == part.meter and start <= record.moment < stop
        ]
        quantity = max(used, default=0) if part.meter == "storage_gb" else sum(used)
        days = _get_day(stop) - _get_day(start)
        price = _rate(part, cost.currency, quantity, Fraction(days.days, len(held)))
        cost.used += quantity
        cost.exact += price
        cost.cents += round_half_up(price)
        cost.cuts += 1


def _rate(part, currency, quantity, share):
    """Return what a quantity costs in a share of a period, in cents."""
    prices = part.prices[currency]
    free = Fraction(part.included or 0) * share
    free = Fraction(round_half_up(free * _BILLION), _BILLION)
    rest = max(quantity - free, Fraction(0))
    if part.model == "unit":
        return rest * Fraction(prices) * 100
    if part.model == "package":
        return -(-rest // Fraction(part.package)) * Fraction(prices) * 100
    above, total = Fraction(0), Fraction(0)
    for up_to, unit in prices:
        top = rest if up_to is None else min(rest, Fraction(up_to))
        if rest > above:
            total = (
                rest * Fraction(unit)
                if part.model == "volume"
                else total + (top - above) * Fraction(unit)
            )
        above = top
    return total * 100


def _list_stretches(customer, plan, first, end):
    """Return the stretches of a period in which a plan was held, as pairs of moments;
    one goes on where only the number of seats changes.
    """
    clock = _get_clock(customer)
    low, high = (_combine(day, clock) for day in (first, end))
    stretches, moments = [], [*_list_turns(customer), (high, None)]
    for (moment, deed), (after, _deed) in zip(moments, moments[1:], strict=False):
        start, stop = max(moment, low), min(after, high)
        if start >= stop or not deed or deed.plan is not plan:
            continue
        if stretches and stretches[-1][1] == start:
            start = stretches.pop()[0]
        stretches.append((start, stop))
    return stretches


# -- what is earned, and what recurs ------------------------------------------


def earn(customers, until):
    """Return by customer what is earned of years before a day, in cents, exactly."""
    until, earned = date.fromisoformat(until), {}
    for customer in customers:
        for first, end in _list_periods(customer, "yearly", RUNS[-1]):
            days = _list_days(first, end)
            for day in days:
                deed = _find_held(customer, day)
                for part in deed.plan.parts if deed and day < until else ():
                    if part.cadence == "yearly":
                        price = Fraction(part.prices[customer.currency]) * 100
                        known = earned.get(customer.ref, Fraction(0))
                        earned[customer.ref] = known + price / len(days)
    return earned


def find_monthly(customers):
    """Return by currency what recurs a month in the end, exactly: fixed prices alone, a
    twelfth of a year's.
    """
    found = {}
    for customer in customers:
        _moment, deed = _list_turns(customer)[-1]
        for part in deed.plan.parts if deed else ():
            if part.kind != "usage":
                price = Fraction(part.prices[customer.currency])
                seats = deed.seats if part.kind == "seat" else 1
                known = found.get(customer.currency, Fraction(0))
                months = _MONTHS[part.cadence]
                found[customer.currency] = known + price * seats / months
    return found


# -- what is held -------------------------------------------------------------


def _list_turns(customer):
    """Return what is held since when: pairs of a moment and a deed, None for
    nothing.
    """
    turns, held = [], None
    for deed in sorted(customer.deeds, key=lambda deed: deed.moment):
        if deed.withdrawn:
            continue
        if deed.plan:
            held = deed
        is_idle = deed.kind in ("paused", "canceled")
        # A trial costs nothing, and begins no period.
        turns.append((deed.trial_end or deed.moment, None if is_idle else held))
    return turns


def _find_held(customer, day):
    """Return what is held at the end of a day: the day of a change belongs to what
    comes after it.
    """
    held = None
    for moment, deed in _list_turns(customer):
        if _get_day(moment) <= day:
            held = deed
    return held


def list_given(customers):
    """Return by customer the flags and the limits of the plan that it holds in the end;
    of one that holds none, none.
    """
    given = {}
    for customer in customers:
        _moment, deed = _list_turns(customer)[-1]
        features = sorted(deed.plan.features) if deed else []
        flags = [code for code, limit in features if limit is None]
        limits = {code: limit or None for code, limit in features if limit is not None}
        given[customer.ref] = flags, limits
    return given


def _is_due(customer, part, first, end, until):
    """Return whether a period may be billed: in advance as it begins, and afterwards
    once it is over, or nothing more comes of it.
    """
    clock = _get_clock(customer)
    if part.timing == "advance":
        return _combine(first, clock) <= until
    moment, last = _list_turns(customer)[-1]
    over = _combine(end, clock)
    return (min(over, moment) if last is None else over) <= until


# -- periods ------------------------------------------------------------------


def _list_periods(customer, cadence, until):
    """Yield the first day of each period that has begun, and of the one after it."""
    anchor, number = _get_day(_list_turns(customer)[0][0]), 0
    while True:
        first, end = (
            _add_months(anchor, step * _MONTHS[cadence])
            for step in (number, number + 1)
        )
        if first > _get_day(until):
            return
        yield first, end
        number += 1


def _add_months(day, months):
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, day.day)


def _list_days(first, end):
    return [first + timedelta(days=n) for n in range((end - first).days)]


def _get_clock(customer):
    """Return at which time of the day a customer's periods begin."""
    return _list_turns(customer)[0][0].astimezone(_ZONE).timetz()


def _combine(day, clock):
    return datetime.combine(day, clock)


def _get_day(moment):
    return moment.astimezone(_ZONE).date()


def round_half_up(amount):
    """Round to a whole number, half away from zero."""
    whole, rest = divmod(abs(amount), 1)
    whole = int(whole) + (2 * rest >= 1)
    return -whole if amount < 0 else whole
