"""The target of each period of a component: what should be charged for it by now."""

from dataclasses import dataclass
from datetime import datetime

from .held import Policy, find_holds, find_layers
from .lifecycle import State
from .period import CADENCES, Period, Rhythm, change_rhythm, find_periods
from .share import Ruler


@dataclass(frozen=True)
class Component:
    """How a component of a plan is billed; what it costs, its rates say.

    ``key`` names it, ``cadence`` is a key of :data:`~.period.CADENCES`, and
    ``proration`` as :class:`~.share.Ruler` has it.
    """

    key: object
    cadence: str = "monthly"
    is_advance: bool = True
    is_calendar: bool = False
    proration: str = "day"
    policy: Policy = Policy()


@dataclass(frozen=True)
class Target:
    """What a period of a component is to be charged for: ``holds`` are the parts in
    which it was held, ``layers`` those parts in units of the ``ruler``. ``due_at`` is
    when that may be billed first: an aware instant, or None where nothing was held.
    """

    period: Period
    ruler: Ruler
    holds: tuple
    layers: tuple
    due_at: datetime | None

    @property
    def key(self):
        """Return what names the period among those of its component. If more becomes
        known of a life, its periods may be others, and what was booked of one that is
        none any more is credited.
        """
        return self.period.full_start, self.period.full_end, self.ruler.zone


def find_rhythms(segments, cadence, is_calendar):
    """Return the rhythms of a life, one for each time zone and anchor that its terms
    have had: a change of them counts from the end of the period that it falls in.
    """
    rhythms, known = [], None
    for segment in segments:
        if segment.state != State.ACTIVE:
            continue
        clock = (segment.terms.anchor, segment.terms.zone)
        if clock == known:
            continue
        known = clock
        anchor = segment.terms.anchor
        if anchor is None:
            anchor = rhythms[0].anchor if rhythms else segment.start
        rhythm = Rhythm(anchor, segment.terms.zone, CADENCES[cadence], is_calendar)
        if rhythms:
            rhythms = change_rhythm(rhythms, rhythm, segment.start)
        else:
            rhythms = [rhythm]
    return rhythms


def find_targets(segments, component, find_rate, until, since=None):
    """Yield the :class:`Target` of each period of a component that has begun at an
    instant, in order, also of those in which it was not held.

    :param segments: of the life, as :func:`~.lifecycle.fold` gives them.
    :param find_rate: as :func:`~.held.find_holds` takes it.
    :param since: leave out the periods that had ended by then.
    """
    active = [segment.start for segment in segments if segment.state == State.ACTIVE]
    if not active:
        return
    rhythms = find_rhythms(segments, component.cadence, component.is_calendar)
    first = max(active[0], since or active[0])
    for period in find_periods(rhythms, first, until + datetime.resolution):
        zone = [r.zone for r in rhythms if not r.since or r.since <= period.start][-1]
        ruler = Ruler(period, component.proration, zone)
        holds = find_holds(
            segments, period, find_rate, component.policy, component.is_advance
        )
        yield Target(
            period,
            ruler,
            tuple(holds),
            tuple(find_layers(holds, ruler)),
            _find_due(segments, period, holds, component.is_advance),
        )


def _find_due(segments, period, holds, is_advance):
    """Return when a period may be billed: as it begins, or once it is over; or once it
    is clear that nothing more comes.
    """
    if not holds:
        return None
    if is_advance:
        return holds[0].start
    last = segments[-1]
    if last.state == State.CANCELED and last.start < period.end:
        return max(last.start, holds[-1].end)
    return period.end
