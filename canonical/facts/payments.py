"""Facts about money that came in from customers, went back to them, or is held for
them. All amounts are in minor units.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from ..kinds import Kind
from .base import ExternalId, Fact, Minor, MoneyFact


class Payment(MoneyFact):
    """Money received. ``external_id`` and ``aliases`` are all ids the source has
    for this one sum, such as a payment intent and its charge.
    """

    kind = Kind.PAYMENT

    aliases: tuple[ExternalId, ...] = ()
    amount: Annotated[Minor, Field(gt=0)]
    paid_at: datetime
    #: ids of the invoices it pays, where the source says so
    invoices: tuple[ExternalId, ...] = ()
    #: set where ``amount`` is only the part that went to one invoice, and not the
    #: whole sum that came in: the id of that part
    allocation: ExternalId | None = None

    @property
    def amounts(self):
        return [self.amount]

    @property
    def order_key(self):
        """Return the id of the money itself, because its events come with and without
        the customer.
        """
        return self.external_id

    @property
    def ids(self):
        """Return every id this money goes by, the main one first."""
        return (self.external_id, *self.aliases)

    @property
    def arrivals(self):
        return [(self.kind, external_id) for external_id in self.ids]


REFUND_RANK = {"pending": 1, "succeeded": 2, "returned": 3}


class Refund(MoneyFact):
    """Money sent back. ``left``: it has left the clearing balance, so it is
    booked; state ``returned``: it did not arrive, and came back.
    """

    kind = Kind.REFUND

    payment: ExternalId
    amount: Annotated[Minor, Field(gt=0)]
    state: Literal["pending", "succeeded", "returned"]
    left: bool
    refunded_at: datetime
    returned_at: datetime | None = None

    @property
    def amounts(self):
        return [self.amount]

    @property
    def arrivals(self):
        back = [(Kind.REFUND_RETURN, self.external_id)] * (self.state == "returned")
        return [*super().arrivals, (Kind.REFUND_OF, self.payment), *back]


class RefundTotal(MoneyFact):
    """How much of a payment has been sent back so far. Nothing is booked from it: it is
    done once refunds of that sum are known.
    """

    kind = Kind.REFUND_TOTAL

    payment: ExternalId
    refunded: Annotated[Minor, Field(ge=0)]


class HeldCashChange(MoneyFact):
    """A change of held cash: a customer's own money that the source holds. ``amount``
    is what is added; below zero it is taken out. ``payment`` is the payment that the
    money goes to or comes back from; the change counts once that is paid.
    """

    kind = Kind.HELD_CASH_CHANGE

    amount: Minor
    changed_at: datetime
    payment: ExternalId | None = None

    @property
    def amounts(self):
        return [self.amount]


class OutsidePayment(Fact):
    """An invoice was paid, in whole or in part, but not through the source: the money
    is in no balance of it, and comes with a bank statement.
    """

    kind = Kind.OUTSIDE_PAYMENT

    invoice: ExternalId
