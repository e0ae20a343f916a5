"""What a gateway says of its money, in one currency."""

from dataclasses import dataclass
from decimal import Decimal

_ZERO = Decimal(0)


@dataclass
class Money:
    """Sums in major units: what came in and stayed, what was given back to customers,
    what the gateway has kept, and what it has sent to the bank.
    """

    collected: Decimal = _ZERO
    given_back: Decimal = _ZERO
    fees: Decimal = _ZERO
    paid_out: Decimal = _ZERO

    @property
    def held(self):
        """What the gateway still has."""
        return self.collected - self.given_back - self.fees - self.paid_out


def to_major(minor):
    """Return an amount of cents in euros, or of any other currency with two places."""
    return Decimal(minor).scaleb(-2)
