"""Money that the source only knows from hearsay."""

from .base import ExternalId, Fact


class OutsidePayment(Fact):
    """An invoice was paid, in whole or in part, but not through the source: the money
    is in no balance of it, and comes with a bank statement.
    """

    kind = "outside_payment"

    invoice: ExternalId
