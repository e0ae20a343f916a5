"""How many events are accepted a second in requests of 100, over requests of one.

The source is one of the published interface, and paused: events are verified, split,
stored and answered, and none is processed. A sender that has much to tell is to gain
from batches what a request costs beside its events.
"""

import secrets

from dev.console import Trouble

from ..figure import Figure
from ..stage import inbox
from ..stage.client import measure_rate
from ..stage.sender import create_source, write_request
from ..stage.stage import WORKERS

_BATCH = 100
_SENDER = "https://app.example/bench"


def measure(stage):
    figure = Figure("batch_ratio")
    port, count = stage.server.http_port, stage.sizes.ingest_requests
    path = create_source(stage, "Bench platform")
    with stage.connect() as cursor:
        inbox.forget_waiting(cursor)
        for number in range(stage.sizes.rounds + 1):
            # The first is to warm up, and shorter.
            share = count if number else count // 10
            events = [_write_event() for _number in range(share)]
            singles = measure_rate(
                port, [write_request(path, event) for event in events], WORKERS
            )
            _check_stored(cursor, share)
            events = [_write_event() for _number in range(share * 10)]
            batches = [
                write_request(path, events[start : start + _BATCH], "-batch")
                for start in range(0, len(events), _BATCH)
            ]
            batched = measure_rate(port, batches, WORKERS) * _BATCH
            _check_stored(cursor, share * 10)
            if number:
                figure.add(
                    batched / singles, batched_per_s=batched, single_per_s=singles
                )
    return [figure]


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


def _check_stored(cursor, expected):
    stored = inbox.count_waiting(cursor)
    if stored != expected:
        raise Trouble(f"{expected} events were accepted, {stored} are stored.")
    inbox.forget_waiting(cursor)
