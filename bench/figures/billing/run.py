"""A billing run, tenants billed and posted with all that is kept of them, over the
shortest hand-written code that creates and posts the same invoices in bulk. Two
figures: one for the way in which Odoo makes the journal items itself, one for the
prepared journal items, which is the way that these invoices really go.

Beside them, what a look at all that would be billed takes over the run that bills it.
"""

import time
from datetime import UTC, datetime

from dev.console import Trouble

from ...database import fetch
from ...figure import Figure
from ...stage.shell import transaction
from ..by_hand import post

KEYS = ("bill_vs_orm", "bill_vs_orm_prepared", "preview_vs_run")


def measure(stage, shell, known, months):
    """In: a shell on a database with tenants to bill, what the set-up says of their
    company, and the months that are not billed yet.
    """
    form, prepared, preview = figures = [Figure(key) for key in KEYS]
    for number in range(stage.sizes.rounds + 1):
        by_hand = _post_by_hand(stage, shell, known, months)
        shell.call("figures.post_orm.choose_way", prepared=False)
        in_form = bill(shell, known, months.take())
        shell.call("figures.post_orm.choose_way", prepared=True)
        month = months.take()
        looked = shell.call(
            "figures.billing.run.look", company_id=known["company_id"], month=month
        )
        in_bulk = bill(shell, known, month)
        if not number:  # the first was to warm up
            continue
        for figure, took in ((form, in_form), (prepared, in_bulk)):
            figure.add(by_hand / took, orm_ms=by_hand * 1000, run_ms=took * 1000)
        preview.add(looked / in_bulk, look_ms=looked * 1000, run_ms=in_bulk * 1000)
    for figure in figures:
        figure.detail["tenants"] = stage.sizes.bill_tenants
    return figures


def bill(shell, known, month):
    """Bill all tenants; return how many seconds each invoice took.

    :raises Trouble: if one of them was not billed.
    """
    began = time.monotonic()
    run_id = shell.call(
        "stage.billed.begin_run", company_id=known["company_id"], month=month
    )
    became = shell.call("stage.billed.go_on", run_id=run_id)
    took = time.monotonic() - began
    if became["failed"] or became["state"] != "done" or not became["done"]:
        raise Trouble(f"Not all tenants were billed: {became}")
    return took / became["done"]


def _post_by_hand(stage, shell, known, months):
    """Return how many seconds an invoice takes that hand-written code makes."""
    count = stage.sizes.bill_by_hand
    took = shell.call(
        "figures.billing.run.post_batches", known=known, count=count, day=months.last
    )
    return took / count


def post_batches(env, known, count, day):
    """Post invoices in batches as large as a run's chunks. Runs inside the shell.

    :return: how many seconds it took.
    """
    vals_list = _prepare_invoices(env, known, count, day)
    size = env["saas.billing.run"]._chunk_size
    began = time.perf_counter()
    for start in range(0, len(vals_list), size):
        with transaction(env) as own:
            post(own, known["company_id"], vals_list[start : start + size])
    return time.perf_counter() - began


def _prepare_invoices(env, known, count, day):
    """Return the values of invoices like those that a run makes."""
    products, text = known["products"], f", {day:%m/%d/%Y} to {day:%m}/30/{day:%Y}"
    query = "SELECT partner_id FROM saas_tenant ORDER BY id LIMIT %s"
    common = {"account_id": known["account_id"], "tax_ids": [(6, 0, [known["tax_id"]])]}
    lines = [
        {"product_id": products["team"], "name": f"Base{text}", "price_unit": 30.0},
        {
            **{"product_id": products["seat"], "name": f"Seats{text}"},
            **{"price_unit": 10.0, "quantity": 4.0},
        },
    ]
    return [
        {
            "move_type": "out_invoice",
            "journal_id": known["journal_id"],
            "partner_id": partner_id,
            "invoice_date": str(day),
            "invoice_line_ids": [(0, 0, {**line, **common}) for line in lines],
        }
        for (partner_id,) in fetch(env.cr, query, count)
    ]


def look(env, company_id, month):
    """Look at all that a run would bill. Runs inside the shell.

    :return: how many seconds each tenant took.
    """
    with transaction(env) as own:
        began = time.perf_counter()
        source = own["saas.source"]._ensure_own(own["res.company"].browse(company_id))
        preview = own["saas.billing.preview"].with_context(
            **source._get_batch_context()
        )
        cutoff = datetime(month.year, month.month, month.day, tzinfo=UTC)
        tasks = preview._look(source.with_env(preview.env), cutoff, month)
        told = [preview._tell(task) for task in tasks]
        if not told or any(task.error for task in tasks):
            raise ValueError("there is nothing to be seen")
        return (time.perf_counter() - began) / len(told)
