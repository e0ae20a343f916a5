"""Records of usage that are accepted over HTTP in requests of a thousand, over a
thousand times how many requests Odoo answers anyway: what a request's content costs.

The source is paused: requests are verified, read, checked record by record, stored and
answered, and none is processed.
"""

from itertools import count

from dev.console import Trouble

from ...figure import Figure
from ...stage import inbox
from ...stage.client import make_get, measure_rate
from ...stage.metering import IN_A_REQUEST, write_record
from ...stage.sender import create_source, write_request
from ...stage.stage import WORKERS
from ..ingest import HEALTH

_SUBSCRIPTIONS = 5000


def measure(stage):
    figure = Figure("usage_http")
    port, sizes = stage.server.http_port, stage.sizes
    path = create_source(stage, "Bench meter")
    numbers = count()
    with stage.connect() as cursor:
        inbox.forget_waiting(cursor)
        for number in range(sizes.rounds + 1):
            # The first is to warm up, and shorter.
            share = sizes.usage_requests if number else sizes.usage_requests // 10
            checks = sizes.ingest_requests if number else sizes.ingest_requests // 10
            health = measure_rate(port, [make_get(HEALTH)] * checks, WORKERS)
            requests = [_write(path, numbers) for _request in range(share)]
            accepted = measure_rate(port, requests, WORKERS)
            stored = inbox.count_waiting(cursor)
            if stored != share:
                raise Trouble(f"{share} requests were accepted, {stored} are stored.")
            inbox.forget_waiting(cursor)
            if number:
                figure.add(
                    accepted / health,
                    records_per_s=accepted * IN_A_REQUEST,
                    health_per_s=health,
                )
    return [figure]


def _write(path, numbers):
    """Return a request of a thousand records that nobody told before."""
    records = [
        write_record(next(numbers), _SUBSCRIPTIONS) for _record in range(IN_A_REQUEST)
    ]
    return write_request(path, records, "-batch")
