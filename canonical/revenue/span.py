"""The time that a service takes, and how far it has come at an instant: in whole units
of one of six methods, so that what is earned is an exact share.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from itertools import count
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from .months import add_months, count_months, get_begin, get_month


class Method(StrEnum):
    """How a service is shared out to months."""

    #: By its days; the day on which it ends is not one of them.
    DAY = "day"
    #: By its seconds.
    SECOND = "second"
    #: As many even parts as it has begun months counted from its own first day, one for
    #: each calendar month from the first on.
    MONTH_EVEN = "month_even"
    #: The first and the last month by their seconds, and even parts for those between.
    MONTH_EVEN_PRORATED = "month_even_prorated"
    #: As a price for each month, of which a part of a month has its part by days.
    MONTH_BY_DAYS = "month_by_days"
    #: An even part for each calendar month, that in which it begins too, and that in
    #: which it ends only if it lasts until the end of that.
    FULL_MONTHS = "full_months"


#: Methods that take whole months evenly, and parts of a month by what they are of it.
_MIXED = (Method.MONTH_EVEN_PRORATED, Method.MONTH_BY_DAYS)


@dataclass(frozen=True)
class Span:
    """A service ``[start, end)`` between aware instants, whose days and months are
    those of ``zone``, shared out by ``method``.
    """

    start: datetime
    end: datetime
    zone: str
    method: Method

    @cached_property
    def first(self):
        """The month in which it begins."""
        return get_month(self.start, self.zone)

    @cached_property
    def last(self):
        """The last month that earns anything."""
        if self.method in (Method.MONTH_EVEN, Method.FULL_MONTHS):
            return add_months(self.first, self.length - 1)
        last = get_month(self.end, self.zone)
        if self.end <= get_begin(last, self.zone) and last > self.first:
            return add_months(last, -1)
        return last

    @cached_property
    def length(self):
        """How many units it has: 0 for a service that takes no time."""
        if self.end <= self.start:
            return 0
        if self.method == Method.MONTH_EVEN:
            return self._count_begun()
        if self.method == Method.FULL_MONTHS:
            return max(count_months(self.first, get_month(self.end, self.zone)), 1)
        if self.method in _MIXED:
            whole, before, after = self._mixed
            return before + whole + after
        return self._measure(self.end)

    def position(self, moment):
        """Return how many units have passed at an instant. Where months are the units,
        a month has passed when it is over.
        """
        if moment <= self.start:
            return 0
        if self.method in (Method.DAY, Method.SECOND):
            return self._measure(min(moment, self.end))
        if moment >= self.end and self.method in _MIXED:
            return self.length
        return self.position_before(get_month(moment, self.zone))

    def position_before(self, month):
        """Return how many units have passed when a month begins."""
        if self.method in (Method.DAY, Method.SECOND):
            return self.position(get_begin(month, self.zone))
        passed = count_months(self.first, month)
        if self.method not in _MIXED:
            return min(max(passed, 0), self.length)
        whole, before, _after = self._mixed
        number, is_cut = self._whole_months
        done = passed - is_cut
        if passed <= 0:
            return 0
        if done > number:
            return self.length
        return before + (whole * done // number if number else 0)

    @cached_property
    def _mixed(self):
        """How many units all whole months have together, the month before them, and
        the one after them.
        """
        start, end = self.start, self.end
        number, is_cut = self._whole_months
        head = get_begin(add_months(self.first, is_cut), self.zone)
        tail = get_begin(add_months(self.first, is_cut + number), self.zone)
        if tail > end or head > end:
            # It begins and ends in one month, and takes no whole one.
            return 0, max(self._measure(end), 0), 0
        if self.method == Method.MONTH_EVEN_PRORATED:
            times = max(number, 1)
            before, after = self._measure(head), self._measure(end)
            after -= self._measure(tail)
            between = self._measure(end) - before - after
            return between * times, before * times, after * times
        days = [_count_days(get_month(moment, self.zone)) for moment in (start, end)]
        before = self._measure(head)
        after = self._measure(end) - self._measure(tail)
        return number * days[0] * days[1], before * days[1], after * days[0]

    @cached_property
    def _whole_months(self):
        """How many months it takes from their beginning to their end, and 1 where
        it takes a part of one before those, or else 0.
        """
        is_cut = int(get_begin(self.first, self.zone) < self.start)
        until = count_months(self.first, get_month(self.end, self.zone))
        return max(until - is_cut, 0), is_cut

    def _measure(self, moment):
        """Return how many seconds have passed at an instant, or how many days."""
        if self.method in (Method.SECOND, Method.MONTH_EVEN_PRORATED):
            return int((moment - self.start).total_seconds())
        return (self._get_date(moment) - self._get_date(self.start)).days

    def _count_begun(self):
        """Return how many months, counted from its first day, have begun when it
        ends.
        """
        zone = ZoneInfo(self.zone)
        start, end = (
            moment.astimezone(zone).replace(tzinfo=None, fold=0)
            for moment in (self.start, self.end)
        )
        return next(n for n in count(1) if start + relativedelta(months=n) >= end)

    def _get_date(self, moment):
        return moment.astimezone(ZoneInfo(self.zone)).date()


def _count_days(month):
    return (add_months(month, 1) - month).days
