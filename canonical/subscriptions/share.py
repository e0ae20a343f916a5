"""Proration in exact integers: which part of a period's amount a part of it costs.

``share(amount, elapsed, length)`` is cumulative and rounded half away from zero. What a
part costs is the difference of two such shares, so whatever cuts there are, the parts
sum to the whole, and no part takes a rest.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from ..moments import get_begin_of_day
from .period import Period


def share(amount, elapsed, length):
    """Return ``amount * elapsed / length``, rounded half away from zero.

    :param int amount: in minor units; a negative one gives the negative share.
    :param int elapsed: of ``length``; both in one unit, ``0 <= elapsed <= length``.
    """
    if not 0 <= elapsed <= length:
        raise ValueError("A share is of a moment inside its period.")
    value = (2 * abs(amount) * elapsed + length) // (2 * length)
    return value if amount >= 0 else -value


#: The SQL of :func:`share` over bigint columns: the same to the unit for amounts up to
#: 10^15 and lengths up to 2.1 * 10^9. A plain ``round(amount * elapsed / length)`` is
#: not: a division of numeric rounds before round() does, and one of bigint overflows.
SHARE_SQL = (
    "sign({amount})::bigint * ((abs({amount}) / {length}) * {elapsed}"
    " + (2 * (abs({amount}) %% {length}) * {elapsed} + {length}) / (2 * {length}))"
)


@dataclass(frozen=True)
class Ruler:
    """Measures a period in the units in which its price is shared out.

    ``proration`` is ``second``; ``day``, where the day of a change belongs to what
    comes after it; or ``none``, where a period is not divided.
    """

    period: Period
    proration: str
    zone: str

    @cached_property
    def length(self):
        """How many units the whole period has."""
        return self._measure(self.period.full_end)

    def position(self, moment):
        """Return how many units of the period have passed at an instant, which may lie
        before or after it.
        """
        if moment <= self.period.full_start:
            return 0
        if moment >= self.period.full_end:
            return self.length
        return self._measure(moment)

    def moment(self, position):
        """Return the instant at which so many units have passed."""
        if position <= 0:
            return self.period.full_start
        if position >= self.length:
            return self.period.full_end
        if self.proration == "second":
            return self.period.full_start + timedelta(seconds=position)
        zone = ZoneInfo(self.zone)
        day = self.period.full_start.astimezone(zone).date() + timedelta(position)
        return get_begin_of_day(day, zone)

    def _measure(self, moment):
        start = self.period.full_start
        if self.proration == "second":
            return int((moment - start).total_seconds())
        if self.proration == "none":
            return int(moment >= self.period.full_end)
        zone = ZoneInfo(self.zone)
        return (moment.astimezone(zone).date() - start.astimezone(zone).date()).days
