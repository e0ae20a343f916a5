"""What a subscription is at each instant: a fold over what is known of it.

What happened is kept in rows that nobody changes: :class:`Change`. The state is never
stored as such; it follows from all rows, in the order of when they take effect, when
they were known, and their number. So they may come late, twice and in any order.

:data:`~.states.TABLE` says what each event does in each state.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from .states import TABLE, WITHDRAWN, Effect, Event, Refusal, State

#: Where it is told that a term has no end any more.
NEVER = datetime.max.replace(tzinfo=UTC)
#: A platform that tells an amendment as the end of one subscription and the beginning
#: of another may say the two with some time between them.
_AMENDED_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """One thing that is known of a subscription. It never changes itself.

    ``key`` names it, ``effective_at`` is since when it is so and ``known_at`` when its
    sender said it: both aware; ``sequence`` orders what is alike. ``terms`` is what is
    held from then on, in whole: the fold does not look into it. ``trial_end`` and
    ``ends_at`` are kept until they are told anew: when a trial ends by itself, and when
    a term ends that is not renewed by itself, or :data:`NEVER`. ``withdraws`` is the
    key of the change that a withdrawal is of. ``part`` is the sender's id of what it is
    told of, where one subscription here is several there; ``continues`` is the part
    that an activation goes on with.
    """

    kind: str
    effective_at: datetime
    known_at: datetime
    key: str
    sequence: int = 0
    terms: object = None
    trial_end: datetime | None = None
    ends_at: datetime | None = None
    withdraws: str = ""
    part: str = ""
    continues: str = ""

    @property
    def knowledge(self):
        """Return what orders changes by when they were known."""
        return (self.known_at, self.sequence, self.key)

    @property
    def order(self):
        """Return what orders changes in a life."""
        return (self.effective_at, *self.knowledge)


@dataclass(frozen=True)
class Segment:
    """A part of a life ``[start, end)`` in one state under one set of terms; the last
    one has no end. ``key`` names the change that began it.
    """

    start: datetime
    end: datetime | None
    state: State
    terms: object
    key: str


@dataclass(frozen=True)
class Life:
    """What a subscription was, is and will be.

    ``segments`` are in order, without a gap. ``refused`` says why changes have no
    effect, by their keys; ``withdrawn`` are the keys of those that were taken back, and
    ``kept`` of those that told what was so already.
    """

    segments: tuple[Segment, ...] = ()
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    withdrawn: frozenset = frozenset()
    kept: frozenset = frozenset()

    def at(self, moment):
        """Return the segment at an instant, or None before it begins."""
        return next((s for s in reversed(self.segments) if s.start <= moment), None)


def fold(changes, complete=None):
    """Return the :class:`Life` that changes make, in whatever order they are given.
    One that is given twice counts once.

    :param complete: a function from the state and the terms before a change, and the
        change, to the change as it counts: it adds what the change leaves out.
    """
    by_key = {change.key: change for change in changes}
    gone = frozenset(c.withdraws for c in by_key.values() if c.kind == WITHDRAWN)
    left = [c for c in by_key.values() if c.kind != WITHDRAWN and c.key not in gone]
    left, refused = _choose_cancellation(_continue(left))
    walk = _Walk(complete)
    for change in sorted(left, key=lambda c: c.order):
        walk.pass_time(change.effective_at)
        walk.apply(change)
    walk.pass_time(None)
    gone &= by_key.keys()
    refused |= walk.refused
    return Life(tuple(walk.segments), refused, gone, frozenset(walk.kept))


def _continue(changes):
    """Return changes in which each activation that continues another part is a change
    of terms, and the cancellation of that part never was. A part that ended long before
    is not continued: its end stands, and nothing revives it.
    """
    result = {change.key: change for change in changes}
    for change in changes:
        if change.kind != Event.ACTIVATED or not change.continues:
            continue
        ends = [
            c
            for c in changes
            if c.kind == Event.CANCELED and c.part == change.continues
        ]
        first = min((c.effective_at for c in ends), default=change.effective_at)
        if first < change.effective_at - _AMENDED_WITHIN:
            continue
        for end in ends:
            result.pop(end.key, None)
        moment = min(first, change.effective_at)
        result[change.key] = replace(change, kind=Event.CHANGED, effective_at=moment)
    return list(result.values())


def _choose_cancellation(changes):
    """Return changes with the one cancellation that was known last, and the others as
    refused: a later one moves the end, be it forth or back.
    """
    ends = sorted(
        (c for c in changes if c.kind == Event.CANCELED), key=lambda c: c.knowledge
    )
    refused = {end.key: Refusal.SUPERSEDED for end in ends[:-1]}
    return [c for c in changes if c.key not in refused], refused


class _Walk:
    """A walk through a life, with what is so at the instant it has come to."""

    def __init__(self, complete=None):
        self.complete = complete
        self.segments = []
        self.refused = {}
        self.kept = set()
        self.state = State.NONE
        self.terms = self.trial_end = self.ends_at = None

    def pass_time(self, until):
        """Let happen what happens by itself before an instant; all of it for None: a
        trial ends, and a term that nobody renews.
        """
        while due := self._find_due():
            moment, state, key = due
            if until is not None and moment >= until:
                return
            self._begin(moment, state, key)

    def _find_due(self):
        due = []
        if self.state == State.TRIALING and self.trial_end:
            due.append((self.trial_end, State.ACTIVE, "trial"))
        is_running = self.state not in (State.NONE, State.CANCELED)
        if is_running and self.ends_at not in (None, NEVER):
            due.append((self.ends_at, State.CANCELED, "term"))
        if not due:
            return None
        moment, state, key = min(due)
        # What is told to have ended before it was told ends at once.
        return max(moment, self.segments[-1].start), state, key

    def apply(self, change):
        """Let one change happen."""
        outcome = TABLE[self.state][change.kind]
        if isinstance(outcome, Refusal):
            self.refused[change.key] = outcome
            return
        if outcome == Effect.KEEP:
            self.kept.add(change.key)
            return
        if self.complete:
            change = self.complete(self.state, self.terms, change)
        if change.terms is not None:
            self.terms = change.terms
        self.trial_end = change.trial_end or self.trial_end
        self.ends_at = change.ends_at or self.ends_at
        state = outcome if isinstance(outcome, State) else self.state
        self._begin(change.effective_at, self._find_state(change, state), change.key)

    def _find_state(self, change, state):
        """Return the state that a change leads to, a trial considered."""
        is_over = not self.trial_end or self.trial_end <= change.effective_at
        if change.kind in (Event.ACTIVATED, Event.RESUMED) and not is_over:
            return State.TRIALING
        if change.kind == Event.TRIAL_ENDED:
            self.trial_end = change.effective_at
        return state

    def _begin(self, moment, state, key):
        """Begin a segment; of two that begin at one instant, the later counts."""
        self.state = state
        if self.segments and self.segments[-1].start == moment:
            self.segments.pop()
        if self.segments:
            last = self.segments[-1]
            is_same = (last.state, last.terms) == (state, self.terms)
            self.segments[-1] = replace(last, end=None if is_same else moment)
            if is_same:
                return
        self.segments.append(Segment(moment, None, state, self.terms, key))
