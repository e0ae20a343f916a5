"""Endpoints of webhooks that are created through Stripe's API. Knows no Odoo.
https://docs.stripe.com/api/webhook_endpoints/create
"""

import secrets
from urllib.parse import parse_qsl

from .api_lists import Refusal

PATH = "/v1/webhook_endpoints"
#: What a restricted key needs in its scopes to create one.
SCOPE = "webhook_endpoints+write"


def create(api, call, body):
    """Create an endpoint as a POST request asks for, and return it with its secret,
    which is shown this once. Requests with one idempotency key get one answer.

    :raises Refusal: for what Stripe would not create.
    """
    key = call.headers.get("authorization", "").removeprefix("Bearer ")
    scopes = api.keys.get(key, ())
    if scopes is not None and SCOPE not in scopes:
        raise Refusal(403, "The key lacks the permission to write webhook endpoints.")
    nonce = call.headers.get("idempotency-key", "")
    if nonce and nonce in api.answers:
        return api.answers[nonce]
    values = parse_qsl(body)
    given = dict(values)
    events = [text for name, text in values if name.startswith("enabled_events")]
    url = given.get("url", "")
    if not events or not url.startswith(("http://", "https://")):
        raise Refusal(400, "Invalid URL: it should be an absolute one.", param="url")
    endpoint = {
        "id": f"we_{secrets.token_hex(12)}",
        "object": "webhook_endpoint",
        "api_version": given.get("api_version"),
        "created": 0,
        "description": given.get("description"),
        "enabled_events": events,
        "livemode": "_live_" in key,
        "metadata": {
            name[len("metadata[") : -1]: text
            for name, text in values
            if name.startswith("metadata[")
        },
        "status": "enabled",
        "url": url,
    }
    api.put(endpoint)
    answer = {**endpoint, "secret": f"whsec_{secrets.token_hex(16)}"}
    api.answers[nonce] = answer
    return answer
