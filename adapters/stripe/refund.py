"""``refund.*`` and ``charge.refunded``. https://docs.stripe.com/api/refunds/object"""

from ...canonical.facts import Refund, RefundTotal
from .event import read_currency, read_settled_at

_STATES = {
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "succeeded",
    "failed": "returned",
    "canceled": "returned",
}


def read(event):
    return [_read_refund(event, event.data)]


def read_charge(event):
    """Return the refunds a charge lists (until 2022-11-15), and what they come to.
    ``amount_refunded`` is cumulative, so nothing is booked from it.
    """
    data = event.data
    facts = [_read_refund(event, refund) for refund in data.objects("refunds.data")]
    facts.append(
        RefundTotal(
            external_id=data.text("id"),
            customer=data.ref("customer", None),
            payment=data.ref("payment_intent", None) or data.text("id"),
            refunded=data.integer("amount_refunded"),
            **read_currency(data),
        )
    )
    return facts


def _read_refund(event, data):
    status = data.text("status", "succeeded")
    state = _STATES.get(status)
    if state is None:
        raise data.error("status", f"one of {', '.join(_STATES)}", status)
    return Refund(
        external_id=data.text("id"),
        payment=data.ref("payment_intent", None) or data.ref("charge"),
        amount=data.integer("amount"),
        state=state,
        # A pending refund may have left Stripe's balance, and a failed one may
        # never have: its balance transactions tell.
        left=status == "succeeded"
        or data.has("balance_transaction")
        or data.has("failure_balance_transaction"),
        refunded_at=data.moment("created"),
        returned_at=_read_returned_at(event, data) if state == "returned" else None,
        **read_currency(data),
    )


def _read_returned_at(event, data):
    if event.is_pulled:
        return read_settled_at(data, "failure_balance_transaction")
    return event.occurred_at
