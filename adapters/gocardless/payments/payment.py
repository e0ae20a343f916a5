"""Reads payments, with all of their events.
https://developer.gocardless.com/api-reference/#core-endpoints-payments
"""

from ....canonical.facts import (
    Certainty,
    CollectionOutcome,
    Payer,
    Payment,
    PaymentFailure,
    find_order,
)
from ....canonical.payments.collecting import CollectionReason
from ..event import read_currency
from .attempt import read_attempts
from .day import read_day
from .moved import CAME, WENT_BACK, name_movement, read_moved

#: States in which a payment brings nothing.
_FAILED = ("failed", "customer_approval_denied")
#: Why a payment did not bring its money, by the cause that its event names; with most
#: of these the mandate is over, too.
#: https://developer.gocardless.com/api-reference/#event-types-payment-events
_REASONS = {
    "bank_account_closed": CollectionReason.MANDATE_ENDED,
    "direct_debit_not_enabled": CollectionReason.MANDATE_ENDED,
    "insufficient_funds": CollectionReason.FUNDS,
    "invalid_bank_details": CollectionReason.MANDATE_ENDED,
    "mandate_cancelled": CollectionReason.MANDATE_ENDED,
    "mandate_expired": CollectionReason.MANDATE_ENDED,
}


def read(event):
    """Return facts about each time a payment's money came in or was taken back, in
    order, and about the movements of that; none until it is confirmed: before, the bank
    may still refuse it.
    """
    data = event.data
    attempts = read_attempts(
        data.objects("events"), data.text("status", ""), event.occurred_at
    )
    facts, movements = [], []
    for attempt in attempts:
        ids = (attempt.name(data.ref("id")), data.ref("id"))
        paid = _read_payment(data, attempt)
        facts.append(paid)
        movements.append(read_moved(data, CAME, ids, paid.paid_at))
        if attempt.failed_at:
            facts.append(_read_failure(data, attempt))
            movements.append(read_moved(data, WENT_BACK, ids, attempt.failed_at))
    return [*facts, *movements, *_read_ordered(event, attempts)]


def _read_payment(data, attempt):
    """Return the fact that money came in: on the day that the customer was charged."""
    ref, customer = data.ref("id"), data.ref("customer", None)
    charged_at = read_day(data, "charge_date") if attempt.is_charged else None
    return Payment(
        external_id=ref,
        aliases=(attempt.name(ref),),
        attempt=attempt.name(ref),
        movement=name_movement(attempt.name(ref), CAME),
        customer=customer,
        payer=None if customer else Payer(),
        metadata=data.labels("metadata"),
        amount=data.integer("amount"),
        paid_at=charged_at or attempt.paid_at,
        certainty=Certainty.STATED if charged_at else attempt.certainty,
        **read_currency(data),
    )


def _read_failure(data, attempt):
    """Return the fact that the money was taken back: by a bank that was late, or by the
    customer.
    """
    ref = data.ref("id")
    return PaymentFailure(
        external_id=attempt.name(ref),
        customer=data.ref("customer", None),
        payment=ref,
        amount=data.integer("amount"),
        failed_at=attempt.failed_at,
        certainty=attempt.failure_certainty,
        cause=attempt.cause,
        code=attempt.code,
        **read_currency(data),
    )


def _read_ordered(event, attempts):
    """Return what became of a payment that we have ordered ourselves, in a list; its
    metadata names the order.
    """
    data = event.data
    order = find_order(data.labels("metadata"))
    if not order:
        return []
    last, status = (attempts or [None])[-1], data.text("status", "")
    reason, has_moved, will_retry = None, False, False
    if last is not None and not last.failed_at:
        state = "succeeded"
    elif status in ("charged_back", *_FAILED):
        state, has_moved = "failed", last is not None
        will_retry = _will_retry(data)
        if not has_moved:
            reason = _find_reason(data)
        elif status == "charged_back":
            reason = CollectionReason.CHARGED_BACK
    else:
        state = "canceled" if status == "cancelled" else "pending"
    return [
        CollectionOutcome(
            external_id=data.ref("id"),
            order=order,
            state=state,
            told_at=event.occurred_at,
            has_moved=has_moved,
            reason=reason,
            will_retry=will_retry,
        )
    ]


def _find_failure(data):
    """Return the newest event by which a payment failed; None if there is none."""
    failed = [e for e in data.objects("events") if e.text("action") == "failed"]
    return max(failed, key=lambda e: e.iso_moment("created_at"), default=None)


def _will_retry(data):
    """Return whether GoCardless will try a failed payment again by itself.
    https://developer.gocardless.com/success-plus/overview/
    """
    newest = _find_failure(data)
    return bool(newest) and newest.flag("details.will_attempt_retry")


def _find_reason(data):
    """Return why a payment failed before its money came, by its newest such event."""
    newest = _find_failure(data)
    cause = newest.text("details.cause", "") if newest else ""
    return _REASONS.get(cause, CollectionReason.DECLINED)
