"""What is held of a subscription: the terms that its changes tell in whole."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction


@dataclass(frozen=True)
class Terms:
    """A version of a plan, how many of each component, and in which currency.

    ``version`` names the version; ``quantities`` are pairs of a component's code and an
    exact number. ``zone`` is the IANA name of the time zone whose days count,
    ``anchor`` the instant that periods are counted from: None for the beginning of
    what is billed.
    """

    version: object
    currency: str
    quantities: tuple[tuple[str, Fraction], ...] = ()
    zone: str = "UTC"
    anchor: datetime | None = None

    def quantity(self, code):
        """Return how many of a component are held: none of what isn't named."""
        return dict(self.quantities).get(code, Fraction(0))
