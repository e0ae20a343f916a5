"""How long it takes from the POST of a product's event, which says that a customer has
more seats now, to the posted invoice for the rest of the period, one at a time.
"""

import time
from datetime import UTC, datetime
from itertools import count
from statistics import median, quantiles

from dev.console import Trouble

from ...database import fetch
from ...figure import Figure
from ...stage.billed import begin_run, go_on, prepare_company, subscribe
from ...stage.client import send
from ...stage.sender import SECRET, write_request
from ...stage.shell import Shell
from ..latency import PATIENCE, PAUSE, POLL, WARM_UP

ENTITY = "eu"
_TENANTS = 10
_COUNT = """SELECT count(*) FROM account_move
             WHERE saas_tenant_id = %s AND state = 'posted'"""


def measure(stage):
    figure = Figure("amend_latency_p95_s")
    with Shell(stage.database) as shell:
        known = shell.call("figures.billing.amend.set_up", known=stage.sources[ENTITY])
    numbers = count(1)
    with stage.connect() as cursor:
        _amend_each(stage, cursor, known, numbers, WARM_UP)
        for _round in range(stage.sizes.rounds):
            posts = stage.sizes.latency_posts
            took = _amend_each(stage, cursor, known, numbers, posts)
            figure.add(
                quantiles(took, n=20, method="inclusive")[-1],
                median_s=median(took),
                max_s=max(took),
            )
    return [figure]


def _amend_each(stage, cursor, known, numbers, posts):
    """Return how long each of some amendments took."""
    took = []
    for _post in range(posts):
        number = next(numbers)
        tenant_id, ref = known["tenants"][number % _TENANTS]
        [(before,)] = fetch(cursor, _COUNT, tenant_id)
        request = write_request(known["path"], _write_event(ref, number))
        began = time.monotonic()
        status = send(stage.server.http_port, request)
        if status != 200:
            raise Trouble(f"An amendment was answered with {status}.")
        while fetch(cursor, _COUNT, tenant_id)[0][0] == before:
            if time.monotonic() - began > PATIENCE:
                raise Trouble(f"{ref} was not billed in {PATIENCE} s.")
            time.sleep(POLL)
        took.append(time.monotonic() - began)
        time.sleep(PAUSE)
    return took


def _write_event(ref, number):
    """Return the event that a customer has more seats than ever before."""
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return {
        "specversion": "1.0",
        "id": f"amend-{number}",
        "source": "https://app.example/product",
        "type": "subscription.changed",
        "time": now,
        "saasversion": "1",
        "data": {
            "id": ref,
            "customer": ref,
            "effective_at": now,
            "plan": "bench",
            "currency": "EUR",
            "items": [{"component": "seats", "quantity": str(4 + number)}],
        },
    }


def set_up(env, known):
    """Let a product be a source, and customers of it be billed for this month. Runs
    inside the shell.

    :return: the path of its webhook, and each tenant with its id there.
    """
    company = prepare_company(env, known)
    company.bills_by_clock = True
    env = company.env
    source = env["saas.source"].create(
        {
            "name": "Product",
            "adapter": "standard",
            "company_id": company.id,
            "tz": "UTC",
            "secret_ids": [(0, 0, {"new_value": SECRET})],
        }
    )
    now = datetime.now(UTC)
    begin = datetime(now.year, now.month, 1, tzinfo=UTC)
    subscriptions = subscribe(company, known, source, _TENANTS, begin)
    bindings = env["saas.binding"]
    bindings.create(
        [
            bindings._prepare_vals(source, kind, each.external_id, record)
            for each in subscriptions
            for kind, record in (
                ("customer", each.tenant_id),
                ("subscription", each),
            )
        ]
    )
    env.cr.commit()
    _wait_for(env, begin_run(env, company.id, begin.date()))
    return {
        "path": "/saas/webhook/" + source.webhook_url.rpartition("/")[2],
        "tenants": [(each.tenant_id.id, each.external_id) for each in subscriptions],
    }


def _wait_for(env, run_id):
    """Wait until the server's own jobs have done a run."""
    began = time.monotonic()
    while go_on(env, run_id, chunks=0)["state"] == "running":
        if time.monotonic() - began > PATIENCE:
            raise Trouble(f"The run {run_id} was not done in {PATIENCE} s.")
        time.sleep(POLL)
