"""A billing run, over OCA's addon ``contract`` in a database of its own: its cron
creates invoices of as many lines, and Odoo posts them together, as people do there.
"""

import time
from datetime import date

from dev.console import Trouble

from ...figure import Figure
from ...stage.shell import transaction
from .run import bill


def measure(stage, shell, known, months, opponent):
    """In: a shell on a database with tenants to bill, what is known of their company,
    the months that are not billed yet, and a shell on the opponent's database.
    """
    figure = Figure("bill_vs_contract")
    count = stage.sizes.bill_by_hand
    for number in range(stage.sizes.rounds + 1):
        month = months.take()
        theirs = opponent.call("figures.billing.contract.bill_contracts", number=number)
        if theirs["invoices"] != count:
            raise Trouble(f"{count} contracts were to be billed: {theirs}")
        ours = bill(shell, known, month)
        if number:  # the first was to warm up
            each = theirs["seconds"] / count
            figure.add(each / ours, contract_ms=each * 1000, run_ms=ours * 1000)
    figure.detail.update(tenants=stage.sizes.bill_tenants, contracts=count)
    return [figure]


def bill_contracts(env, number):
    """Bill all contracts for a month, as the addon's cron does, and post the invoices.
    Runs inside the shell.
    """
    year, month = divmod(number, 12)
    with transaction(env) as own:
        began = time.perf_counter()
        moves = own["account.move"]
        before = moves.search([], order="id desc", limit=1).id or 0
        own["contract.contract"]._cron_recurring_create(date(2025 + year, month + 1, 1))
        made = moves.search([("id", ">", before)])
        made.action_post()
        own.cr.commit()
        took = time.perf_counter() - began
        lines = made.invoice_line_ids
        if len(lines) != 2 * len(made) or not all(lines.mapped("tax_ids")):
            raise ValueError("the invoices are not those that were to be compared")
        return {"seconds": took, "invoices": len(made)}
