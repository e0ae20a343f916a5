"""A line that is to be billed, before it is written."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction


@dataclass(frozen=True, eq=False)
class ChargeLine:
    """What is to be billed, or credited, of one component for ``[start, end)``, a part
    of its period ``[period_start, period_end)``. All instants are aware; the days are
    those of ``zone``.

    ``amount`` is in minor units of the currency of ``rate``'s price, below zero for a
    credit; ``full`` is what the whole period costs, and None for usage.
    ``usage_version`` is the newest record that was counted. ``sequence`` says how
    often its period is billed by it, and ``number`` which line of that time it is.
    """

    subscription: object
    component: object
    period_start: datetime
    period_end: datetime
    zone: str
    start: datetime
    end: datetime
    rate: object
    quantity: Fraction
    amount: int
    is_credit: bool
    full: int | None = None
    is_correction: bool = False
    usage_version: int = 0
    sequence: int = 0
    number: int = 0

    @property
    def price(self):
        """Return the price that the line is billed at."""
        return self.rate.price

    @property
    def key(self):
        """Return what names the line: nothing else that is ever billed has it."""
        return (
            f"{self.subscription.id}-{self.component.id}"
            f"-{self.period_start:%Y%m%d%H%M%S}-{self.period_end:%Y%m%d%H%M%S}"
            f"-{self.sequence}-{self.number}"
        )

    @property
    def period(self):
        """Return what names the period among those of its component."""
        return self.period_start, self.period_end, self.zone
