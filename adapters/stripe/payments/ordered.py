"""Tells what became of money that we have ordered ourselves, of which the metadata
names the order: a payment intent's is on its charges, too.
https://docs.stripe.com/api/metadata
"""

from ....canonical.facts import CollectionOutcome, find_order
from ....canonical.payments.collecting import CollectionReason
from .declines import find_reason


def read_paid(data, payment):
    """Return that money came in, in a list; nothing if nobody here has ordered it.

    :param data: the charge or the intent.
    :param payment: the fact of the payment that it is.
    """
    return _tell(data, payment.external_id, "succeeded", payment.paid_at)


def read_failed(data, failure):
    """Return that money did not come, or was taken back, in a list as
    :func:`read_paid` does.

    :param data: the charge.
    :param failure: the fact of its failure.
    """
    reason = None
    if not failure.has_moved:
        error = {
            # Of a card that was declined, the bank's own word is in the outcome.
            "decline_code": data.text("outcome.reason", ""),
            "code": data.text("failure_code", ""),
        }
        reason = find_reason(error, CollectionReason.DECLINED)
    return _tell(
        data,
        failure.payment,
        "failed",
        failure.failed_at,
        has_moved=failure.has_moved,
        reason=reason,
    )


def read_unpaid(data, status):
    """Return what an intent says that is not paid, in a list as :func:`read_paid` does:
    nothing new while the customer has to act.
    """
    if status == "canceled":
        moment = data.moment("canceled_at", None) or data.moment("created")
        return _tell(data, data.ref("id"), "canceled", moment)
    if status == "processing":
        return _tell(data, data.ref("id"), "pending", data.moment("created"))
    return []


def _tell(data, ref, state, told_at, **vals):
    order = find_order(data.labels("metadata"))
    if not order:
        return []
    return [
        CollectionOutcome(
            external_id=ref, order=order, state=state, told_at=told_at, **vals
        )
    ]
