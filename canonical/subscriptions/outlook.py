"""How a subscription stands at an instant, and what comes next by itself."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .lifecycle import Event, Life, Refusal, State, fold
from .period import find_periods
from .target import find_rhythms
from .told import complete, find_term_end, get_zone, read_terms

#: What is told of a moment further from when it was told is a slip.
FURTHEST = timedelta(days=3653)


@dataclass(frozen=True)
class Outlook:
    """A subscription at an instant.

    ``state`` and ``terms`` are as in its life; before it begins, it is pending.
    ``period`` and ``term`` are pairs of instants, each None where there is none.
    ``ends_at`` is when it ends, or ended; None while that is open. ``notice_on`` is the
    last day on which a term that renews itself can be ended. ``next_at`` is when the
    first of these changes by itself, or None.
    """

    state: State = State.NONE
    terms: object = None
    started_at: datetime | None = None
    trial_end: datetime | None = None
    ends_at: datetime | None = None
    period: tuple = (None, None)
    term: tuple = (None, None)
    notice_on: date | None = None
    next_at: datetime | None = None


def is_absurd(effective_at, told_at):
    """Return whether a change takes effect so far from when it was told that somebody
    has written a wrong year.
    """
    return abs(effective_at - told_at) > FURTHEST


def hold(life):
    """Return the segments of a life with their terms as billing takes them."""
    return tuple(replace(s, terms=read_terms(s.terms)) for s in life.segments)


def live(changes, ending, find_cadence):
    """Return the life that changes make, and when they take effect, by their keys.

    :param changes: as :func:`~.lifecycle.fold` takes them, their terms as told.
    :param ending: the keys of cancellations that take effect at the end of the period
        that they were told in.
    :param find_cadence: a function from what is held to the cadence and whether periods
        are the calendar's, as :func:`~.target.find_rhythms` takes them; None if
        unknown.
    """
    if ending:
        others = [change for change in changes if change.kind != Event.CANCELED]
        until = fold(others, complete)
        changes = [
            replace(c, effective_at=_find_end(until, c.effective_at, find_cadence))
            if c.key in ending
            else c
            for c in changes
        ]
    life = fold(changes, complete)
    return life, {change.key: change.effective_at for change in changes}


def find_moot(changes, ending, find_cadence, life):
    """Return the keys of changes that have no effect only because of what was known
    after them. Nobody was wrong when they were told: an upgrade was scheduled, and then
    the subscription was canceled.
    """
    by_key, moot = {change.key: change for change in changes}, set()
    for key, refusal in life.refused.items():
        told = by_key[key].knowledge
        known = [change for change in changes if change.knowledge <= told]
        if refusal == Refusal.SUPERSEDED or (
            key not in live(known, ending, find_cadence)[0].refused
        ):
            moot.add(key)
    return moot


def find_difference(old, new):
    """Return the first instant at which two lives differ; None if they don't."""
    moments = sorted({s.start for life in (old, new) for s in life.segments})
    for moment in moments:
        was, now = old.at(moment), new.at(moment)
        if (was and (was.state, was.terms)) != (now and (now.state, now.terms)):
            return moment
    return None


def look(life, now, find_cadence):
    """Return the :class:`Outlook` of a life at an instant."""
    if not life.segments:
        return Outlook()
    first, last = life.segments[0], life.segments[-1]
    current = life.at(now)
    terms = (current or first).terms
    state = current.state if current else State.PENDING
    period = _find_period(life, current, now, find_cadence)
    term = find_term(terms, now) if state != State.CANCELED else (None, None)
    trials = [s.end for s in life.segments if s.state == State.TRIALING]
    begun = [
        s.start for s in life.segments if s.state in (State.TRIALING, State.ACTIVE)
    ]
    moments = [s.start for s in life.segments] + [period[1], term[1]]
    return Outlook(
        state,
        terms,
        started_at=next(iter(begun), None),
        trial_end=trials[-1] if trials else None,
        ends_at=last.start if last.state == State.CANCELED else None,
        period=period,
        term=term,
        notice_on=_find_notice(terms, term[1]),
        next_at=min((m for m in moments if m and m > now), default=None),
    )


def find_paid_until(life, find_cadence):
    """Return the end of the period in which a life was canceled; None if it was not, or
    if nothing ran when it was.

    :param find_cadence: as :func:`live` takes it.
    """
    *others, running, canceled = (None, None, *life.segments)
    if not canceled or canceled.state != State.CANCELED:
        return None
    if not running or running.state != State.ACTIVE:
        return None
    until = Life((*filter(None, others), replace(running, end=None)))
    # What ends with a period has nothing of the next one.
    return _find_end(until, canceled.start - datetime.resolution, find_cadence)


def _find_end(life, moment, find_cadence):
    """Return the end of the period that an instant is in; the instant itself where
    there is no period.
    """
    segment = life.at(moment)
    return _find_period(life, segment, moment, find_cadence)[1] or moment


def _find_period(life, segment, moment, find_cadence):
    """Return the period of an instant within a segment, a pair of instants."""
    if segment and segment.state == State.TRIALING:
        return segment.start, segment.end
    if not segment or segment.state not in (State.ACTIVE, State.PAUSED):
        return None, None
    segments = hold(life)
    cadence = find_cadence(read_terms(segment.terms))
    rhythms = find_rhythms(segments, *cadence) if cadence else ()
    if not rhythms:
        return None, None
    period = next(find_periods(rhythms, moment, moment + datetime.resolution))
    begun = next(s.start for s in segments if s.state == State.ACTIVE)
    return max(period.start, begun), period.end


def find_term(terms, now):
    """Return the term that an instant is in, of terms that follow each other: a pair of
    instants, each None where no term is told.

    :param terms: what is held, as told.
    """
    term, zone = (terms or {}).get("term"), get_zone(terms)
    if not term or not term.get("start"):
        return None, None
    start, number = datetime.fromisoformat(term["start"]), 1
    while (end := find_term_end(term, zone, number)) and end <= now:
        start, number = end, number + 1
    return start, end


def _find_notice(terms, end):
    term = (terms or {}).get("term")
    if not term or not end:
        return None
    day = end.astimezone(ZoneInfo(get_zone(terms))).date()
    return day - timedelta(days=term.get("notice_days") or 0)
