"""How an event's object becomes facts, by the event's type.

The one list of what is understood: an endpoint should be subscribed to all of these
types. An object that was pulled through the API comes as an event too, of a type that
Stripe doesn't send: see ``pulled.py``.
"""

from . import (
    credit_note,
    customer,
    dispute,
    invoice,
    movement,
    nothing,
    payment,
    payout,
    refund,
    subscription,
)

#: Each function takes a ``StripeEvent`` and returns facts; None: nothing to book.
NORMALISERS = {
    "customer.created": customer.read,
    "customer.updated": customer.read,
    "customer.deleted": customer.read,
    "customer.subscription.created": subscription.read,
    "customer.subscription.updated": subscription.read,
    "customer.subscription.deleted": subscription.read,
    "customer.subscription.paused": subscription.read,
    "customer.subscription.resumed": subscription.read,
    "invoice.finalized": invoice.read,
    "invoice.paid": invoice.read,
    "invoice.payment_succeeded": invoice.read,
    "invoice.payment_failed": invoice.read,
    "invoice.voided": invoice.read,
    "invoice_payment.paid": payment.read_invoice_payment,
    "charge.succeeded": payment.read_charge,
    "charge.refunded": refund.read_charge,
    "payment_intent.succeeded": payment.read_payment_intent,
    "refund.created": refund.read,
    "refund.updated": refund.read,
    "refund.failed": refund.read,
    "credit_note.created": credit_note.read,
    "credit_note.voided": credit_note.read,
    "charge.captured": payment.read_charge,
    "charge.refund.updated": refund.read,
    "charge.dispute.created": dispute.read,
    "charge.dispute.updated": dispute.read,
    "charge.dispute.closed": dispute.read,
    "charge.dispute.funds_withdrawn": dispute.read,
    "charge.dispute.funds_reinstated": dispute.read,
    "payout.created": payout.read,
    "payout.updated": payout.read,
    "payout.paid": payout.read,
    "payout.failed": payout.read,
    "payout.canceled": payout.read,
    "payout.reconciliation_completed": payout.read,
}

#: The same for objects that were pulled, by the type ``pulled.py`` gives them.
PULLED = {
    "pulled.customer": customer.read,
    "pulled.subscription": subscription.read,
    "pulled.invoice": invoice.read,
    "pulled.credit_note": credit_note.read,
    "pulled.charge": payment.read_charge,
    "pulled.refund": refund.read,
    "pulled.dispute": dispute.read,
    "pulled.payout": payout.read,
    "pulled.balance_transaction": movement.read,
    "pulled.payout_transactions": movement.read_contents,
}

#: Stripe takes no wildcards here.
EVENT_TYPES = tuple(NORMALISERS)
NORMALISERS |= dict.fromkeys(nothing.TYPES, nothing.read)
