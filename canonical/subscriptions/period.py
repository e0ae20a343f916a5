"""Service periods: half-open ``[start, end)`` between UTC instants.

Each period is derived from an anchor and its number, never from the one before, so that
a short month drags no later period along: an anchor of 31 January gives 28 February and
then 31 March. Days are those of the subscription's time zone.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta


class Cadence(NamedTuple):
    """How long a period is."""

    months: int = 0
    weeks: int = 0

    def times(self, number):
        """Return the length of so many periods."""
        return relativedelta(months=self.months * number, weeks=self.weeks * number)


CADENCES = {
    "weekly": Cadence(weeks=1),
    "monthly": Cadence(months=1),
    "quarterly": Cadence(months=3),
    "half_yearly": Cadence(months=6),
    "yearly": Cadence(months=12),
}

#: A Monday and the first day of a year: periods counted from it begin with the
#: calendar's weeks, months, quarters, half-years and years.
_CALENDAR = datetime(2001, 1, 1)
#: Time zones are at most so far apart. A boundary that moves by no more than that is
#: the same boundary seen from another zone, and makes no period of a few hours.
_SAME_BOUNDARY = timedelta(hours=26)


class Period(NamedTuple):
    """A period of service ``[start, end)``. The price is for ``[full_start,
    full_end)``, of which it is a part where the rhythm was changed, and all of it
    otherwise.
    """

    start: datetime
    end: datetime
    full_start: datetime
    full_end: datetime


@dataclass(frozen=True)
class Rhythm:
    """Periods of one cadence, counted from an anchor.

    ``anchor`` is an aware instant, ``zone`` the IANA name of the zone whose days and
    months count. ``is_calendar``: periods begin with the calendar's instead, at
    midnight.
    ``since`` is the first instant of which this rhythm decides: the end of a period of
    the rhythm before, or None.
    """

    anchor: datetime
    zone: str
    cadence: Cadence
    is_calendar: bool = False
    since: datetime | None = None

    def boundary(self, number):
        """Return the instant at which a period begins; numbers may be below zero.

        A local time that the change of clocks leaves out is the instant an hour later,
        and of one that comes twice the first counts.
        """
        zone = ZoneInfo(self.zone)
        if self.is_calendar:
            first = _CALENDAR
        else:
            first = self.anchor.astimezone(zone).replace(tzinfo=None, fold=0)
        moment = first + self.cadence.times(number)
        return moment.replace(tzinfo=zone).astimezone(UTC)

    def number_at(self, moment):
        """Return the number of the period that an instant is in."""
        length = timedelta(weeks=self.cadence.weeks, days=30 * self.cadence.months)
        number = (moment - self.boundary(0)) // length
        while self.boundary(number) > moment:
            number -= 1
        while self.boundary(number + 1) <= moment:
            number += 1
        return number

    def boundaries(self, moment):
        """Yield boundaries in order, from the one at or before an instant."""
        return (self.boundary(n) for n in count(self.number_at(moment)))

    def periods(self, start, end):
        """Yield the periods that overlap ``[start, end)``, in order."""
        start = max(start, self.since or start)
        if start >= end:
            return
        for full_start, full_end in pairwise(self.boundaries(start)):
            if self._is_since(full_end):
                continue
            if self._is_since(full_start):
                full_start = self.since
            if full_start >= end:
                return
            first = max(full_start, self.since or full_start)
            yield Period(first, full_end, full_start, full_end)

    def _is_since(self, boundary):
        """Return whether a boundary is the instant from which this rhythm decides."""
        since = self.since
        return since is not None and abs(boundary - since) <= _SAME_BOUNDARY


def find_periods(rhythms, start, end):
    """Yield the periods of several rhythms that overlap ``[start, end)``, in order.
    They have no gap and no overlap.

    :param rhythms: one for each change of zone or anchor, in order; each but the first
        has the ``since`` that :func:`change_rhythm` gives it.
    """
    for rhythm, following in pairwise([*rhythms, None]):
        until = end if following is None else min(end, following.since)
        if start < until:
            yield from rhythm.periods(start, until)


def change_rhythm(rhythms, rhythm, moment):
    """Return rhythms with one more, from the end of the period that ``moment`` is in:
    the last one that is billed under the old rhythm. Of two changes in one period, the
    later counts.
    """
    *before, last = rhythms
    since = last.since
    if since is None or moment >= since:
        before.append(last)
        [period] = last.periods(moment, moment + datetime.resolution)
        since = period.end
    return [*before, replace(rhythm, since=since)]
