"""Payments booked and reconciled from a backlog, over creating, posting and
reconciling the same payments one by one, in one process each.
"""

import time

from dev.console import Trouble

from . import inbox
from .by_hand import pay
from .database import fetch
from .figure import Figure
from .shell import transaction
from .world import PAID

ENTITY = "eu"
WARM_UP = 4


def measure(stage, shell):
    figure = Figure("pay_vs_single")
    sizes = stage.sizes
    unpaid = iter(stage.get_unpaid(ENTITY))
    with stage.connect() as cursor:
        _pay_singly(stage, shell, cursor, _take(unpaid, WARM_UP))
        _drain(stage, shell, cursor, _take(unpaid, WARM_UP))
        for _round in range(sizes.rounds):
            single = _pay_singly(stage, shell, cursor, _take(unpaid, sizes.pay_singles))
            drained = _drain(stage, shell, cursor, _take(unpaid, sizes.pay_backlog))
            figure.add(drained / single, backlog_per_s=drained, one_by_one_per_s=single)
        inbox.check_done(cursor)
    figure.detail["backlog"] = sizes.pay_backlog
    return [figure]


def _take(unpaid, count):
    return [next(unpaid) for _number in range(count)]


def _pay_singly(stage, shell, cursor, bills):
    """Return how many payments a second are made one by one."""
    source = stage.sources[ENTITY]
    query = "SELECT id FROM account_move WHERE saas_external_id = ANY(%s)"
    ids = [id_ for (id_,) in fetch(cursor, query, [bill.id for _tenant, bill in bills])]
    took = shell.call(
        "pay.pay_each",
        company_id=source["company_id"],
        clearing_id=source["clearing_id"],
        invoice_ids=ids,
    )
    _check_paid(cursor, bills)
    return len(bills) / took


def _drain(stage, shell, cursor, bills):
    """Return how many payments a second are made of a backlog."""
    with stage.record(PAID[ENTITY]) as events:
        for tenant, bill in bills:
            tenant.pay(tenant.account.now(), bill)
    inbox.fill(cursor, events, stage.sources)
    took = shell.call("shell.drain", source_id=stage.sources[ENTITY]["id"])
    _check_paid(cursor, bills)
    return len(bills) / took


def _check_paid(cursor, bills):
    query = """SELECT count(*) FROM account_move
               WHERE saas_external_id = ANY(%s) AND amount_residual = 0"""
    [(paid,)] = fetch(cursor, query, [bill.id for _tenant, bill in bills])
    if paid != len(bills):
        raise Trouble(f"{len(bills)} invoices were to be paid, {paid} are.")


def pay_each(env, company_id, clearing_id, invoice_ids):
    """Pay invoices one by one. Runs inside the shell.

    :return: how many seconds it took.
    """
    began = time.perf_counter()
    for invoice_id in invoice_ids:
        with transaction(env) as invoice_env:
            pay(invoice_env, company_id, clearing_id, invoice_id)
    return time.perf_counter() - began
