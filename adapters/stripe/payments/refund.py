"""``refund.*`` and ``charge.refunded``. https://docs.stripe.com/api/refunds/object"""

from ....canonical.facts import Refund, RefundTotal
from ..clearing import moving
from ..clearing.movement import is_from_platform
from ..event import read_currency, read_failed_at

_STATES = {
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "succeeded",
    "failed": "returned",
    "canceled": "returned",
}
#: A refund that is canceled has an event of no type of its own.
_RETURN_TYPES = ("refund.failed", "refund.updated", "charge.refund.updated")


def read(event):
    """Return one fact about a refund, in a list; nothing if it only gives back what was
    authorised. What went back to the account's platform is no customer's refund.
    """
    if is_from_platform(event.data):
        return moving.read(event)
    if _is_release(event.data):
        return []
    return [_read_refund(event, event.data)]


def read_charge(event):
    """Return the refunds a charge lists (until 2022-11-15), and what they come to.
    ``amount_refunded`` is cumulative, so nothing is booked from it. What an
    authorisation was not captured for counts as refunded too, but never was money.
    """
    data = event.data
    if is_from_platform(data) or not data.flag("captured", True):
        return []
    facts = [
        _read_refund(event, refund)
        for refund in data.objects("refunds.data")
        if not _is_release(refund)
    ]
    captured = data.integer("amount_captured", None)
    released = 0 if captured is None else max(data.integer("amount") - captured, 0)
    facts.append(
        RefundTotal(
            external_id=data.text("id"),
            customer=data.ref("customer", None),
            payment=data.ref("payment_intent", None) or data.text("id"),
            refunded=max(data.integer("amount_refunded") - released, 0),
            **read_currency(data),
        )
    )
    return facts


def _is_release(data):
    """Return whether this gives back what was only authorised: it succeeded, and
    moved nothing.
    """
    return (
        data.text("status", "succeeded") == "succeeded"
        and "balance_transaction" in data.value
        and not data.has("balance_transaction")
    )


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
        returned_at=read_failed_at(event, _RETURN_TYPES)
        if state == "returned"
        else None,
        **read_currency(data),
    )
