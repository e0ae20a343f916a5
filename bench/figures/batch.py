"""How many events are accepted a second in requests of 100, over requests of one.

The source is one of the published interface, and paused: events are verified, split,
stored and answered, and none is processed. A sender that has much to tell is to gain
from batches what a request costs beside its events.
"""

import json
import secrets
from datetime import UTC, datetime

from standardwebhooks import Webhook

from dev.console import Trouble
from dev.machine.ports import LOOPBACK

from ..figure import Figure
from ..stage import inbox
from ..stage.client import measure_rate
from ..stage.stage import WORKERS

_BATCH = 100
#: 32 bytes, in the form that libraries know.
_SECRET = "whsec_bWVyaWRpYW4tbGFudGVybi1xdWFycnktd2lsbG93ISE="
_SENDER = "https://app.example/bench"


def measure(stage):
    figure = Figure("batch_ratio")
    port, count = stage.server.http_port, stage.sizes.ingest_requests
    path = _create_source(stage)
    with stage.connect() as cursor:
        inbox.forget_waiting(cursor)
        for number in range(stage.sizes.rounds + 1):
            # The first is to warm up, and shorter.
            share = count if number else count // 10
            events = [_write_event() for _number in range(share)]
            singles = measure_rate(
                port, [_write_request(path, event) for event in events], WORKERS
            )
            _check_stored(cursor, share)
            events = [_write_event() for _number in range(share * 10)]
            batches = [
                _write_request(path, events[start : start + _BATCH], "-batch")
                for start in range(0, len(events), _BATCH)
            ]
            batched = measure_rate(port, batches, WORKERS) * _BATCH
            _check_stored(cursor, share * 10)
            if number:
                figure.add(
                    batched / singles, batched_per_s=batched, single_per_s=singles
                )
    return [figure]


def _create_source(stage):
    """Create a paused source; return the path of its webhook."""
    api = stage.get_api()
    [source] = api.call(
        "saas.source",
        "create",
        vals_list=[
            {
                "name": "Bench platform",
                "adapter": "standard",
                "state": "paused",
                "tz": "UTC",
                "secret_ids": [[0, 0, {"new_value": _SECRET}]],
            }
        ],
    )
    [known] = api.call("saas.source", "read", ids=[source], fields=["webhook_url"])
    return "/saas/webhook/" + known["webhook_url"].rpartition("/")[2]


def _write_event():
    key = secrets.token_hex(8)
    return {
        "specversion": "1.0",
        "id": key,
        "source": _SENDER,
        "type": "customer.upserted",
        "time": "2026-11-02T09:30:00Z",
        "data": {"id": f"C-{key}", "name": f"Customer {key}", "country": "DE"},
    }


def _write_request(path, content, form=""):
    """Return the bytes of a request, signed now."""
    body = json.dumps(content)
    key, moment = (
        f"msg_{secrets.token_hex(8)}",
        datetime.now(UTC).replace(microsecond=0),
    )
    head = (
        f"POST {path} HTTP/1.1\r\n"
        f"Host: {LOOPBACK}\r\n"
        f"Content-Type: application/cloudevents{form}+json\r\n"
        f"Content-Length: {len(body.encode())}\r\n"
        f"Webhook-Id: {key}\r\n"
        f"Webhook-Timestamp: {int(moment.timestamp())}\r\n"
        f"Webhook-Signature: {Webhook(_SECRET).sign(key, moment, body)}\r\n\r\n"
    )
    return (head + body).encode()


def _check_stored(cursor, expected):
    stored = inbox.count_waiting(cursor)
    if stored != expected:
        raise Trouble(f"{expected} events were accepted, {stored} are stored.")
    inbox.forget_waiting(cursor)
