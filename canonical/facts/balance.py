"""What customers have to their credit at the source."""

from datetime import datetime

from .base import Minor, MoneyFact


class BalanceAdjustment(MoneyFact):
    """A change of a customer's balance that no document explains. ``amount`` is what
    the customer gains: below zero it is taken away.
    """

    kind = "balance_adjustment"

    amount: Minor
    adjusted_at: datetime

    @property
    def amounts(self):
        return [self.amount]
