"""One process that drains a backlog of invoices, over the shortest hand-written code
that creates and posts the same invoices in the same batches. Two figures: one for the
way in which Odoo makes the journal items itself, one for the prepared journal items,
which is the way that these invoices really go.
"""

import time

from ..figure import Figure
from ..stage import inbox
from ..stage.shell import transaction
from .by_hand import post, prepare_invoices

ENTITY = "eu"  # the one with taxes
WARM_UP = 20


def measure(stage, shell):
    count = stage.sizes.orm_events
    figures = {
        False: Figure("post_vs_orm", detail={"events": count}),
        True: Figure("post_vs_orm_prepared", detail={"events": count}),
    }
    with stage.connect() as cursor:
        _post_by_hand(stage, shell, cursor, WARM_UP)
        for prepared in figures:
            _drain(stage, shell, cursor, WARM_UP, prepared)
        for _round in range(stage.sizes.rounds):
            by_hand = _post_by_hand(stage, shell, cursor, count)
            for prepared, figure in figures.items():
                drained = _drain(stage, shell, cursor, count, prepared)
                figure.add(
                    by_hand / drained,
                    orm_ms=by_hand / count * 1000,
                    drain_ms=drained / count * 1000,
                )
        inbox.check_done(cursor)
    shell.call("figures.post_orm.choose_way", prepared=True)
    return list(figures.values())


def _post_by_hand(stage, shell, cursor, count):
    """Return how many seconds hand-written code takes."""
    source = stage.sources[ENTITY]
    bills, _events = stage.bill(count, ENTITY)
    return shell.call(
        "figures.post_orm.post_batches",
        company_id=source["company_id"],
        vals_list=prepare_invoices(cursor, bills, source),
    )


def _drain(stage, shell, cursor, count, prepared):
    """Return how many seconds the pipeline takes, in the one way or the other."""
    shell.call("figures.post_orm.choose_way", prepared=prepared)
    _bills, events = stage.bill(count, ENTITY)
    inbox.fill(cursor, events, stage.sources)
    return shell.call("stage.shell.drain", source_id=stage.sources[ENTITY]["id"])


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


def choose_way(env, prepared):
    """Let the pipeline prepare the journal items, or not. Runs inside the shell."""
    items = env.registry["saas.ledger.journal_items"]
    if prepared:
        # What the class has of its own is what we gave it.
        if "_can_prepare" in vars(items):
            del items._can_prepare
    else:
        items._can_prepare = lambda _self, _source, _taxes: False
