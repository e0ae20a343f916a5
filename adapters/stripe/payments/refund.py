"""``refund.*`` and ``charge.refunded``. https://docs.stripe.com/api/refunds/object"""

from ....canonical.facts import Certainty, Refund, RefundTotal
from ..clearing import moving
from ..clearing.movement import is_from_platform
from ..event import (
    read_currency,
    read_customer_ref,
    read_failed_at,
)
from ..words import read_word
from .payer import read_refund_payer

_STATES = {
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "succeeded",
    "failed": "returned",
    "canceled": "returned",
}
#: A refund that is canceled has an event of no type of its own.
_RETURN_TYPES = ("refund.failed", "refund.updated", "charge.refund.updated")
_ON_ITS_WAY = ("pending", "succeeded")
_UPDATES = ("refund.updated", "charge.refund.updated")


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
            external_id=data.ref("id"),
            customer=data.ref("customer", None),
            payment=data.ref("payment_intent", None) or data.ref("id"),
            refunded=max(data.integer("amount_refunded") - released, 0),
            **read_currency(data),
        )
    )
    return facts


def _is_release(data):
    """Return whether this moves nothing of Stripe's balance: it gives back what was
    only authorised, or money that was held for the customer, whose own events tell it.
    """
    if "balance_transaction" not in data.value or data.has("balance_transaction"):
        return False
    if not data.has("payment_intent") and not data.has("charge"):
        return not data.has("failure_balance_transaction")
    return read_word(data, "status", "refund", "succeeded") == "succeeded"


def _read_refund(event, data):
    status = read_word(data, "status", "refund", "succeeded")
    state = _STATES[status] if status else _guess_state(event, data)
    # A pending refund may have left Stripe's balance, and a failed one may never have:
    # its balance transactions tell.
    left = (
        status == "succeeded"
        or data.has("balance_transaction")
        or data.has("failure_balance_transaction")
    )
    payment = data.ref("payment_intent", None) or data.ref("charge", None)
    return Refund(
        external_id=data.ref("id"),
        # Its customer counts only where no payment says whose money it was.
        customer=None if payment else read_customer_ref(data),
        payment=payment,
        payer=None if payment else read_refund_payer(data),
        amount=data.integer("amount"),
        state=state,
        left=left,
        movement=data.ref("balance_transaction", None),
        metadata=data.labels("metadata"),
        **_read_day(event, data, left),
        **_read_return(event, data, state),
        **read_currency(data),
    )


def _guess_state(event, data):
    """Return the state of a refund whose own word is not known: by what moved money,
    or by the event's type. What neither tells leaves a known refund as it is.
    """
    if data.has("failure_balance_transaction") or event.type == "refund.failed":
        return "returned"
    return "pending"


def _read_day(event, data, left):
    """Return when a refund left, and how well that is known. One may be asked for, and
    wait for days until the balance has the money: its update then says what changed.
    """
    moved = data.value.get("balance_transaction")
    if isinstance(moved, dict):
        moved_at = data.moment("balance_transaction.created")
        return {"refunded_at": moved_at, "certainty": Certainty.MOVED}
    if event.type == "refund.created":
        return {"refunded_at": data.moment("created"), "certainty": Certainty.STATED}
    if left and event.type in _UPDATES and data.text("status", "") in _ON_ITS_WAY:
        changed = event.object("data").value.get("previous_attributes")
        if changed is None:
            return {"refunded_at": event.occurred_at, "certainty": Certainty.TOLD}
        if isinstance(changed, dict) and "balance_transaction" in changed:
            return {"refunded_at": event.occurred_at, "certainty": Certainty.STATED}
    return {"refunded_at": data.moment("created"), "certainty": Certainty.ASSUMED}


def _read_return(event, data, state):
    """Return when a refund came back, and how well that is known."""
    if state != "returned":
        return {}
    moved = isinstance(data.value.get("failure_balance_transaction"), dict)
    return {
        "returned_at": read_failed_at(event, _RETURN_TYPES),
        "return_certainty": Certainty.MOVED if moved else Certainty.STATED,
    }
