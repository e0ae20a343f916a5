"""Reads payments, with all of their events.
https://developer.gocardless.com/api-reference/#core-endpoints-payments
"""

from ....canonical.facts import Certainty, Payer, Payment, PaymentFailure
from ..event import read_currency
from .attempt import read_attempts
from .day import read_day
from .moved import CAME, WENT_BACK, name_movement, read_moved


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
    return [*facts, *movements]


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
