"""Reads refunds, with all of their events.
https://developer.gocardless.com/api-reference/#core-endpoints-refunds
"""

from ....canonical.facts import Certainty, Payer, Refund
from ..event import read_currency
from .moved import CAME_BACK, LEFT, name_movement, read_moved

#: What tells that the money has left: to the customer, or out of a payout.
_LEFT = ("paid", "refund_settled")
_LEFT_STATES = ("paid", "bounced", "funds_returned")
#: What tells that it did not arrive.
_BACK = ("bounced", "failed", "funds_returned")
_OVER = (*_BACK, "cancelled")


def read(event):
    """Return facts about a refund, and about what it has moved, in a list."""
    data = event.data
    told = _read_moments(data)
    status = data.text("status", "")
    left_at = min((told[a] for a in _LEFT if a in told), default=None)
    back_at = min((told[a] for a in _BACK if a in told), default=None)
    is_over = bool(back_at) or status in _OVER
    left = bool(left_at) or status in _LEFT_STATES
    payment = data.ref("links.payment", None)
    customer = data.ref("customer", None)
    returned = {}
    if is_over:
        returned["returned_at"] = back_at or event.occurred_at
        returned["return_certainty"] = (
            Certainty.STATED if back_at else Certainty.ASSUMED
        )
    refund = Refund(
        external_id=data.ref("id"),
        payment=payment,
        customer=None if payment else customer,
        payer=None if payment or customer else Payer(),
        metadata=data.labels("metadata"),
        amount=data.integer("amount"),
        state="returned" if is_over else "succeeded" if left else "pending",
        left=left,
        refunded_at=left_at or data.iso_moment("created_at"),
        certainty=Certainty.STATED if left_at else Certainty.ASSUMED,
        movement=name_movement(data.ref("id"), LEFT) if left else None,
        **returned,
        **read_currency(data),
    )
    return [refund, *_read_movements(data, refund)]


def _read_movements(data, refund):
    """Return what a refund has moved: its money left, and perhaps came back."""
    ids = (refund.external_id,)
    if not refund.left:
        return []
    movements = [read_moved(data, LEFT, ids, refund.refunded_at)]
    if refund.returned_at:
        movements.append(read_moved(data, CAME_BACK, ids, refund.returned_at))
    return movements


def _read_moments(data):
    """Return when each thing happened to a refund first, by the event's action."""
    told = {}
    for event in data.objects("events"):
        action, moment = event.text("action"), event.iso_moment("created_at")
        told[action] = min(moment, told.get(action, moment))
    return told
