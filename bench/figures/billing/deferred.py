"""What a schedule for each line costs an invoice: the time that the pipeline takes for
invoices of services of a year while the company defers revenue, over the time for the
same while it does not.
"""

import json
from dataclasses import replace
from datetime import timedelta

from dev.console import Trouble

from ...database import fetch
from ...figure import Figure
from ...stage import inbox
from ...stage.shell import transaction
from .recognise import prepare_account

ENTITY = "eu"
WARM_UP = 20
_YEAR = int(timedelta(days=365).total_seconds())


def measure(stage, shell):
    figure = Figure("post_deferred_ratio")
    count = stage.sizes.deferred_events
    company_id = stage.sources[ENTITY]["company_id"]
    shell.call("figures.billing.deferred.set_up", company_id=company_id)
    with stage.connect() as cursor:
        for defers in (False, True):
            _drain(stage, shell, cursor, WARM_UP, defers)
        for _round in range(stage.sizes.rounds):
            plain = _drain(stage, shell, cursor, count, defers=False)
            deferred = _drain(stage, shell, cursor, count, defers=True)
            figure.add(
                deferred / plain,
                deferred_ms=deferred / count * 1000,
                plain_ms=plain / count * 1000,
            )
        inbox.check_done(cursor)
    _switch(shell, company_id, defers=False)
    figure.detail["events"] = count
    return [figure]


def _drain(stage, shell, cursor, count, defers):
    """Return how many seconds the pipeline takes for invoices of a year each."""
    source = stage.sources[ENTITY]
    _switch(shell, source["company_id"], defers)
    bills, events = stage.bill(count, ENTITY)
    lines = sum(len(invoice.lines) for _tenant, invoice in bills)
    inbox.fill(cursor, [_stretch(event) for event in events], stage.sources)
    query = "SELECT count(*) FROM saas_revenue_schedule"
    [(before,)] = fetch(cursor, query)
    took = shell.call("stage.shell.drain", source_id=source["id"])
    [(after,)] = fetch(cursor, query)
    if after - before != lines * defers:
        raise Trouble(f"{after - before} schedules were opened for {lines} lines.")
    return took


def _stretch(event):
    """Return an event of an invoice whose lines are for a year each."""
    payload = json.loads(event.body)
    for line in payload["data"]["object"]["lines"]["data"]:
        line["period"]["end"] = line["period"]["start"] + _YEAR
    return replace(event, body=json.dumps(payload).encode())


def _switch(shell, company_id, defers):
    shell.call("figures.billing.deferred.switch", company_id=company_id, defers=defers)


def set_up(env, company_id):
    """Let a company be able to defer revenue. Runs inside the shell."""
    prepare_account(env, env["res.company"].browse(company_id))
    env.cr.commit()


def switch(env, company_id, defers):
    """Let a company defer revenue from now on, or not. Runs inside the shell."""
    with transaction(env) as own:
        company = own["res.company"].browse(company_id)
        company.revenue_deferred_from = "2020-01-01" if defers else False
