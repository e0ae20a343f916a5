"""Facts about invoices, credit notes, and whatever else changes what a customer owes or
has to its credit. All amounts are in minor units.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from ..display.amounts import write_amount
from ..kinds import Kind
from .base import ExternalId, Fact, Minor, MoneyFact, Part, Quantity
from .catalogue import TaxRateDetails
from .customers import Customer

#: Reasons for a line that no tax is charged on, as an adapter has to name them.
UNTAXED = (
    "customer_exempt",
    "not_collecting",
    "not_subject_to_tax",
    "not_supported",
    "portion_product_exempt",
    "product_exempt",
    "product_exempt_holiday",
    "reverse_charge",
    "zero_rated",
)
#: Why a line was charged no tax, such that its report has to show it all the same.
REPORTED_ZERO = ("reverse_charge", "zero_rated")


class Head(StrEnum):
    """What a document states at its head only, on none of its lines. An adapter makes a
    line of it, with this word as its ``external_id`` and its ``product``: so it has a
    mapping of its own, and a credit note's finds the invoice's.
    """

    DISCOUNT = "discount"
    SHIPPING = "shipping"
    TAX = "tax"


class TaxAmount(Part):
    """A tax on one line. ``rate`` is the source's id of the rate, ``details`` what it
    is where the line tells; ``reason`` is why the line is taxed as it is, and
    ``taxable`` the amount it was computed of.
    """

    rate: str = ""
    amount: Minor
    reason: str = ""
    inclusive: bool = False
    taxable: Minor | None = None
    details: TaxRateDetails | None = None

    @property
    def may_be_left_out(self):
        """Return whether the source says that no tax is due here, for a reason that no
        report asks for: it could be a line without any tax.
        """
        return (
            not self.amount
            and self.reason in UNTAXED
            and self.reason not in REPORTED_ZERO
        )


class DocumentLine(Part):
    """A line of an invoice or credit note; ``net`` is after discounts, without
    tax, whatever way the source stated its prices.
    """

    external_id: str = ""
    description: str = ""
    product: str = ""
    price: str = ""
    quantity: Quantity = Decimal(1)
    net: Minor
    taxes: tuple[TaxAmount, ...] = ()
    period_start: datetime | None = None
    period_end: datetime | None = None

    @property
    def gross(self):
        """Return the line's amount with its taxes, in minor units."""
        return self.net + sum(tax.amount for tax in self.taxes)

    @property
    def parts(self):
        """Return the lines that are booked of this one.

        A tax alone, which is charged or given back without what it is a tax of, has to
        show in the tax report with its base: it is booked as its base with the tax, and
        the same base taken away without any.
        """
        charged = [tax for tax in self.taxes if tax.amount]
        is_alone = charged and (self.product == Head.TAX or not self.net)
        if not is_alone or not all(tax.taxable for tax in charged):
            return [self]
        by_base = {}
        for tax in charged:
            by_base.setdefault(tax.taxable, []).append(tax)
        one = {"quantity": Decimal(1)}
        rest = {"net": self.net - sum(by_base), "taxes": (), **one}
        return [
            *(
                self.model_copy(update={"net": base, "taxes": (*taxes,), **one})
                for base, taxes in by_base.items()
            ),
            self.model_copy(update={**rest, "external_id": ""}),
        ]


class Document(MoneyFact):
    """The values that invoices and credit notes have in common. All amounts have the
    sign that the source gives them: a credit note's are positive.
    """

    number: str = ""
    issued_at: datetime
    voided_at: datetime | None = None
    lines: tuple[DocumentLine, ...]
    lines_complete: bool = True
    total: Minor
    party: Customer | None = None

    @property
    def amounts(self):
        lines = [line.net for line in self.lines]
        return lines + [tax.amount for line in self.lines for tax in line.taxes]

    @property
    def arrivals(self):
        party = [(Kind.CUSTOMER, self.party.external_id)] if self.party else []
        return [*super().arrivals, *party]

    @property
    def terms(self):
        return [self.number, *write_amount(self.decimal(self.total))]

    def stated_total(self):
        """Return the sum of the lines in minor units: net and taxes."""
        return sum(line.gross for line in self.lines)


#: Ranks of an invoice's states; a snapshot of a lower rank changes nothing, unless a
#: paid invoice is open again: see :func:`find_invoice_state`.
INVOICE_RANK = {"draft": 0, "open": 1, "uncollectible": 2, "paid": 3, "void": 3}


