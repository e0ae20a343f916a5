"""What a subscription is worth a month that another platform bills: from the snapshots
that the platform tells.

The platform's own order of snapshots counts, and not that of their arrival. What is
known first was so since the subscription began.
"""

from fractions import Fraction
from typing import NamedTuple

from .level import DAYS, Level, find_months, join

#: The states in which the platform goes on billing.
_RUNNING = frozenset(("active", "past_due"))
#: The states in which it is over.
ENDED = frozenset(("canceled", "incomplete_expired"))
#: How many days a period may be longer or shorter than its months are on average.
_ROUGHLY = 3
_ZERO = Fraction(0)


class Snapshot(NamedTuple):
    """What a platform told of a subscription: ``version`` orders snapshots, ``at`` is
    when that was. ``worths`` is what it is worth a month while it runs: pairs of the
    moment from which on it is, and the exact amount. ``state`` is empty where it is as
    before.
    """

    version: str
    at: object
    state: str
    currency: str
    worths: tuple
    started_at: object = None
    trial_end: object = None
    period_end: object = None
    canceled_at: object = None
    is_ending: bool = False
    key: str = ""


class Reduction(NamedTuple):
    """What is taken off a whole subscription until a moment, or for good: a part
    between 0 and 1, and an amount for each period in major units.
    """

    part: Fraction = _ZERO
    amount: Fraction = _ZERO
    ends_at: object = None


class Priced(NamedTuple):
    """An item of a subscription: the price of one for each period in major units, how
    many of them, and how many months the period has. Without months it does not recur.
    """

    amount: Fraction
    quantity: Fraction
    months: Fraction | None


def find_worths(items, reductions, at):
    """Return what items are worth a month from a moment on: pairs of a moment and an
    exact amount. Percentages are taken off one after the other, and amounts before
    them; no less than nothing is left.
    """
    recurring = [item for item in items if item.months]
    full = sum((i.amount * i.quantity / i.months for i in recurring), _ZERO)
    shortest = min((item.months for item in recurring), default=None)
    ends = {each.ends_at for each in reductions if each.ends_at and each.ends_at > at}
    worths = []
    for moment in (at, *sorted(ends)):
        left = full
        counting = [
            each for each in reductions if not each.ends_at or each.ends_at > moment
        ]
        for each in counting if recurring else ():
            left -= each.amount / shortest
        for each in counting:
            left *= 1 - each.part
        worths.append((moment, max(left, _ZERO)))
    return worths


def find_length(period_start, period_end):
    """Return how many months a period has that nobody has told the length of: whole
    months or weeks where it looks so, and days otherwise; None if there is no period.
    """
    if not period_start or not period_end or period_start >= period_end:
        return None
    days = (period_end - period_start).days or 1
    months = round(days / DAYS)
    if months and abs(days - months * DAYS) <= _ROUGHLY:
        return Fraction(months)
    if days % 7 == 0:
        return find_months(weeks=days // 7)
    return find_months(days=days)


def find_mirrored_levels(snapshots, counting):
    """Return each :class:`~.level.Level` of a subscription in order.

    :param snapshots: each a :class:`Snapshot`, in any order.
    """
    levels, state, last = [], "", None
    for told in sorted(snapshots, key=lambda each: each.version):
        state = told.state or state
        moment = _find_moment(told, state, is_first=last is None, counting=counting)
        # What was told later never counts before what was told earlier.
        moment = max(filter(None, (moment, last)))
        levels = [level for level in levels if level.at < moment]
        levels += _make_levels(told, state, moment, counting)
        last = moment
        if state in ENDED:
            # What is over stays over.
            break
    return join(levels)


def _find_moment(told, state, is_first, counting):
    """Return since when a snapshot is so."""
    if state in ENDED:
        # A subscription that ended with its period was canceled before, and platforms
        # tell that moment alone.
        waits = told.is_ending and not counting.ends_when_told
        ended = told.period_end if waits else told.canceled_at
        return min(filter(None, (told.at, ended)))
    if is_first and state in _RUNNING and told.started_at:
        begins = told.started_at
        if told.trial_end and told.trial_end <= told.at:
            begins = max(begins, told.trial_end)
        return min(begins, told.at)
    return told.at


def _make_levels(told, state, moment, counting):
    runs = state in _RUNNING or (state == "paused" and counting.counts_paused)
    if told.is_ending and counting.ends_when_told:
        runs = False
    if not runs:
        return [Level(moment, key=told.key)]
    [(_at, first), *later] = told.worths
    worths = [(moment, first), *((max(at, moment), worth) for at, worth in later)]
    return [
        Level(at, None, told.currency, worth, told.key)
        if worth
        else Level(at, key=told.key)
        for at, worth in worths
    ]
