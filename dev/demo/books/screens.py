"""Holds the report's counts against those of the screens: what a person sees who opens
a menu.
"""

from collections import Counter

from ...make_believe.stripe.fate import DONE
from . import check, check_clearing
from .check import Row

#: The menus below the app's that show what the report counts.
MENUS = (
    ("Events",),
    ("Exceptions",),
    ("Tenants",),
    ("Subscriptions",),
    ("Clearing", "Payouts"),
    ("Clearing", "Balance Transactions"),
    ("Clearing", "Disputes"),
    ("Reconciliation", "Differences"),
)


def read(desk):
    """Return how many rows each menu shows at first, to one person."""
    return {menu: desk.count_on_screen(*menu) for menu in MENUS}


def check_screens(accounts, books, compared, seen):
    """Return a row for each menu: what the report says, and what the menu shows."""
    states = Counter()
    for account in accounts:
        states.update(event.fate.state for event in account.events)
        pulled = check_clearing.list_pulled(account).values()
        states.update(fate.state for _kind, fate in pulled)
    replays = sum(check.is_replay(key) for b in books.values() for key in b["events"])
    balances = [account.balance for account in accounts]
    meant = {
        "Events": states.total() + replays,
        "Exceptions": states["quarantined"] + states["dead"],
        "Tenants": sum(book["counts"]["on_screen"] for book in books.values()),
        "Subscriptions": sum(b["counts"]["subscriptions"] for b in books.values()),
        "Payouts": sum(len(balance.payouts) for balance in balances),
        "Balance Transactions": sum(
            movement.fate is DONE
            for balance in balances
            for movement in balance.movements
        ),
        "Disputes": sum(len(account.list_kept("dispute")) for account in accounts),
        "Differences": sum(len(run["differences"]) for run in compared.values()),
    }
    return [Row(" → ".join(menu), meant[menu[-1]], seen[menu]) for menu in MENUS]
