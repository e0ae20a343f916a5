"""Stripe's requests to a webhook endpoint.
https://docs.stripe.com/webhooks#verify-manually
"""

import hashlib
import hmac
import json
import time


def sign(body, secret, moment=None):
    """Return what the header ``Stripe-Signature`` says of a body (bytes)."""
    moment = int(moment or time.time())
    signed = f"{moment}.".encode() + body
    return (
        f"t={moment},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
    )


def make_requests(events, secret):
    """Return the requests that bring events, one each: pairs of a body and its
    headers.
    """
    bodies = [json.dumps(event, indent=2).encode() for event in events]
    return [
        (
            body,
            {
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
                "Stripe-Signature": sign(body, secret),
            },
        )
        for body in bodies
    ]
