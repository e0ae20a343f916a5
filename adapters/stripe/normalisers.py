"""How an event's object becomes facts, by the event's type.

The one list of what is understood: an endpoint should be subscribed to all of these
types. An object that was pulled through the API comes as an event too, of a type that
Stripe doesn't send: see ``pulled.py``.
"""

from . import (
    balance,
    credit_note,
    customer,
    draft,
    invoice,
    payment,
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
    "invoice.updated": invoice.read,
    "invoice.sent": invoice.read,
    "invoice.overdue": invoice.read,
    "invoice.will_be_due": invoice.read,
    "invoice.marked_uncollectible": invoice.read,
    "invoice.overpaid": invoice.read,
    "invoice.finalization_failed": draft.read_failure,
    "invoice.deleted": draft.read_deletion,
    "credit_note.updated": credit_note.read,
}

#: The same for objects that were pulled, by the type ``pulled.py`` gives them.
PULLED = {
    "pulled.customer": customer.read,
    "pulled.subscription": subscription.read,
    "pulled.invoice": invoice.read,
    "pulled.credit_note": credit_note.read,
    "pulled.charge": payment.read_charge,
    "pulled.refund": refund.read,
    "pulled.customer_balance_transaction": balance.read,
}

#: Stripe takes no wildcards here.
EVENT_TYPES = tuple(NORMALISERS)
