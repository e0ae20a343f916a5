"""What Stripe tells of payments that are doubted, as JSON: the same in all versions.
https://docs.stripe.com/api/radar/early_fraud_warnings/object
https://docs.stripe.com/api/radar/reviews/object
"""


def warning(ref, made_at, paid, **values):
    """Return a card issuer's early warning of a fraud; ``paid`` is a payment intent."""
    return {
        "id": ref,
        "object": "radar.early_fraud_warning",
        "actionable": True,
        "charge": paid["latest_charge"],
        "created": made_at,
        "fraud_type": "misc",
        "livemode": False,
        "payment_intent": paid["id"],
        **values,
    }


def review(ref, made_at, paid, **values):
    """Return a review of a payment; ``paid`` is a payment intent."""
    return {
        "id": ref,
        "object": "review",
        "billing_zip": None,
        "charge": paid["latest_charge"],
        "closed_reason": None,
        "created": made_at,
        "ip_address": None,
        "ip_address_location": None,
        "livemode": False,
        "open": True,
        "opened_reason": "rule",
        "payment_intent": paid["id"],
        "reason": "rule",
        "session": None,
        **values,
    }
