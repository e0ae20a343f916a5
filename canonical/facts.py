"""The facts an event can state, as snapshots of an object at its source.

A fact says how an object *is*, not what changed: a handler brings Odoo's records
to that state, whatever order the snapshots come in. Amounts are integers in the
source's minor unit with its ``exponent``; times are aware and in UTC.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .money import to_decimal

FACTS_VERSION = 1

#: 10^15 minor units are more than any invoice, and exact in every type on the way.
Minor = Annotated[int, Field(strict=True, ge=-(10**15), le=10**15)]
ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=255)]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Part(BaseModel):
    """A value inside a fact."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(Part):
    """A snapshot of one object at its source.

    ``kind`` names the family of handlers, ``external_id`` the object, and
    ``customer`` (where it is known) whose order of events it keeps. ``version``
    orders snapshots of data that has no rank of states; it never orders money.
    """

    kind: ClassVar[str]

    external_id: ExternalId
    customer: ExternalId | None = None
    version: str = ""

    @property
    def order_key(self):
        """Facts with the same key are applied one after the other."""
        return self.customer or self.external_id

    @property
    def arrivals(self):
        """What is known once this fact is applied, as (kind, external id): events
        that wait for one of these go on.
        """
        return [(self.kind, self.external_id)]


class MoneyFact(Fact):
    """A fact with amounts in one currency."""

    currency: CurrencyCode
    exponent: Annotated[int, Field(ge=0, le=4)]
    #: of how many minor units the source's amounts are multiples
    step: Annotated[int, Field(ge=1)] = 1

    @property
    def amounts(self):
        """All amounts that are booked from this fact, in minor units."""
        return []

    def decimal(self, minor):
        """Return minor units of this fact's currency as an exact Decimal."""
        return to_decimal(minor, self.exponent)


class Address(Part):
    street: str = ""
    street2: str = ""
    city: str = ""
    zip: str = ""
    state_code: str = ""
    country_code: str = ""


class Customer(Fact):
    """A customer. ``stub`` is one read off another object, such as an invoice:
    good enough to match or create, never to change what is known already.
    """

    kind = "customer"

    name: str = ""
    email: str = ""
    phone: str = ""
    vat_numbers: tuple[str, ...] = ()
    address: Address = Address()
    currency: CurrencyCode | None = None
    deleted: bool = False
    stub: bool = False


class SubscriptionItem(MoneyFact):
    kind = "subscription_item"

    price: str = ""
    product: str = ""
    quantity: Decimal = Decimal(1)
    unit_amount: Minor = 0


class Subscription(Fact):
    """A subscription's state and current period. Nothing is booked from it."""

    kind = "subscription"

    state: Literal[
        "incomplete",
        "incomplete_expired",
        "trialing",
        "active",
        "past_due",
        "canceled",
        "unpaid",
        "paused",
    ]
    currency: CurrencyCode
    started_at: datetime | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    canceled_at: datetime | None = None
    cancel_at_period_end: bool = False
    items: tuple[SubscriptionItem, ...] = ()


class TaxAmount(Part):
    """A tax on one line. ``rate`` is the source's id of the rate."""

    rate: str = ""
    amount: Minor


class DocumentLine(Part):
    """A line of an invoice or credit note; ``net`` is after discounts, without
    tax, whatever way the source stated its prices.
    """

    external_id: str = ""
    description: str = ""
    product: str = ""
    price: str = ""
    quantity: Annotated[int, Field(ge=1)] = 1
    net: Minor
    taxes: tuple[TaxAmount, ...] = ()
    period_start: datetime | None = None
    period_end: datetime | None = None


class Document(MoneyFact):
    """What invoices and credit notes have in common. All amounts as the source
    signs them: a credit note's are positive.
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
        party = [("customer", self.party.external_id)] if self.party else []
        return [*super().arrivals, *party]

    def stated_total(self):
        """Return the sum of the lines in minor units: net and taxes."""
        return sum(
            line.net + sum(tax.amount for tax in line.taxes) for line in self.lines
        )


#: Ranks of an invoice's states; a snapshot of a lower rank changes nothing.
INVOICE_RANK = {"draft": 0, "open": 1, "uncollectible": 2, "paid": 3, "void": 3}


class Invoice(Document):
    kind = "invoice"

    state: Literal["draft", "open", "uncollectible", "paid", "void"]
    due_at: datetime | None = None
    subscription: str = ""
    #: ids of the payments the source says settle this invoice
    payments: tuple[ExternalId, ...] = ()
    #: set when this snapshot tells that collecting the money failed
    failed_attempt: Annotated[int, Field(ge=0, le=10**6)] = 0


CREDIT_NOTE_RANK = {"issued": 1, "void": 2}


class CreditNote(Document):
    """``settles_invoice``: it lowers what is still due on the open invoice;
    otherwise the money goes back by ``refunds``, or stays as open credit.
    """

    kind = "credit_note"

    invoice: ExternalId
    state: Literal["issued", "void"]
    settles_invoice: bool
    refunds: tuple[ExternalId, ...] = ()


class Payment(MoneyFact):
    """Money received. ``external_id`` and ``aliases`` are all ids the source has
    for this one sum, such as a payment intent and its charge.
    """

    kind = "payment"

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
        """The money itself: its events come with and without the customer."""
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

    kind = "refund"

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
        return [*super().arrivals, ("refund_of", self.payment)]


class RefundTotal(MoneyFact):
    """How much of a payment has been sent back so far. Nothing is booked from
    it: it is settled once refunds of that sum are known.
    """

    kind = "refund_total"

    payment: ExternalId
    refunded: Annotated[Minor, Field(ge=0)]
