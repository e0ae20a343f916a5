"""What is taken off a price, for a time."""

from datetime import datetime
from fractions import Fraction
from typing import NamedTuple


class Discount(NamedTuple):
    """A part between 0 and 1 that is taken off in ``[start, end)``; without an end, for
    good. ``component`` is the code that it is for; empty: all.
    """

    part: Fraction
    start: datetime
    end: datetime | None = None
    component: str = ""

    def counts(self, component, moment):
        """Return whether it is taken off a component at an instant."""
        return (
            self.component in ("", component)
            and self.start <= moment
            and (self.end is None or moment < self.end)
        )


def find_part(discounts, component, moment):
    """Return which part is taken off a component at an instant. Of several that count,
    the highest does: they are never added up.
    """
    parts = (each.part for each in discounts if each.counts(component, moment))
    return max(parts, default=Fraction(0))


def find_cuts(discounts, component, start, end):
    """Return the instants within ``(start, end)`` at which what is taken off may be
    another part, in order.
    """
    moments = set()
    for each in discounts:
        if each.component in ("", component):
            moments |= {each.start, each.end}
    return sorted(moment for moment in moments if moment and start < moment < end)
