"""One process that drains a backlog of invoices, over the shortest hand-written code
that creates and posts the same invoices in the same batches.
"""

import time

from . import inbox
from .by_hand import post, prepare_invoices
from .figure import Figure
from .shell import transaction

ENTITY = "eu"  # the one with taxes
WARM_UP = 20


def measure(stage, shell):
    figure = Figure("post_vs_orm")
    count = stage.sizes.orm_events
    with stage.connect() as cursor:
        _post_by_hand(stage, shell, cursor, WARM_UP)
        _drain(stage, shell, cursor, WARM_UP)
        for _round in range(stage.sizes.rounds):
            by_hand = _post_by_hand(stage, shell, cursor, count)
            drained = _drain(stage, shell, cursor, count)
            figure.add(
                by_hand / drained,
                orm_ms=by_hand / count * 1000,
                drain_ms=drained / count * 1000,
            )
        inbox.check_done(cursor)
    figure.detail["events"] = count
    return figure


def _post_by_hand(stage, shell, cursor, count):
    """Return how many seconds hand-written code takes."""
    source = stage.sources[ENTITY]
    bills, _events = stage.bill(count, ENTITY)
    return shell.call(
        "post_orm.post_batches",
        company_id=source["company_id"],
        vals_list=prepare_invoices(cursor, bills, source),
    )


def _drain(stage, shell, cursor, count):
    """Return how many seconds the pipeline takes."""
    _bills, events = stage.bill(count, ENTITY)
    inbox.fill(cursor, events, stage.sources)
    return shell.call("shell.drain", source_id=stage.sources[ENTITY]["id"])


def post_batches(env, company_id, vals_list):
    """Post invoices in batches as large as the pipeline's. Runs inside the shell.

    :return: how many seconds it took.
    """
    size = env["saas.drain"]._batch_size
    began = time.perf_counter()
    for start in range(0, len(vals_list), size):
        with transaction(env) as batch_env:
            post(batch_env, company_id, vals_list[start : start + size])
    return time.perf_counter() - began
