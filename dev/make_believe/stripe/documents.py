"""What a Stripe account bills and is paid, as plain values: money in Decimal, moments
in UTC.

How an object looks as JSON is the shapes' concern; what it does to the books is the
ledger's. Both read these, so neither depends on the other.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from .fate import DONE, Fate
from .products import Product, TaxRate
from .units import ZERO


@dataclass
class Line:
    """A line of an invoice. ``net`` is after the discount and without tax."""

    id: str
    product: Product
    description: str
    quantity: int
    net: Decimal
    rate: TaxRate | None = None
    tax: Decimal = ZERO
    discount: Decimal = ZERO
    proration: bool = False
    #: Stripe states it at the head of the document, and not among its lines.
    is_shipping: bool = False
    start: datetime | None = None
    end: datetime | None = None

    @property
    def amount(self):
        """What Stripe states: before the discount, with a tax that is included."""
        included = self.tax if self.rate and self.rate.inclusive else ZERO
        return self.net + self.discount + included

    @property
    def gross(self):
        return self.net + self.tax


class _Sums:
    """What the ``lines`` of a document add up to."""

    @property
    def goods(self):
        """The lines that Stripe shows as such."""
        return [line for line in self.lines if not line.is_shipping]

    @property
    def subtotal(self):
        """What its lines state, before discounts."""
        return sum((line.amount for line in self.goods), ZERO)

    @property
    def shipping(self):
        return next((line for line in self.lines if line.is_shipping), None)

    @property
    def net(self):
        return sum((line.net for line in self.lines), ZERO)

    @property
    def tax(self):
        return sum((line.tax for line in self.lines), ZERO)

    @property
    def total(self):
        return self.net + self.tax


@dataclass
class Payment:
    """One sum of money, which a payment intent, a charge and, since basil, an invoice
    payment tell of.
    """

    id: str
    charge: str
    part: str
    amount: Decimal
    currency: str
    paid_at: datetime
    invoice: "Invoice | None" = None
    refunded: Decimal = ZERO
    disputed: bool = False
    #: When it failed after it had succeeded; when it was taken off its invoice; and
    #: when it was put to the one it is on, if not at once.
    failed_at: datetime | None = None
    detached_at: datetime | None = None
    attached_at: datetime | None = None
    #: Booked on another receivable account than its invoice.
    is_apart: bool = False

    @property
    def movement(self):
        return self.charge.replace("ch_", "txn_", 1)

    @property
    def failure_movement(self):
        return f"{self.movement}_failure" if self.failed_at else ""


@dataclass
class Invoice(_Sums):
    """An invoice from the moment it was finalised: what it asks for, and what became
    of that. ``fate`` is what is meant to become of its events.
    """

    id: str
    number: str
    currency: str
    lines: list[Line]
    finalized_at: datetime
    #: The day it is of, where that is not the day it was finalised.
    effective_at: datetime | None = None
    subscription: str = ""
    reason: str = "subscription_cycle"
    status: str = "open"
    attempts: int = 0
    due_at: datetime | None = None
    paid_at: datetime | None = None
    voided_at: datetime | None = None
    payments: list[Payment] = field(default_factory=list)
    credited_before: Decimal = ZERO
    credited_after: Decimal = ZERO
    #: The customer's credit before and after: what it went down by was used up here.
    credit_before: Decimal = ZERO
    credit_left: Decimal = ZERO
    given_up_at: datetime | None = None
    #: Paid, but not through Stripe.
    outside: Decimal = ZERO
    fate: Fate = DONE

    @property
    def credit_used(self):
        """What was used of the customer's credit: below zero if there is more now."""
        return self.credit_before - self.credit_left

    @property
    def due(self):
        """What Stripe asks for: a negative total goes to the customer's balance."""
        return self.total - self.credit_used - self.credited_before

    @property
    def paid(self):
        return sum((payment.amount for payment in self.payments), ZERO)

    @property
    def rest(self):
        """What is still to be paid."""
        return max(self.due - self.paid - self.outside, ZERO)

    @property
    def overpaid(self):
        return max(self.paid - self.due, ZERO)


@dataclass
class Refund:
    """Money that goes back, in the payment's currency. ``has_left`` and
    ``has_come_back`` say whether it left Stripe's balance, and was returned to it.
    """

    id: str
    payment: Payment
    amount: Decimal
    status: str
    created: datetime
    has_left: bool = False
    has_come_back: bool = False
    fate: Fate = DONE


@dataclass
class CreditNote(_Sums):
    """A credit note on an invoice. ``lines`` are the parts of the invoice's lines that
    are credited, with their ids.
    """

    id: str
    number: str
    invoice: Invoice
    kind: str
    lines: list[Line]
    created: datetime
    refund: Refund | None = None
    voided_at: datetime | None = None
    #: What of it lowered what was due, and what went to the customer's credit.
    settled: Decimal = ZERO
    to_credit: Decimal = ZERO
    credit_change: "CreditChange | None" = None

    @property
    def discount(self):
        return sum((line.discount for line in self.lines), ZERO)


@dataclass
class CreditChange:
    """A change of a customer's credit; above zero the customer has more of it."""

    id: str
    customer: str
    currency: str
    amount: Decimal
    after: Decimal
    kind: str
    created: datetime
    invoice: str = ""
