"""Reads ``invoice_payment.paid`` of a payment record: money that never was in Stripe's
balance. https://docs.stripe.com/api/payment-record
"""

from ....canonical.facts import OutsidePayment


def read(event):
    """Return one fact about a payment outside Stripe, in a list."""
    data = event.data
    return [
        OutsidePayment(
            external_id=data.ref("id"),
            invoice=data.ref("invoice"),
        )
    ]
