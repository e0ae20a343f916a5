"""A sender of the published interface: its source, and its requests, signed."""

import json
import secrets
from datetime import UTC, datetime

from standardwebhooks import Webhook

from dev.machine.ports import LOOPBACK

#: 32 bytes, in the form that libraries know.
SECRET = "whsec_bWVyaWRpYW4tbGFudGVybi1xdWFycnktd2lsbG93ISE="


def create_source(stage, name, state="paused", **vals):
    """Create a source; return the path of its webhook."""
    api = stage.get_api()
    source = {
        "name": name,
        "adapter": "standard",
        "state": state,
        "tz": "UTC",
        "secret_ids": [[0, 0, {"new_value": SECRET}]],
        **vals,
    }
    [id_] = api.call("saas.source", "create", vals_list=[source])
    [known] = api.call("saas.source", "read", ids=[id_], fields=["webhook_url"])
    return "/saas/webhook/" + known["webhook_url"].rpartition("/")[2]


def write_request(path, content, form=""):
    """Return the bytes of a request, signed now.

    :param content: an event, or a list of them with ``-batch`` as the ``form``.
    """
    body = json.dumps(content)
    key = f"msg_{secrets.token_hex(8)}"
    moment = datetime.now(UTC).replace(microsecond=0)
    head = (
        f"POST {path} HTTP/1.1\r\n"
        f"Host: {LOOPBACK}\r\n"
        f"Content-Type: application/cloudevents{form}+json\r\n"
        f"Content-Length: {len(body.encode())}\r\n"
        f"Webhook-Id: {key}\r\n"
        f"Webhook-Timestamp: {int(moment.timestamp())}\r\n"
        f"Webhook-Signature: {Webhook(SECRET).sign(key, moment, body)}\r\n\r\n"
    )
    return (head + body).encode()
