"""A billing run in which one tenant of a hundred can't be billed, over one in which all
can. Two figures: what is missing is seen before anything is written; and what Odoo
refuses only as it posts, so that the chunk is halved until the tenant is alone.

After each such run what was wrong is put right, and those that failed are billed, so
that all have as much to bill the next time.
"""

import time

from dev.console import Trouble

from ...database import fetch
from ...figure import Figure
from ...stage.shell import transaction
from .run import bill

#: By figure, what is wrong with a tenant.
WAYS = {"bill_isolation": "set_position", "bill_isolation_late": "set_account"}
_MANY = 100


def measure(stage, shell, known, months):
    """In: as for `run.measure`."""
    figures = [Figure(key) for key in WAYS]
    bad = max(1, stage.sizes.bill_tenants // _MANY)
    for number in range(stage.sizes.rounds + 1):
        good = bill(shell, known, months.take())
        for figure in figures:
            took = _bill_with_bad(shell, known, months.take(), WAYS[figure.key], bad)
            if number:  # the first was to warm up
                figure.add(took / good, good_ms=good * 1000, bad_ms=took * 1000)
    for figure in figures:
        figure.detail.update(tenants=stage.sizes.bill_tenants, bad=bad)
    return figures


def _bill_with_bad(shell, known, month, way, bad):
    """Return how many seconds each tenant takes where some can't be billed."""
    function = f"figures.billing.isolation.{way}"
    shell.call(function, known=known, bad=bad)
    began = time.monotonic()
    run_id = shell.call(
        "stage.billed.begin_run", company_id=known["company_id"], month=month
    )
    became = shell.call("stage.billed.go_on", run_id=run_id)
    took = time.monotonic() - began
    if became["failed"] != bad:
        raise Trouble(f"{bad} tenants were to fail: {became}")
    shell.call(function, known=known, bad=0)
    after = shell.call("stage.billed.resume", run_id=run_id)
    if after["failed"]:
        raise Trouble(f"What was put right could not be billed: {after}")
    return took / (became["done"] + became["failed"])


def set_position(env, known, bad):
    """Let so many tenants have a fiscal position under which nothing can be billed, and
    the others none. Runs inside the shell.
    """
    with transaction(env) as own:
        for partner, is_bad in _choose(own, known, bad):
            partner.property_account_position_id = is_bad and known["position_id"]


def set_account(env, known, bad):
    """Let so many tenants owe on an account that is archived, and the others on the
    usual one. Runs inside the shell.
    """
    with transaction(env) as own:
        company = own["res.company"].browse(known["company_id"])
        accounts = own["account.account"].with_company(company)
        accounts = accounts.with_context(active_test=False)
        archived = accounts.search([("code", "=", "119999")])
        if not archived:
            archived = accounts.create(
                {
                    "code": "119999",
                    "name": "Archived",
                    "account_type": "asset_receivable",
                    "reconcile": True,
                    "company_ids": [(6, 0, company.ids)],
                }
            )
        archived.active = True
        usual = accounts.search(
            [
                ("account_type", "=", "asset_receivable"),
                ("company_ids", "in", company.ids),
                ("id", "!=", archived.id),
            ],
            limit=1,
        )
        for partner, is_bad in _choose(own, known, bad):
            account = archived if is_bad else usual
            partner.property_account_receivable_id = account
        own.flush_all()
        archived.active = False


def _choose(env, known, bad):
    """Yield the contacts of tenants of which some are bad at times, and whether they
    are now: one of a hundred, spread over all.
    """
    rows = fetch(env.cr, "SELECT partner_id FROM saas_tenant ORDER BY id")
    company = env["res.company"].browse(known["company_id"])
    partners = env["res.partner"].with_company(company)
    for number, (partner_id,) in enumerate(rows[_MANY // 2 :: _MANY]):
        yield partners.browse(partner_id), number < bad
