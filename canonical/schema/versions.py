"""The types of events that the published interface has, and their versions."""

from dataclasses import dataclass
from datetime import date

from .base import Data
from .clearing import PayoutPaid
from .customers import CustomerMerged, CustomerUpserted
from .documents import CreditNoteIssued, InvoiceIssued, InvoiceVoided
from .payments import (
    PaymentFailed,
    PaymentReversed,
    PaymentSucceeded,
    RefundSucceeded,
)
from .risks import RiskCleared, RiskFlagged
from .subscriptions import (
    ChangeWithdrawn,
    ContractWon,
    ContractWonPlan,
    SubscriptionActivated,
    SubscriptionCanceled,
    SubscriptionChanged,
    SubscriptionPaused,
    SubscriptionRenewed,
    SubscriptionResumed,
    SubscriptionSnapshot,
    SubscriptionTrialEnded,
)
from .told import EntitlementChanged
from .usage import UsageCorrected, UsageDraft, UsageRecorded

#: The one version that may change without notice.
DRAFT = "0"


@dataclass(frozen=True)
class Version:
    """One version of a type: what its data is, since when it should not be used for
    new senders, and the last day on which it is taken.
    """

    model: type[Data]
    deprecated_on: date | None = None
    sunset_on: date | None = None

    def is_over(self, day):
        """Return whether it is refused on a day."""
        return self.sunset_on is not None and day > self.sunset_on


def _first(model):
    return {"1": Version(model)}


def _draft(model):
    return {DRAFT: Version(model)}


def _after_draft(draft, model):
    return {**_draft(draft), **_first(model)}


#: Versions by type and name, the oldest first.
TYPES = {
    # customers
    "customer.upserted": _first(CustomerUpserted),
    "customer.merged": _first(CustomerMerged),
    # subscriptions
    "subscription.created": _after_draft(SubscriptionSnapshot, SubscriptionSnapshot),
    "subscription.updated": _after_draft(SubscriptionSnapshot, SubscriptionSnapshot),
    "subscription.activated": _first(SubscriptionActivated),
    "subscription.changed": _first(SubscriptionChanged),
    "subscription.trial_ended": _first(SubscriptionTrialEnded),
    "subscription.paused": _first(SubscriptionPaused),
    "subscription.resumed": _first(SubscriptionResumed),
    "subscription.renewed": _first(SubscriptionRenewed),
    "subscription.canceled": _after_draft(SubscriptionSnapshot, SubscriptionCanceled),
    "subscription.change_withdrawn": _first(ChangeWithdrawn),
    "contract.won": _after_draft(ContractWon, ContractWonPlan),
    # usage
    "usage.recorded": _after_draft(UsageDraft, UsageRecorded),
    "usage.corrected": _first(UsageCorrected),
    # documents
    "invoice.issued": _first(InvoiceIssued),
    "invoice.voided": _first(InvoiceVoided),
    "credit_note.issued": _first(CreditNoteIssued),
    # payments
    "payment.succeeded": _first(PaymentSucceeded),
    "payment.failed": _first(PaymentFailed),
    "payment.reversed": _first(PaymentReversed),
    "refund.succeeded": _first(RefundSucceeded),
    # clearing
    "payout.paid": _first(PayoutPaid),
    # notices
    "risk.flagged": _first(RiskFlagged),
    "risk.cleared": _first(RiskCleared),
}
#: What others are told, by type and name: what is asked for has the same form.
TOLD = {"entitlement.changed": _first(EntitlementChanged)}


def get_default(event_type):
    """Return the version that an event is of which names none: the first of its type
    that does not change any more. It stays the same when a newer one comes.
    """
    names = [*TYPES[event_type]]
    return next((name for name in names if name != DRAFT), names[0])


def get_taken(event_type, day):
    """Return the names of the versions of a type that are taken on a day."""
    return [n for n, version in TYPES[event_type].items() if not version.is_over(day)]
