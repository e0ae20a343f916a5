"""The facts an event can state, as snapshots of an object at its source.

A fact says how an object *is*, not what changed: a handler brings Odoo's records
to that state, whatever order the snapshots come in. Amounts are integers in the
source's minor unit with its ``exponent``; times are aware and in UTC.
"""

from .balance import BalanceAdjustment
from .base import FACTS_VERSION, Fact, MoneyFact, Part
from .cash import REFUND_RANK, Payment, Refund, RefundTotal
from .clearing import (
    DISPUTE_RANK,
    PAYOUT_RANK,
    BalanceTransaction,
    Dispute,
    Movement,
    Payout,
    PayoutContents,
)
from .customer import Address, Customer
from .document import (
    CREDIT_NOTE_RANK,
    INVOICE_RANK,
    REPORTED_ZERO,
    UNTAXED,
    CreditNote,
    CreditRefund,
    Document,
    DocumentLine,
    Invoice,
    TaxAmount,
)
from .draft import DRAFT_RANK, InvoiceDraft
from .outside import OutsidePayment
from .opening import BalanceOpening, InvoiceOpening
from .subscription import Subscription, SubscriptionItem
from .tax import PERCENTAGE_PLACES, TaxRate, TaxRateDetails
from .tax_id import TaxId
from .catalog import CatalogItem
from .twin import EventTwin
from .cash_balance import CashBalanceChange
