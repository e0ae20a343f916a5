"""Money that customers sent ahead, which the source keeps apart for them."""

from datetime import datetime

from .base import ExternalId, Minor, MoneyFact


class CashBalanceChange(MoneyFact):
    """A change of what the source holds of a customer's own money. ``amount`` is what
    is added: below zero it is taken out. ``payment``: the payment that the money goes
    to, or comes back from; what it does there counts once it was paid.
    """

    kind = "cash_balance_change"

    amount: Minor
    changed_at: datetime
    payment: ExternalId | None = None

    @property
    def amounts(self):
        return [self.amount]
