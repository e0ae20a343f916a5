"""Works out from a payment's events when its money came in, and when it was taken back.

GoCardless keeps one payment, with one state, through all of that: it may be collected,
fail days after it was paid out, be tried again, be charged back, and the chargeback be
cancelled. Only its events tell all of it, in order. Each time the money comes in is an
attempt here, with an id of its own, such as ``PM123/2``.
https://developer.gocardless.com/api-reference/#event-types-payment-events
"""

from dataclasses import dataclass
from datetime import datetime

from ....canonical.facts import Certainty

_IN = ("confirmed", "paid_out")
_BACK = ("failed", "charged_back")
#: After these, the money comes in as another attempt.
AGAIN = ("chargeback_cancelled", "resubmission_requested")
#: States of a payment whose money had come in, whatever has become of it.
_STATES_IN = ("confirmed", "paid_out", "charged_back")


@dataclass
class Attempt:
    """A time that the money of a payment came in. ``number`` counts them from 1, and
    ``failed_at`` is when it was taken back; None if it was not.
    """

    number: int
    paid_at: datetime
    certainty: Certainty
    failed_at: datetime | None = None
    failure_certainty: Certainty = Certainty.STATED
    #: what took it back, and the reason in the bank's own code
    cause: str = "failed"
    code: str = ""
    #: whether the payment itself still says on which day it was charged
    is_charged: bool = True

    def name(self, payment_ref):
        """Return the id of this attempt."""
        return f"{payment_ref}/{self.number}"


def read_attempts(events, status="", read_at=None):
    """Return the attempts by which a payment's money came in, in order; none if it
    never did.

    :param events: readers of the payment's events, whatever their order.
    :param status: the payment's own state, for what its events don't tell: GoCardless
        keeps them for some months only.
    :param read_at: when that state was read.
    """
    attempts, number, current = [], 1, None
    for event in sorted(events, key=_get_order):
        action, moment = event.text("action"), event.iso_moment("created_at")
        if action in AGAIN and current is None:
            number += 1
        if action == "resubmission_requested":
            for attempt in attempts:
                attempt.is_charged = False
        elif current is None and action in (*_IN, "chargeback_cancelled"):
            current = Attempt(number, moment, Certainty.ASSUMED)
            if action == "chargeback_cancelled":
                current.certainty, current.is_charged = Certainty.STATED, False
            attempts.append(current)
        elif current is not None and action in _BACK:
            current.failed_at, current.cause = moment, action
            current.code = event.text("details.reason_code", "")
            current = None
    if not attempts and status in _STATES_IN:
        current = Attempt(number, read_at, Certainty.ASSUMED)
        attempts.append(current)
    if current is not None and status in _BACK:
        current.failed_at, current.cause = read_at, status
        current.failure_certainty = Certainty.ASSUMED
    return attempts


def _get_order(event):
    return event.iso_moment("created_at"), event.ref("id")
