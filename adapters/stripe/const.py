"""Names and limits that Stripe's documentation gives."""

#: The first API version with the new invoice shape. A payload keeps the shape of
#: its ``api_version`` for ever. https://docs.stripe.com/changelog/basil
BASIL = "2025-03-31"

SIGNATURE_HEADER = "Stripe-Signature"

#: What a webhook endpoint should be subscribed to; ``customer.subscription.*``
#: is spelled out because Stripe takes no wildcards there.
EVENT_TYPES = (
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.resumed",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_succeeded",
    "invoice.payment_failed",
    "invoice.voided",
    "invoice_payment.paid",
    "charge.succeeded",
    "charge.refunded",
    "payment_intent.succeeded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "credit_note.created",
    "credit_note.voided",
)
