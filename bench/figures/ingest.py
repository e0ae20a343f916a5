"""How many webhooks are accepted, over how many requests Odoo answers anyway.

Both sources are paused meanwhile: they accept events and process none. It is ingestion
that is measured, and a drain would take the same two cores.
"""

from dev.console import Trouble

from ..figure import Figure
from ..stage import inbox
from ..stage.client import make_get, make_webhook, measure_rate
from ..stage.stage import WORKERS

HEALTH = "/web/health?db_server_status=1"


def measure(stage):
    figure = Figure("ingest_ratio")
    port, count = stage.server.http_port, stage.sizes.ingest_requests
    stage.switch("paused")
    with stage.connect() as cursor:
        inbox.forget_waiting(cursor)
        for number in range(stage.sizes.rounds + 1):
            # The first is to warm up, and shorter.
            share = count if number else count // 10
            health = measure_rate(port, [make_get(HEALTH)] * share, WORKERS)
            webhooks = measure_rate(port, _sign(stage, share), WORKERS)
            stored = inbox.count_waiting(cursor)
            if stored != share:
                raise Trouble(f"{share} webhooks were accepted, {stored} are stored.")
            inbox.forget_waiting(cursor)
            if number:
                figure.add(
                    webhooks / health, webhooks_per_s=webhooks, health_per_s=health
                )
    stage.switch("active")
    return [figure]


def _sign(stage, count):
    _bills, events = stage.bill(count)
    return [make_webhook(event, stage.sources[event.entity]) for event in events]
