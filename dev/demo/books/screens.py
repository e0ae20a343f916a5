"""Holds the report's counts against those of the screens: what a person sees who opens
a menu.
"""

from collections import Counter
from decimal import Decimal

from ...make_believe.stripe.fate import DONE
from ...make_believe.stripe.units import ZERO
from . import check, check_clearing
from .check import Row

#: The menus below the app's that show what the report counts.
MENUS = (
    ("Events", "All Events"),
    ("Events", "Waiting Events"),
    ("Customers", "Tenants"),
    ("Customers", "Subscriptions"),
    ("Clearing", "Payouts"),
    ("Clearing", "Balance Transactions"),
    ("Clearing", "Disputes"),
    ("Reconciliation", "Differences"),
)


def read(desk):
    """Return what one person sees: how many rows each menu shows at first, and the
    clearing balances.
    """
    return {
        "counts": {menu: desk.count_on_screen(*menu) for menu in MENUS},
        "balances": desk.call(
            "saas.clearing.balance",
            "search_read",
            domain=[],
            fields=["source_id", "currency_id", "booked", "stated", "proof_state"],
        ),
    }


def check_balances(account, seen):
    """Return rows about the screen Clearing Balance: in each currency what of Stripe's
    money is booked, and all that Stripe has, also what waits; and, once nothing waits
    any more, that it is proved.
    """
    source = f"Stripe {account.entity.key.upper()}"
    found = {
        row["currency_id"][1]: row
        for row in seen["balances"]
        if row["source_id"][1] == source
    }
    booked = check_clearing.sum_unpaid(account, lambda movement: movement.fate is DONE)
    stated = check_clearing.sum_unpaid(account, lambda movement: True)
    rows = []
    for currency in sorted(set(found) | set(stated)):
        row = found.get(currency, {})
        for label, field, amounts in (
            ("in the books", "booked", booked),
            ("at the source", "stated", stated),
        ):
            amount = Decimal(str(row.get(field, 0)))
            label = f"on the screen, {label}, {currency}"
            rows.append(Row(label, amounts.get(currency, ZERO), amount))
        if account.is_resolved:
            proof = row.get("proof_state")
            rows.append(Row("  and its proof", "proved", proof))
    return rows


def check_screens(accounts, books, compared, seen):
    """Return a row for each menu: what the report says, and what the menu shows."""
    states = Counter()
    for account in accounts:
        states.update(event.fate.state for event in account.events)
        pulled = check_clearing.list_pulled(account).values()
        states.update(fate.state for _kind, fate in pulled)
    more = sum(book.get("read_again", 0) for book in books.values())
    more += sum(check.is_replay(key) for b in books.values() for key in b["events"])
    balances = [account.balance for account in accounts]
    meant = {
        "All Events": states.total() + more,
        "Waiting Events": states["quarantined"] + states["dead"],
        "Tenants": sum(book["counts"]["on_screen"] for book in books.values()),
        "Subscriptions": sum(b["counts"]["subscriptions"] for b in books.values()),
        "Payouts": sum(len(balance.payouts) for balance in balances),
        "Balance Transactions": sum(
            movement.fate is DONE
            for balance in balances
            for movement in balance.movements
        ),
        "Disputes": sum(len(account.list_kept("dispute")) for account in accounts),
        # One that a person has accepted is no longer shown at first.
        "Differences": sum(
            difference["state"] == "open"
            for run in compared.values()
            for difference in run["differences"]
        ),
    }
    counts = seen["counts"]
    return [Row(" → ".join(menu), meant[menu[-1]], counts[menu]) for menu in MENUS]
