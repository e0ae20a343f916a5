"""Payments booked and reconciled from a backlog, over hand-written code that creates,
posts and reconciles as many: one by one, and in batches as large as the pipeline's. All
in one process, each batch in a transaction of its own.
"""

import time

from dev.console import Trouble

from ..database import fetch
from ..figure import Figure
from ..stage import inbox
from ..stage.shell import transaction
from ..stage.world import PAID
from .by_hand import pay

ENTITY = "eu"
WARM_UP = 4


def measure_singles(stage, shell):
    """Measure `pay_vs_single`."""
    figure = Figure("pay_vs_single")
    sizes = stage.sizes
    with stage.connect() as cursor:
        _pay_by_hand(stage, shell, cursor, WARM_UP, size=1)
        _drain(stage, shell, cursor, WARM_UP)
        for _round in range(sizes.rounds):
            single = _pay_by_hand(stage, shell, cursor, sizes.pay_singles, size=1)
            drained = _drain(stage, shell, cursor, sizes.pay_backlog)
            figure.add(drained / single, backlog_per_s=drained, one_by_one_per_s=single)
        inbox.check_done(cursor)
    figure.detail["backlog"] = sizes.pay_backlog
    return [figure]


def measure_bulk(stage, shell):
    """Measure `pay_vs_orm`."""
    figure = Figure("pay_vs_orm")
    count = stage.sizes.pay_bulk
    with stage.connect() as cursor:
        _pay_by_hand(stage, shell, cursor, WARM_UP)
        _drain(stage, shell, cursor, WARM_UP)
        for _round in range(stage.sizes.rounds):
            by_hand = _pay_by_hand(stage, shell, cursor, count)
            drained = _drain(stage, shell, cursor, count)
            figure.add(drained / by_hand, backlog_per_s=drained, orm_per_s=by_hand)
        inbox.check_done(cursor)
    figure.detail["payments"] = count
    return [figure]


def _pay_by_hand(stage, shell, cursor, count, size=None):
    """Return how many payments a second hand-written code makes, in batches of so
    many, or as large as the pipeline's.
    """
    bills = stage.take_unpaid(ENTITY, count)
    source = stage.sources[ENTITY]
    query = "SELECT id FROM account_move WHERE saas_external_id = ANY(%s)"
    ids = [id_ for (id_,) in fetch(cursor, query, [bill.id for _tenant, bill in bills])]
    took = shell.call(
        "figures.pay.pay_batches",
        company_id=source["company_id"],
        clearing_id=source["clearing_id"],
        invoice_ids=ids,
        size=size,
    )
    _check_paid(cursor, bills)
    return len(bills) / took


def _drain(stage, shell, cursor, count):
    """Return how many payments a second are made of a backlog."""
    bills = stage.take_unpaid(ENTITY, count)
    with stage.record(PAID[ENTITY]) as events:
        for tenant, bill in bills:
            tenant.pay(tenant.account.now(), bill)
    inbox.fill(cursor, events, stage.sources)
    took = shell.call("stage.shell.drain", source_id=stage.sources[ENTITY]["id"])
    _check_paid(cursor, bills)
    return len(bills) / took


def _check_paid(cursor, bills):
    query = """SELECT count(*) FROM account_move
               WHERE saas_external_id = ANY(%s) AND amount_residual = 0"""
    [(paid,)] = fetch(cursor, query, [bill.id for _tenant, bill in bills])
    if paid != len(bills):
        raise Trouble(f"{len(bills)} invoices were to be paid, {paid} are.")


def pay_batches(env, company_id, clearing_id, invoice_ids, size=None):
    """Pay invoices, one by one or in batches. Runs inside the shell.

    :return: how many seconds it took.
    """
    size = size or env["saas.drain"]._batch_size
    began = time.perf_counter()
    for start in range(0, len(invoice_ids), size):
        with transaction(env) as batch_env:
            pay(batch_env, company_id, clearing_id, invoice_ids[start : start + size])
    return time.perf_counter() - began
