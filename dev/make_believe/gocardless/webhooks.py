"""GoCardless' requests to a webhook endpoint.
https://developer.gocardless.com/api-reference/#appendix-webhooks
"""

import hashlib
import hmac
import json

#: So many events at the most come with one request.
MOST = 250


def sign(body, secret):
    """Return what the header ``Webhook-Signature`` says of a body (bytes)."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def make_requests(events, secret, size=MOST):
    """Return the requests that bring events: pairs of a body and its headers."""
    return [
        _make(events[start : start + size], secret, start // size + 1)
        for start in range(0, len(events), size)
    ]


def _make(events, secret, number):
    meta = {"webhook_id": f"WB{number:06}"}
    body = json.dumps({"events": events, "meta": meta}).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "gocardless-webhook-service/1.1",
        "Origin": "https://api.gocardless.com",
        "Webhook-Signature": sign(body, secret),
    }
    return body, headers
