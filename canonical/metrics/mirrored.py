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


class Snapshot(NamedTuple):
    """What a platform told of a subscription: ``version`` orders snapshots, ``at`` is
    when that was. ``worths`` is what it is worth a month while it runs: pairs of the
    moment from which on it is, and the exact amount, or None if nobody knows it.
    ``state`` is empty where it is as before.
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
    period_start: object = None


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
        before, state = state, told.state or state
        runs = _runs(told, state, counting)
        if runs and not _is_known(told):
            # What it was worth before goes on, until somebody knows.
            continue
        if state in ENDED:
            moment = _find_end(told, before, counting)
        else:
            moment = _find_begin(told, state, is_first=last is None)
        # What was told later never counts before what was told earlier.
        moment = max(filter(None, (moment, last)))
        levels = [level for level in levels if level.at < moment]
        levels += _make_levels(told, moment) if runs else [Level(moment, key=told.key)]
        last = moment
        if state in ENDED:
            # What is over stays over.
            break
    return join(levels)


def _runs(told, state, counting):
    """Return whether a subscription counts by a snapshot."""
    if told.is_ending and counting.ends_when_told:
        return False
    return state in _RUNNING or (state == "paused" and counting.counts_paused)


def _is_known(told):
    return all(worth is not None for _at, worth in told.worths)


def _find_end(told, before, counting):
    """Return since when a subscription is over by a snapshot.

    :param before: the state that it was in. A period that nobody has paid is none to
        wait for.
    """
    # A subscription that ended with its period was canceled before, and platforms tell
    # that moment alone.
    waits = told.is_ending and not counting.ends_when_told
    ended = told.period_end if waits else told.canceled_at
    moment = min(filter(None, (told.at, ended)))
    if counting.waits_for_period and before == "active" and told.period_end:
        return max(moment, told.period_end)
    return moment


def _find_begin(told, state, is_first):
    """Return since when a snapshot is so of a subscription that is not over."""
    if is_first and state in _RUNNING and told.started_at:
        begins = told.started_at
        if told.trial_end and told.trial_end <= told.at:
            begins = max(begins, told.trial_end)
        return min(begins, told.at)
    return told.at


def _make_levels(told, moment):
    [(_at, first), *later] = told.worths
    worths = [(moment, first), *((max(at, moment), worth) for at, worth in later)]
    return [
        Level(at, None, told.currency, worth, told.key)
        if worth
        else Level(at, key=told.key)
        for at, worth in worths
    ]
