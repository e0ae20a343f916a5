"""Which terms of a subscription have ended, and whether it went on: what the rate of
renewals is counted by.

A term is what was agreed for some months. Where nothing is agreed, a period of more
than a month is one: who pays by the year decides every year. What was ended before its
time never came to the end of its term: that is churn, and no renewal that failed.

The rate by number is what was renewed over what was up for renewal in the month
(MetricHQ, https://www.metrichq.org/saas/renewal-rate/). By value it is the MRR that was
up for renewal, less what was not renewed of it, over that (Insivia, "Revenue renewal
rate"). So a higher price does not make up for who has left.
"""

from datetime import timedelta
from itertools import count, pairwise
from typing import NamedTuple

from ..subscriptions.lifecycle import State
from ..subscriptions.outlook import hold
from ..subscriptions.period import CADENCES, find_periods
from ..subscriptions.target import find_rhythms
from ..subscriptions.told import find_term_end, get_zone
from .level import Level
from .mirrored import ENDED, find_length
from .movement import TOGETHER

_HELD = (State.ACTIVE, State.PAUSED)
#: Longer than any period.
_FURTHER = timedelta(days=400)


class Renewal(NamedTuple):
    """A term that has ended: when, and what the subscription was worth a month before
    and is worth after that, each a :class:`~.level.Level`.
    """

    at: object
    before: Level
    after: Level


def find_renewals(ends, levels):
    """Return the :class:`Renewal` of each end of a term at which the subscription was
    worth anything. What changes within an hour belongs to it.

    :param levels: of the subscription in order, whatever people decided about churn.
    """
    renewals = []
    for moment in ends:
        before = _find_level(levels, moment)
        if before.amount:
            after = _find_level(levels, moment + TOGETHER)
            renewals.append(Renewal(moment, before, after))
    return renewals


def find_ends(life, renewed, find_cadence, until):
    """Return the ends of the terms of a life, in order: those up to an instant, and the
    next one of the term that runs then.

    :param renewed: the keys of the changes by which somebody renewed it. One that comes
        before the end of a term ends it.
    :param find_cadence: as :func:`~..subscriptions.outlook.live` takes it.
    """
    ends = set()
    for segment, following in pairwise((*life.segments, None)):
        if segment.state not in _HELD:
            continue
        ends.update(_find_inside(life, segment, find_cadence, until))
        if following and following.key in renewed and following.start <= until:
            ends.add(following.start)
    return sorted(ends)


def find_mirrored_ends(snapshots):
    """Return the ends of the periods of more than a month that a platform has told, in
    order, as far as it has told since then how it went on.

    :param snapshots: each a :class:`~.mirrored.Snapshot`, in any order.
    """
    told = sorted(snapshots, key=lambda each: each.version)
    moments = {each.period_end for each in told if each.period_end}
    return sorted(
        moment for moment in moments if _is_end(told, moment) and _is_told(told, moment)
    )


def _find_level(levels, moment):
    """Return the level just before an instant."""
    before = [level for level in levels if level.at < moment]
    return before[-1] if before else Level(moment)


def _find_inside(life, segment, find_cadence, until):
    """Yield the ends of terms within a segment, its own end included."""
    for moment in _find_moments(life, segment, find_cadence, until):
        if moment is None or (segment.end and moment > segment.end):
            return
        if moment > segment.start:
            yield moment
        if moment > until:
            return


def _find_moments(life, segment, find_cadence, until):
    """Yield the moments at which what a segment holds has to be renewed."""
    terms = segment.terms or {}
    term, zone = terms.get("term"), get_zone(terms)
    if term and find_term_end(term, zone):
        yield from (find_term_end(term, zone, number) for number in count(1))
        return
    segments = hold(life)
    held = next(each for each in segments if each.start == segment.start)
    cadence = find_cadence(held.terms)
    if not cadence or CADENCES[cadence[0]].months <= 1:
        return
    rhythms = find_rhythms(segments, *cadence)
    end = segment.end or max(until, segment.start) + _FURTHER
    for period in find_periods(rhythms, segment.start, end):
        yield period.end


def _is_end(told, moment):
    """Return whether a period of more than a month ended at an instant, by what was
    told last before that.
    """
    last, state = None, ""
    for each in told:
        if each.at < moment:
            last, state = each, each.state or state
    if last is None or last.period_end != moment or state in ENDED:
        return False
    return (find_length(last.period_start, moment) or 0) > 1


def _is_told(told, moment):
    return any(each.at >= moment for each in told)
