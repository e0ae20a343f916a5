"""How long it takes from a webhook's POST to the posted invoice, one at a time."""

import time
from statistics import median, quantiles

from dev.console import Trouble

from ..database import fetch
from ..figure import Figure
from ..stage.client import make_webhook, send

WARM_UP = 6
POLL = 0.005
#: The system is quiet again after that: the job is over, the runner waits.
PAUSE = 0.2
PATIENCE = 30
_POSTED = "SELECT 1 FROM account_move WHERE saas_external_id = %s AND state = 'posted'"


def measure(stage):
    figure = Figure("latency_p95_s")
    with stage.connect() as cursor:
        _send_each(stage, cursor, WARM_UP)
        for _round in range(stage.sizes.rounds):
            took = _send_each(stage, cursor, stage.sizes.latency_posts)
            figure.add(
                quantiles(took, n=20, method="inclusive")[-1],
                median_s=median(took),
                max_s=max(took),
            )
    return [figure]


def _send_each(stage, cursor, count):
    """Return how long each of some invoices took."""
    bills, events = stage.bill(count)
    took = []
    for (_tenant, invoice), event in zip(bills, events, strict=True):
        request = make_webhook(event, stage.sources[event.entity])
        began = time.monotonic()
        status = send(stage.server.http_port, request)
        if status != 200:
            raise Trouble(f"A webhook was answered with {status}.")
        while not fetch(cursor, _POSTED, invoice.id):
            if time.monotonic() - began > PATIENCE:
                raise Trouble(f"{invoice.id} was not posted in {PATIENCE} s.")
            time.sleep(POLL)
        took.append(time.monotonic() - began)
        time.sleep(PAUSE)
    return took
