"""``customer_cash_balance_transaction.created``: money from bank transfers that Stripe
keeps for a customer until it pays something.
https://docs.stripe.com/api/cash_balance_transactions/object
https://docs.stripe.com/payments/customer-balance#types

None of this is in Stripe's own balance, and has no balance transaction: of the objects
above only ``transferred_to_balance`` and ``adjusted_for_overdraft`` name one. What is
applied gets there as the payment's charge, with a balance transaction of that.
"""

from ....canonical.errors import Quarantine
from ....canonical.facts import HeldCashChange
from ....canonical.reasons import Reason
from ..event import read_currency, read_customer_ref

#: Types of money that comes from outside or leaves: each is a whole fact by itself.
#: What a refund puts here has left Stripe's balance as that refund.
_MOVED = (
    "funded",
    "funding_reversed",
    "refunded_from_payment",
    "return_canceled",
    "return_initiated",
)
#: Types that are the other half of a payment.
_PAID = ("applied_to_payment", "unapplied_from_payment")
#: Types that only a person can decide, with what to do.
_UNDECIDED = {
    "adjusted_for_overdraft": "The customer's bank took a transfer back, and Stripe's "
    "balance paid for it. Decide who bears the loss, book it by hand, then ignore the "
    "event.",
    "transferred_to_balance": "Money that was held for the customer became part of "
    "Stripe's balance. Decide whether it is still owed to the customer, book it by "
    "hand, then ignore the event.",
}


def read(event):
    """Return one fact about a change of held cash, in a list. The other half of a
    payment names the payment.

    :raises Quarantine: if a person has to decide, or nothing is known about this type.
    """
    data = event.data
    kind = data.text("type")
    if kind not in (*_MOVED, *_PAID):
        raise Quarantine(
            Reason.UNSUPPORTED_TYPE,
            _UNDECIDED.get(
                kind, f"Cash balance changes of type {kind} are not booked."
            ),
        )
    payment = data.object(kind).ref("payment_intent") if kind in _PAID else None
    return [
        HeldCashChange(
            external_id=data.ref("id"),
            customer=read_customer_ref(data),
            amount=data.integer("net_amount"),
            changed_at=data.moment("created"),
            payment=payment,
            **read_currency(data),
        )
    ]