def find_invoice_state(versions):
    """Return the state of an invoice, of all that snapshots have told of it.

    A void invoice stays void. A paid one is open or given up again if a later snapshot
    says so: a payment of it was taken off or failed. Of one second, paid is the later.

    :param dict versions: the newest snapshot's version of each state that was told.
    """
    if "void" in versions:
        return "void"
    moments = {state: text.partition(":")[0] for state, text in versions.items()}
    paid = moments.pop("paid", None)
    later = {s for s, moment in moments.items() if paid is None or moment > paid}
    return max(later or {"paid"}, key=INVOICE_RANK.get)


class Allocation(Part):
    """The part of a payment that pays an invoice. ``external_id`` is the part's own
    id, ``amount`` None where the source doesn't tell it.
    """

    external_id: ExternalId
    payment: ExternalId
    amount: Annotated[Minor, Field(ge=0)] | None = None
    paid_at: datetime | None = None
    #: since when it doesn't pay the invoice any longer
    ended_at: datetime | None = None


class Invoice(Document):
    """An invoice: what it states, what was paid of it, and what was given up. Amounts
    are in minor units of its currency, and below zero where the source signs them so.
    """

    kind = Kind.INVOICE

    #: None where the source has a state for it that is not known: it stays what it was
    state: Literal["draft", "open", "uncollectible", "paid", "void"] | None
    due_at: datetime | None = None
    subscription: str = ""
    #: ids of the payments that pay this invoice, as the source says
    payments: tuple[ExternalId, ...] = ()
    #: parts of payments, where the source tells of the parts; and whether these are
    #: all, so that any other one has ended by now
    allocations: tuple[Allocation, ...] = ()
    allocations_known_at: datetime | None = None
    #: set when this snapshot tells that collecting the money failed
    failed_attempt: Annotated[int, Field(ge=0, le=10**6)] = 0
    #: when the source will try by itself to collect it
    next_attempt_at: datetime | None = None
    #: what has been paid, and what is still to be: None where it isn't told
    amount_paid: Minor | None = None
    amount_remaining: Minor | None = None
    paid_at: datetime | None = None
    #: how much of the total changed customer credit instead of what is due: above zero
    #: where credit was used up, below zero where credit was added
    credit_change: Minor = 0
    #: what was paid beyond what was due, and became customer credit
    overpaid: Annotated[Minor, Field(ge=0)] = 0
    overpaid_at: datetime | None = None
    #: what is uncollectible of it by now, where it was given up
    written_off: Annotated[Minor, Field(ge=0)] = 0
    written_off_at: datetime | None = None
    #: money for it came in, but not through the source
    paid_outside: bool = False

    @property
    def amounts(self):
        return [*super().amounts, self.credit_change, self.overpaid, self.written_off]


CREDIT_NOTE_RANK = {"issued": 1, "void": 2}


class CreditRefund(Part):
    """A refund of which ``amount`` belongs to one credit note; None: as much of it
    as nothing else explains.
    """

    external_id: ExternalId
    amount: Annotated[Minor, Field(ge=0)] | None = None


class CreditNote(Document):
    """A credit note. ``to_invoice`` lowers what is still due on the open invoice. The
    rest goes back: by ``refunds``, to customer credit (``to_credit``), or outside the
    source. It stays an open item as far as none of these is stated.

    ``to_credit`` is None where the source says that there is such a part, but not how
    much: it is what the refunds leave.
    """

    kind = Kind.CREDIT_NOTE

    invoice: ExternalId
    #: None where the source has a state for it that is not known: it stays what it was
    state: Literal["issued", "void"] | None
    to_invoice: Annotated[Minor, Field(ge=0)] = 0
    refunds: tuple[CreditRefund, ...] = ()
    to_credit: Annotated[Minor, Field(ge=0)] | None = 0
    outside: Annotated[Minor, Field(ge=0)] = 0
    #: why it was issued, as a word of the source
    reason: str = ""

    @property
    def amounts(self):
        parts = [self.to_invoice, self.to_credit or 0, self.outside]
        return [*super().amounts, *parts, *(r.amount or 0 for r in self.refunds)]


#: A snapshot of a lower rank changes nothing.
DRAFT_RANK = {"failing": 1, "deleted": 2}


class InvoiceDraft(Fact):
    """An invoice that the source could not finalise, or that it has deleted."""

    kind = Kind.INVOICE_DRAFT

    state: Literal["failing", "deleted"]
    #: why, as a code of the source
    problem: str = ""


class CreditAdjustment(MoneyFact):
    """A change of customer credit that no document explains. ``amount`` is what the
    customer gains, in minor units; below zero it is taken away.
    """

    kind = Kind.CREDIT_ADJUSTMENT

    amount: Minor
    adjusted_at: datetime

    @property
    def amounts(self):
        return [self.amount]
