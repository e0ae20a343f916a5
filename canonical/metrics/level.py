"""What a subscription is worth a month, over time: its monthly recurring revenue (MRR).

MRR is no invoice: it is the price of what runs, less discounts, brought to a month. A
year counts a twelfth, a quarter a third, a week 52 twelfths. What is used, what is paid
once and taxes are none. A trial is worth nothing until it is over.
"""

from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from ..catalogue.terms import ComponentKind
from ..subscriptions.discount import find_part
from ..subscriptions.lifecycle import State
from ..subscriptions.period import CADENCES
from ..usage.rating import rate

#: How many weeks a month has on average.
WEEKS = Fraction(52, 12)
#: How many days a month has on average.
DAYS = Fraction(365, 12)
_ZERO = Fraction(0)


class Level(NamedTuple):
    """What a subscription is worth a month from an instant on, in major units, exactly.

    ``plan`` is what it is counted for, such as a version of a plan, and ``key`` names
    the change that began it. What is worth nothing has no plan and no currency.
    """

    at: object
    plan: object = None
    currency: str = ""
    amount: Fraction = _ZERO
    key: str = ""

    @property
    def worth(self):
        """Return what two levels have in common that are one and the same."""
        return self.plan, self.currency, self.amount


class Counting(NamedTuple):
    """What people decide about MRR: whether what is paused counts as if it ran, and
    whether a subscription counts no more once it is told that it will end. Otherwise it
    counts until it ends; and with ``ends_with_period``, one that is canceled at once
    until the end of the period that was paid.

    These are the three answers that ChartMogul has, too:
    https://help.chartmogul.com/article/242-churn-recognition
    """

    counts_paused: bool = False
    ends_when_told: bool = False
    ends_with_period: bool = False

    @property
    def waits_for_period(self):
        """Return whether what is canceled counts until the end of its period."""
        return self.ends_with_period and not self.ends_when_told


class Item(NamedTuple):
    """A component of a plan as MRR takes it: its code and its kind, the key of its
    cadence, and the prices that a customer has for it over time, each a
    :class:`~..catalogue.timeline.Listing`.
    """

    code: str
    kind: str
    cadence: str
    listings: tuple


def find_months(months=0, weeks=0, days=0):
    """Return how many months a period has, exactly."""
    return months + weeks / WEEKS + days / DAYS


def find_item_worth(item, terms, discounts, moment):
    """Return what a component is worth a month under terms at an instant, in major
    units. What has no price then is worth nothing.
    """
    if item.kind == ComponentKind.USAGE:
        return _ZERO
    quantity = dict(terms.quantities).get(item.code)
    if quantity is None and item.kind == ComponentKind.FLAT:
        quantity = Fraction(1)
    begun = [each.price for each in item.listings if each.has_begun(moment)]
    if not quantity or not begun:
        return _ZERO
    price, cadence = begun[-1], CADENCES[item.cadence]
    full = rate(price, quantity) / 10**price.exponent
    full *= 1 - find_part(discounts, item.code, moment)
    return full / find_months(cadence.months, cadence.weeks)


def find_levels(segments, find_items, discounts, counting, known, paid_until=None):
    """Return the :class:`Level` of a subscription in order, from its life.

    :param segments: of the life, as :func:`~..subscriptions.outlook.hold` gives them.
    :param find_items: a function from terms to each :class:`Item` of their plan.
    :param discounts: all that it ever has.
    :param known: when each change was told, by its key.
    :param paid_until: the end of the period in which it was canceled, if it was.
    """
    if counting.waits_for_period and paid_until:
        segments = _end_later(segments, paid_until)
    levels = []
    for segment in segments:
        if not _runs(segment.state, counting):
            levels.append(Level(segment.start, key=segment.key))
            continue
        items = find_items(segment.terms)
        for moment in _find_cuts(segment, items, discounts):
            worths = (
                find_item_worth(item, segment.terms, discounts, moment)
                for item in items
            )
            levels.append(_make_level(moment, segment, sum(worths, _ZERO)))
    if counting.ends_when_told and segments:
        levels = _end_when_told(levels, segments[-1], known)
    return join(levels)


def join(levels):
    """Return levels without those that are worth what the one before is worth."""
    result, worth = [], Level(None).worth
    for level in levels:
        if level.worth != worth:
            result.append(level)
            worth = level.worth
    return result


def _runs(state, counting):
    return state == State.ACTIVE or (state == State.PAUSED and counting.counts_paused)


def _make_level(moment, segment, amount):
    # What only a price or a discount has changed, no change of the life has begun.
    key = segment.key if moment == segment.start else ""
    if not amount:
        return Level(moment, key=key)
    return Level(moment, segment.terms.version, segment.terms.currency, amount, key)


def _find_cuts(segment, items, discounts):
    """Return the instants of a segment from which on it may be worth something else."""
    moments = {listing.valid_from for item in items for listing in item.listings}
    moments |= {moment for each in discounts for moment in (each.start, each.end)}
    inside = {
        moment
        for moment in moments
        if moment
        and segment.start < moment
        and (segment.end is None or moment < segment.end)
    }
    return [segment.start, *sorted(inside)]


def _end_later(segments, moment):
    """Return segments of which the last one, a cancellation, begins at a moment, unless
    it does later.
    """
    *others, running, canceled = segments
    moment = max(moment, canceled.start)
    return [*others, replace(running, end=moment), replace(canceled, start=moment)]


def _end_when_told(levels, last, known):
    """Return levels that end when that was told, unless they have ended before."""
    told_at = known.get(last.key, last.start)
    if last.state != State.CANCELED or told_at >= last.start:
        return levels
    before = [level for level in levels if level.at < told_at]
    return [*before, Level(told_at, key=last.key)]
