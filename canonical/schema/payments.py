"""``payment.*`` and ``refund.*``: money in, money taken back, money sent back.

``fee`` is for whoever holds the money: what it keeps of it. Only with a fee, which may
be 0, is the movement itself listed, and a payout can be proved from its movements.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .base import (
    Currency,
    Data,
    ElsewhereRef,
    Flag,
    Minor,
    Moment,
    Person,
    Positive,
    Ref,
    Text,
)


class PaidInvoice(Data):
    """An invoice that a payment pays; without an ``amount``, as much as there is."""

    id: Ref
    amount: Positive | None = None


class ElsewhereDocument(Data):
    """A document that another system issued and this money is for: by the id that it
    has there, or by its number.
    """

    id: Ref | None = None
    number: Ref | None = None
    amount: Positive | None = None

    @model_validator(mode="after")
    def _check_named(self):
        if (self.id is None) == (self.number is None):
            raise ValueError("A document should have an id or a number, not both.")
        return self


_Documents = Annotated[list[ElsewhereDocument], Field(max_length=100)]


class _Money(Data):
    """What all facts about money have in common."""

    id: Ref
    customer: Ref | None = None
    amount: Positive
    currency: Currency


class PaymentSucceeded(_Money):
    """A sum that was received. Whoever names neither a customer nor an invoice tells
    of a guest's money.
    """

    paid_at: Moment
    other_ids: Annotated[list[Ref], Field(max_length=20)] = Field(
        [], description="All other ids that this one sum goes by."
    )
    payer: Person = Person()
    invoices: Annotated[list[PaidInvoice], Field(max_length=100)] = []
    gateway: ElsewhereRef | None = Field(
        None,
        description="The gateway that took the money, and its id of the payment: the "
        "sum is booked once, as that gateway tells it.",
    )
    invoices_elsewhere: _Documents = Field(
        [], description="Invoices of a linked system that it pays."
    )
    fee: Minor | None = None

    @model_validator(mode="after")
    def _check_invoices(self):
        stated = [invoice.amount for invoice in self.invoices]
        if len(stated) > 1 and not (self.customer and None not in stated):
            raise ValueError(
                "A payment of several invoices should name its customer, and the "
                "amount that goes to each."
            )
        if len({invoice.id for invoice in self.invoices}) < len(stated):
            raise ValueError("Each invoice should be there once.")
        if sum(filter(None, stated)) > self.amount:
            raise ValueError("The invoices should get no more than the payment has.")
        return self


class PaymentFailed(_Money):
    """A try to get money that got none. It books nothing: what was received and taken
    back is ``payment.reversed``.
    """

    invoice: Ref | None = None
    failed_at: Moment
    reason: Text = ""
    will_retry: Flag = False


class PaymentReversed(_Money):
    """A payment that was received and taken back as a whole: a debit that failed late,
    or a chargeback. What it had paid is open again. Money that comes back after all is
    a payment with an id of its own.
    """

    payment: Ref
    reversed_at: Moment
    reason: Literal["late_failure", "chargeback", "other"] = "other"
    fee: Minor | None = None


class RefundSucceeded(_Money):
    """Money that was sent back, of a payment or of none that is known."""

    payment: Ref | None = None
    payer: Person = Person()
    refunded_at: Moment
    gateway: ElsewhereRef | None = Field(
        None, description="The gateway that sent the money, and its id of the refund."
    )
    credit_notes_elsewhere: _Documents = Field(
        [], description="Credit notes of a linked system that it is for."
    )
    fee: Minor | None = None
