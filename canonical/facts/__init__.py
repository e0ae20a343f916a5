"""The facts an event can state, as snapshots of an object at its source.

A fact says how an object *is*, not what changed: a handler brings Odoo's records
to that state, whatever order the snapshots come in. Amounts are integers in the
source's minor unit with its ``exponent``; times are aware and in UTC.
"""

from .base import FACTS_VERSION, Fact, MoneyFact, Part
from .customers import (
    TENANT,
    Address,
    Alias,
    Customer,
    CustomerMerged,
    Exemption,
    Payer,
    TaxCheck,
    TaxId,
    TaxNumber,
)
from .catalogue import PERCENTAGE_PLACES, CatalogItem, TaxRate, TaxRateDetails
from .subscriptions import (
    CONTRACT_RANK,
    Contract,
    ContractLine,
    HeldQuantity,
    Holding,
    Subscription,
    SubscriptionChange,
    TermTold,
)
from .subscription_prices import (
    SubscriptionDiscount,
    SubscriptionItem,
    SubscriptionTier,
)
from .usage import Usage, UsageRecord
from .documents import (
    CREDIT_NOTE_RANK,
    DRAFT_RANK,
    INVOICE_RANK,
    REPORTED_ZERO,
    UNTAXED,
    Allocation,
    CreditAdjustment,
    CreditNote,
    CreditRefund,
    Document,
    DocumentLine,
    Head,
    Invoice,
    InvoiceDraft,
    TaxAmount,
    find_invoice_state,
)
from .mandates import MANDATE_RANK, USABLE_MANDATES, Mandate
from .collecting import CollectionOutcome, find_order
from .links import (
    ELSEWHERE_KINDS,
    DocumentLink,
    GatewayRef,
    MoneyLinks,
    get_arrivals_elsewhere,
)
from .payments import (
    REFUND_RANK,
    Certainty,
    HeldCashChange,
    MovementDay,
    OutsidePayment,
    Payment,
    PaymentFailure,
    Refund,
    RefundTotal,
)
from .clearing import (
    ALSO_KNOWN_AS,
    DISPUTE_RANK,
    PAYOUT_RANK,
    Dispute,
    ExchangedAmount,
    FeePart,
    ListedMovement,
    LoanCost,
    Movement,
    MovementNotice,
    Payout,
    PayoutContents,
)
from .cutover import CreditOpening, InvoiceOpening
from .notices import Notice, UnknownWord
from .risks import RiskFlag
