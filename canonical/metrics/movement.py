"""How the monthly recurring revenue of a tenant moves, by the definitions of the trade.

The tenant's whole counts, and not each subscription: the end of one of several is a
contraction, and only the end of the last one is churn. What happens within an hour of
one day is one movement. A rate of exchange moves nothing.

Definitions: ChartMogul, https://help.chartmogul.com/hc/en-us/articles/204252691
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ..usage.rating import round_minor

#: What happens within that time is one movement.
TOGETHER = timedelta(hours=1)
_PLACES = 6
_NONE = Decimal(0)


class Kind(StrEnum):
    """What a movement is to the tenant as a whole."""

    #: The first MRR of a tenant that never had any.
    NEW = "new"
    #: Any rise: more seats, a second subscription, the end of a discount.
    EXPANSION = "expansion"
    #: Any fall, also the end of one of several subscriptions.
    CONTRACTION = "contraction"
    #: The last subscription ends.
    CHURN = "churn"
    #: A tenant that had left is back.
    REACTIVATION = "reactivation"
    #: From one plan or subscription of a tenant to another: it adds up to nothing.
    TRANSFER = "transfer"


class Place(NamedTuple):
    """What a movement is counted for: the instant from which on it is so, what it is of
    and what kind it is. There is one movement of a place.
    """

    at: object
    subscription: object
    plan: object
    currency: str
    kind: str


class Amounts(NamedTuple):
    """A change of MRR, and of what recurs a year (ARR), in major units: Decimals with
    six places. ``tenants`` is how many tenants more pay, or less.
    """

    month: Decimal = _NONE
    year: Decimal = _NONE
    tenants: int = 0

    def less(self, other):
        """Return the difference to other amounts."""
        with localcontext(prec=60):
            return Amounts(*(own - its for own, its in zip(self, other, strict=True)))

    def plus(self, other):
        """Return the sum with other amounts."""
        with localcontext(prec=60):
            return Amounts(*(own + its for own, its in zip(self, other, strict=True)))


class Movement(NamedTuple):
    """A movement of a place. ``key`` names the change of its subscription that made it,
    and ``day`` is that of ``at`` in the tenant's time zone.
    """

    place: Place
    amounts: Amounts
    key: str
    day: object


NOTHING = Amounts()


class _Held(NamedTuple):
    """What a subscription is worth, and the amounts that it stands for."""

    level: object
    amounts: Amounts

    @property
    def where(self):
        """Return what it is counted for."""
        return self.level.plan, self.level.currency


def round_places(number):
    """Return an exact number with six places, half away from zero, as a Decimal."""
    with localcontext(prec=60):
        return Decimal(round_minor(number * 10**_PLACES)).scaleb(-_PLACES)


def measure(level):
    """Return the :class:`Amounts` of a level: each is rounded from what is exact."""
    return Amounts(round_places(level.amount), round_places(level.amount * 12))


def find_movements(levels, zone, until):
    """Return the movements of one tenant up to an instant, in order.

    :param levels: by subscription each :class:`~.level.Level` in order.
    :param zone: the IANA name of the time zone whose days count.
    """
    begun = [
        (level.at, subscription, _Held(level, measure(level)))
        for subscription, own in levels.items()
        for level in own
        if level.at <= until
    ]
    begun.sort(key=lambda row: row[:2])
    now, has_paid, counted, movements = {}, False, None, []
    for moment, day, group in _gather(begun, ZoneInfo(zone)):
        before = dict(now)
        for _at, subscription, held in group:
            now[subscription] = held
        made, counted = _count(_classify(before, now, has_paid), counted, now)
        has_paid = has_paid or counted is not None
        for (subscription, plan, currency, kind), amounts in made.items():
            place = Place(moment, subscription, plan, currency, kind)
            movements.append(Movement(place, amounts, now[subscription].level.key, day))
    return movements


def find_next(levels, now):
    """Return the first instant after another one at which time alone moves MRR."""
    moments = (level.at for own in levels.values() for level in own if level.at > now)
    return min(moments, default=None)


def _gather(begun, zone):
    """Yield what begins within an hour of one day: the first instant, the day, and the
    rows.
    """
    group, first, day = [], None, None
    for row in begun:
        own_day = row[0].astimezone(zone).date()
        if group and (row[0] - first >= TOGETHER or own_day != day):
            yield first, day, group
            group = []
        if not group:
            first, day = row[0], own_day
        group.append(row)
    if group:
        yield first, day, group


def _classify(before, after, has_paid):
    """Return what has moved between two states of a tenant: the amounts by a
    subscription, a plan, a currency and a kind.

    :param has_paid: whether the tenant had any MRR before, at whatever time.
    """
    moved = _find_moved(before, after)
    did_pay, does_pay = _find_paid(before), _find_paid(after)
    if did_pay and does_pay:
        return dict(row for part in _by_currency(moved) for row in _split(part))
    kind = Kind.CHURN if did_pay else Kind.REACTIVATION if has_paid else Kind.NEW
    return {(*where, kind): amounts for where, amounts in moved}


def _find_paid(levels):
    """Return what is paid for, and how much a month: by subscription, plan and
    currency.
    """
    return {
        (subscription, *held.where): held.amounts.month
        for subscription, held in levels.items()
        if any(held.amounts)
    }


def _count(made, counted, after):
    """Return what has moved with where the tenant itself is counted, and that place:
    for the plan for which it pays most, as long as it has that.

    :param made: as :func:`_classify` returns it.
    :param counted: the subscription, plan and currency for which the tenant was counted
        before; None if it was not.
    """
    paid = _find_paid(after)
    if counted in paid or (counted is None and not paid):
        return made, counted
    place = min(paid, key=lambda part: (-paid[part], part[0]), default=None)
    rows = dict(made)
    kind = Kind.TRANSFER
    if counted is None or place is None:
        # All of it is new, is back, or has left.
        kind = next(iter(made))[-1]
    for part, number in ((counted, -1), (place, 1)):
        if part:
            row = rows.get((*part, kind), NOTHING)
            rows[(*part, kind)] = row.plus(Amounts(tenants=number))
    return rows, place


def _find_moved(before, after):
    moved = defaultdict(lambda: NOTHING)
    for subscription, held in after.items():
        known = before.get(subscription)
        if held is known:
            continue
        moved[subscription, *held.where] = held.amounts
        if known:
            where = subscription, *known.where
            moved[where] = moved[where].less(known.amounts)
    return [(where, amounts) for where, amounts in moved.items() if any(amounts)]


def _by_currency(moved):
    parts = defaultdict(list)
    for where, amounts in moved:
        parts[where[-1]].append((where, amounts))
    return parts.values()


def _split(moved):
    """Yield what has moved in one currency. What one part loses and another one wins
    was transferred; the rest is what the tenant pays more or less.
    """
    months = _transfer([amounts.month for _where, amounts in moved])
    years = _transfer([amounts.year for _where, amounts in moved])
    net = sum(amounts.month for _where, amounts in moved)
    kind = Kind.CONTRACTION if net < 0 else Kind.EXPANSION
    for (where, amounts), month, year in zip(moved, months, years, strict=True):
        transferred = Amounts(month, year)
        rest = amounts.less(transferred)
        for name, part in ((Kind.TRANSFER, transferred), (kind, rest)):
            if any(part):
                yield (*where, name), part


def _transfer(numbers):
    """Return how much of each number is transferred: in all as much is won as lost, and
    the first ones go before.
    """
    won = sum(number for number in numbers if number > 0)
    lost = -sum(number for number in numbers if number < 0)
    left = {True: min(won, lost), False: min(won, lost)}
    result = []
    for number in numbers:
        is_won = number > 0
        part = min(abs(number), left[is_won])
        left[is_won] -= part
        result.append(part if is_won else -part)
    return result
