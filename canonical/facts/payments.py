"""Facts about money that came in from customers, went back to them, or is held for
them. All amounts are in minor units.
"""

from datetime import datetime
from enum import IntEnum
from typing import Annotated, Literal

from pydantic import Field

from ..categories import Category
from ..kinds import Kind
from .base import ExternalId, Fact, Minor, MoneyFact, Name
from .customers import Payer
from .links import DocumentLink, GatewayRef

#: Texts that somebody attached to an object: pairs of a key and a value.
Metadata = tuple[tuple[ExternalId, ExternalId], ...]


class Certainty(IntEnum):
    """How well a fact knows when its money moved. What is known better counts; of
    two facts that know it equally well, the earlier moment does. So the day is the
    same in whatever order they come.
    """

    #: It had moved by then, or was asked for then.
    ASSUMED = 0
    #: The source told then that it had moved.
    TOLD = 1
    #: The object that moved it says when.
    STATED = 2
    #: The movement of the source's balance says when.
    MOVED = 3


class Payment(MoneyFact):
    """Money received. ``external_id`` and ``aliases`` are all ids the source has
    for this one sum, such as a payment intent and its charge.

    A sum may be tried to get more than once. ``attempt`` is the alias that names the
    try that ``amount`` came in by: it may fail later, and another one succeed.
    """

    kind = Kind.PAYMENT

    aliases: tuple[ExternalId, ...] = ()
    attempt: ExternalId | None = None
    amount: Annotated[Minor, Field(gt=0)]
    paid_at: datetime
    certainty: Certainty = Certainty.STATED
    #: the id of the movement that brought it, where the source names it
    movement: ExternalId | None = None
    #: ids of the invoices it pays, where the source says so
    invoices: tuple[ExternalId, ...] = ()
    #: set where ``amount`` is only the part that went to one invoice, and not the
    #: whole sum that came in: the id of that part
    allocation: ExternalId | None = None
    #: since when that part is no longer the invoice's: the money is, all the same
    ended_at: datetime | None = None
    #: who paid, where there is no customer; None where only another fact of the sum
    #: tells it
    payer: Payer | None = None
    #: the documents of other systems that it pays, and texts that may name them
    document_links: tuple[DocumentLink, ...] = ()
    metadata: Metadata = ()
    #: the gateway's id of this sum, where another system took it
    gateway_ref: GatewayRef | None = None

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
    def label(self):
        """Return what a guest's open credit is called: the id of the attempt, by which
        people find it at the source, and the payer.
        """
        return (self.payer or Payer()).describe(self.attempt or self.external_id)

    @property
    def arrivals(self):
        return [(self.kind, external_id) for external_id in self.ids]

    @property
    def stakes(self):
        known = (self.ids, self.movement)
        return [self._stake(Category.CHARGE, self.amount, self.paid_at, *known)]

    @property
    def terms(self):
        return [*self.invoices, *super().terms]


class PaymentFailure(MoneyFact):
    """Money that came in and was taken back, because the debit failed after all.
    ``external_id`` is the attempt that failed, ``payment`` the sum it is of.

    ``has_moved`` is false where the source doesn't say that money ever moved: then
    there is something to take back only if it is booked. ``cause`` says whether the
    bank refused late, the payer took the money back, or we did; ``code`` is the reason
    in the network's own code.
    """

    kind = Kind.PAYMENT_FAILURE

    payment: ExternalId
    amount: Annotated[Minor, Field(gt=0)]
    failed_at: datetime
    certainty: Certainty = Certainty.STATED
    has_moved: bool = True
    cause: Literal["failed", "charged_back", "cancelled"] = "failed"
    code: Name = ""

    @property
    def amounts(self):
        return [self.amount]

    @property
    def order_key(self):
        """Return the id of the sum, whose other facts have it too."""
        return self.payment

    @property
    def stakes(self):
        if not self.has_moved:
            return []
        return [self._stake(Category.CHARGE_FAILURE, -self.amount, self.failed_at)]


class MovementDay(Fact):
    """When the source's balance moved because of an object: the day of what is booked
    for the object. ``object_ids`` are all known ids of the object, the main one first,
    and ``category`` says which of its movements it is.
    """

    kind = Kind.MOVEMENT_DAY

    category: Literal[
        Category.CHARGE,
        Category.CHARGE_FAILURE,
        Category.REFUND,
        Category.REFUND_FAILURE,
    ]
    object_ids: Annotated[tuple[ExternalId, ...], Field(min_length=1)]
    moved_at: datetime

    @property
    def order_key(self):
        """Return a key of its own: the movement itself has the id, and no order."""
        return f"{self.kind} {self.external_id}"

    @property
    def arrivals(self):
        """Return also the failure that is booked because of this."""
        failed = self.category == Category.CHARGE_FAILURE
        return [
            *super().arrivals,
            *((Kind.PAYMENT_FAILURE, ref) for ref in self.object_ids if failed),
        ]


REFUND_RANK = {"pending": 1, "succeeded": 2, "returned": 3}


class Refund(MoneyFact):
    """Money sent back. ``left``: it has left the clearing balance, so it is
    booked; state ``returned``: it did not arrive, and came back.

    ``refunded_at`` is when it left, as well as ``certainty`` says; before it has left,
    it is when it was asked for.

    ``payment`` is None where the source names no payment that it gives back. Then
    ``payer`` is who got it.
    """

    kind = Kind.REFUND

    payment: ExternalId | None
    amount: Annotated[Minor, Field(gt=0)]
    state: Literal["pending", "succeeded", "returned"]
    left: bool
    refunded_at: datetime
    certainty: Certainty = Certainty.STATED
    #: the id of the movement by which it left, where the source names it
    movement: ExternalId | None = None
    returned_at: datetime | None = None
    return_certainty: Certainty = Certainty.STATED
    payer: Payer | None = None
    #: the documents of other systems that it is for, and texts that may name them
    document_links: tuple[DocumentLink, ...] = ()
    metadata: Metadata = ()
    #: the gateway's id of this refund, where another system made it
    gateway_ref: GatewayRef | None = None

    @property
    def amounts(self):
        return [self.amount]

    @property
    def label(self):
        """Return what money for a guest is called: its id, and who got it."""
        return (self.payer or Payer()).describe(self.external_id)

    @property
    def arrivals(self):
        of = [(Kind.REFUND_OF, self.payment)] * bool(self.payment)
        back = [(Kind.REFUND_RETURN, self.external_id)] * (self.state == "returned")
        return [*super().arrivals, *of, *back]

    @property
    def stakes(self):
        left = self._stake(
            Category.REFUND, -self.amount, self.refunded_at, movement=self.movement
        )
        back = self._stake(Category.REFUND_FAILURE, self.amount, self.returned_at)
        return [left] * self.left + [back] * (self.state == "returned")

    @property
    def terms(self):
        return [self.payment, *super().terms]


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
