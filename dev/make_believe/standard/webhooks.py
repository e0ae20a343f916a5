"""Requests of a platform of one's own: batches of CloudEvents, signed as Standard
Webhooks says.
"""

import json
import random
from datetime import UTC, datetime

from standardwebhooks import Webhook

#: A request has so many events at the most.
MOST = 1000
_BATCH = "application/cloudevents-batch+json"


def make_requests(events, secret, size=MOST):
    """Return the requests that bring events: pairs of a body and its headers."""
    bodies = [
        json.dumps(events[start : start + size])
        for start in range(0, len(events), size)
    ]
    return [(body.encode(), _sign(body, secret)) for body in bodies]


def _sign(body, secret):
    moment = datetime.now(UTC).replace(microsecond=0)
    key = f"msg_{moment.timestamp():.0f}_{random.getrandbits(32)}"
    return {
        "Content-Type": _BATCH,
        "Webhook-Id": key,
        "Webhook-Timestamp": str(int(moment.timestamp())),
        "Webhook-Signature": Webhook(secret).sign(key, moment, body),
    }
