"""``invoice.*`` and ``credit_note.*``: documents, whole and final."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..facts import UNTAXED
from .base import (
    Country,
    Currency,
    Data,
    DecimalText,
    Minor,
    Moment,
    NotNegative,
    Percentage,
    Positive,
    Ref,
    Text,
    Word,
)
from .customers import Party


class Tax(Data):
    """A tax on one line. It is found in Odoo by ``rate``, a code of the sender's that a
    person maps once, or by what it is.
    """

    amount: Minor
    rate: Word = ""
    percentage: Percentage | None = None
    country: Country = ""
    state: Word = ""
    name: Word = ""
    taxable: Minor | None = Field(None, description="What it was computed of.")
    reason: Literal[UNTAXED] | None = Field(
        None, description="Why no tax is charged, where the amount is 0."
    )


class Line(Data):
    """A line; ``net`` is after discounts and without tax, whatever way the sender
    states its prices.
    """

    id: Word = ""
    description: Text = ""
    product: Word = ""
    price: Word = ""
    quantity: DecimalText = "1"
    net: Minor
    taxes: Annotated[list[Tax], Field(max_length=20)] = []
    period_start: Moment | None = None
    period_end: Moment | None = None

    @property
    def gross(self):
        """Return the line's amount with its taxes, in minor units."""
        return self.net + sum(tax.amount for tax in self.taxes)


class _Document(Data):
    """What invoices and credit notes have in common."""

    id: Ref
    number: Word = ""
    issued_at: Moment
    currency: Currency
    total: Minor = Field(description="The sum of the lines: net and taxes.")
    lines: Annotated[list[Line], Field(min_length=1, max_length=1000)]

    @model_validator(mode="after")
    def _check_total(self):
        if sum(line.gross for line in self.lines) != self.total:
            raise ValueError("The total should be the sum of the lines and taxes.")
        return self


class InvoiceIssued(_Document):
    """An invoice that is final. It never changes; what is paid of it is told by
    payments.
    """

    customer: Party
    due_at: Moment | None = None
    subscription: Word = ""
    payments: Annotated[list[Ref], Field(max_length=100)] = Field(
        [], description="Ids of payments that pay it, where the sender knows them."
    )


class InvoiceVoided(InvoiceIssued):
    """An invoice that was given up as a mistake: the whole invoice, and when it was
    voided. It may be the first that is told of it.
    """

    voided_at: Moment


class CreditNoteRefund(Data):
    """A refund that belongs to a credit note, and how much of it does."""

    id: Ref
    amount: Positive | None = None


class CreditNoteIssued(_Document):
    """A credit note. Its amounts are above zero. ``to_invoice`` lowers what is still
    due on the invoice; the rest goes back: by refunds, to the customer's credit, or
    outside the sender. It is an open item as far as none of these is stated.
    """

    invoice: Ref
    customer: Ref | None = None
    to_invoice: NotNegative = 0
    refunds: Annotated[list[CreditNoteRefund], Field(max_length=100)] = []
    to_credit: NotNegative = 0
    outside: NotNegative = 0
    reason: Word = Field(
        "", description="Why it was issued, as a word that the receiver maps."
    )
