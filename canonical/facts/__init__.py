"""The facts an event can state, as snapshots of an object at its source.

A fact says how an object *is*, not what changed: a handler brings Odoo's records
to that state, whatever order the snapshots come in. Amounts are integers in the
source's minor unit with its ``exponent``; times are aware and in UTC.
"""

from .base import FACTS_VERSION, Fact, MoneyFact, Part
from .cash import REFUND_RANK, Payment, Refund, RefundTotal
from .customer import Address, Customer
from .document import (
    CREDIT_NOTE_RANK,
    INVOICE_RANK,
    CreditNote,
    Document,
    DocumentLine,
    Invoice,
    TaxAmount,
)
from .opening import BalanceOpening, InvoiceOpening
from .subscription import Subscription, SubscriptionItem
from .twin import EventTwin
