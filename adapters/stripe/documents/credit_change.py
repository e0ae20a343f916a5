"""Reads changes of customer credit, which Stripe calls customer balance transactions.
They come from Stripe's list, because no event tells of them.
https://docs.stripe.com/api/customer_balance_transactions/object
"""

from ....canonical.errors import Quarantine
from ....canonical.facts import CreditAdjustment
from ....canonical.reasons import Reason
from ..event import read_currency, read_customer_ref

#: Types that an invoice or a credit note tells as well.
_TOLD_ELSEWHERE = (
    "applied_to_invoice",
    "unapplied_from_invoice",
    "credit_note",
    "invoice_overpaid",
    "invoice_too_small",
)
#: Types that nothing else tells.
_BOOKED = ("adjustment", "initial", "migration", "unspent_receiver_credit")


def read(event):
    """Return one fact about a change by hand, in a list; nothing for a change that a
    document tells as well.

    :raises Quarantine: if nothing is known about this type of change.
    """
    data = event.data
    kind = data.text("type")
    if kind in _TOLD_ELSEWHERE:
        return []
    if kind not in _BOOKED:
        raise Quarantine(
            Reason.UNSUPPORTED_TYPE,
            f"Customer credit changes of type {kind} are not booked.",
        )
    return [
        CreditAdjustment(
            external_id=data.ref("id"),
            customer=read_customer_ref(data),
            # At Stripe, credit is below zero.
            amount=-data.integer("amount"),
            adjusted_at=data.moment("created"),
            **read_currency(data),
        )
    ]
