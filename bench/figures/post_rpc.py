"""Invoices posted from a backlog by the job runner, over a client that creates and
posts the same invoices one by one through the external API, on as many connections as
there are workers. Both work on two companies' journals: each connection, like each
source, has one of its own, which is the best case for both.
"""

import threading
import time

from dev.console import Trouble

from ..database import fetch
from ..figure import Figure
from ..stage import inbox
from .by_hand import prepare_invoices

POLL = 0.05
PATIENCE = 600
_POSTED = "SELECT count(*) FROM account_move WHERE state = 'posted'"


def measure(stage):
    figure = Figure("post_vs_rpc")
    with stage.connect() as cursor:
        _drain_backlog(stage, cursor, 20)  # to warm up
        _post_by_api(stage, cursor, 4)
        for _round in range(stage.sizes.rounds):
            single = _post_by_api(stage, cursor, stage.sizes.rpc_singles)
            drained = _drain_backlog(stage, cursor, stage.sizes.rpc_backlog)
            figure.add(drained / single, backlog_per_s=drained, api_per_s=single)
        inbox.check_done(cursor)
    figure.detail["backlog"] = stage.sizes.rpc_backlog
    return [figure]


def _drain_backlog(stage, cursor, count):
    """Return how many invoices a second were posted, from the moment in which the
    sources are activated until the last one is there.
    """
    stage.switch("paused")
    _bills, events = stage.bill(count)
    inbox.fill(cursor, events, stage.sources)
    before = fetch(cursor, _POSTED)[0][0]
    began = time.monotonic()
    stage.switch("active")
    while inbox.count_waiting(cursor):
        if time.monotonic() - began > PATIENCE:
            raise Trouble(f"{count} events were not processed in {PATIENCE} s.")
        time.sleep(POLL)
    took = time.monotonic() - began
    posted = fetch(cursor, _POSTED)[0][0] - before
    if posted != count:
        raise Trouble(f"{count} invoices were to be posted, {posted} were.")
    return count / took


def _post_by_api(stage, cursor, count):
    """Return how many invoices a second were posted by connections in parallel."""
    shares = []
    for key, source in stage.sources.items():
        bills, _events = stage.bill(count // len(stage.sources), key)
        values = prepare_invoices(cursor, bills, source)
        shares.append((stage.get_api(), source["company_id"], values))
    failures = []
    clients = [
        threading.Thread(target=_post_each, args=(*share, failures)) for share in shares
    ]
    began = time.monotonic()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    took = time.monotonic() - began
    if failures:
        raise failures[0]
    return sum(len(values) for _api, _company, values in shares) / took


def _post_each(api, company_id, values, failures):
    context = {"allowed_company_ids": [company_id]}
    try:
        for vals in values:
            ids = api.call("account.move", "create", vals_list=[vals], context=context)
            api.call("account.move", "action_post", ids=ids, context=context)
    except Exception as error:
        failures.append(error)
