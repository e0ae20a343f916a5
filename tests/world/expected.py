"""What the books must say of a story: computed from how the account ended at Stripe, in
integers, and from nothing that the code under test has.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from .objects import get_net, get_tax


@dataclass
class Expected:
    """``sums`` by name of account, debit above zero; ``due`` by invoice; ``days`` by
    payment and refund: of which day their money is. Amounts are in minor units.
    """

    sums: dict
    due: dict
    days: dict


def expect(story):
    account = story.account
    sums = Counter({"BAL": account.balance})
    for invoice in account.find("invoice"):
        _add_documents(story, invoice, sums)
    for gift in account.find("customer_balance_transaction"):
        sums["ADJ"] -= gift["amount"]
    for movement in account.find("balance_transaction"):
        is_told = story.movements or movement["reporting_category"] == "dispute"
        fee = movement["fee"] * is_told
        sums["SC"] += movement["amount"] - fee
        sums["FEE"] += fee
    for dispute in account.find("dispute"):
        # Until it is decided, the money is disputed; then it is back, or lost.
        name = {"needs_response": "DISP", "lost": "CB"}.get(dispute["status"])
        if name:
            sums[name] += dispute["amount"]
    for payout in account.find("payout"):
        sums["TRF"] += payout["amount"]
    return Expected(
        {name: amount for name, amount in sums.items() if amount},
        {
            invoice["id"]: invoice["amount_remaining"] * (invoice["status"] == "open")
            for invoice in account.find("invoice")
        },
        _get_days(account),
    )


def _add_documents(story, invoice, sums):
    """Add an invoice, its credit notes, and what is given up of it now."""
    if invoice["status"] == "void":
        return
    notes = story.account.find("credit_note", invoice=invoice["id"], status="issued")
    for document, sign in [(invoice, -1), *((note, 1) for note in notes)]:
        for line in document["lines"]["data"]:
            sums["REV"] += sign * get_net(line)
            sums["TAX"] += sign * get_tax(line)
        if shipping := document["shipping_cost"]:
            sums["REV"] += sign * shipping["amount_subtotal"]
            sums["TAX"] += sign * shipping["amount_tax"]
    if invoice["status"] == "uncollectible":
        # A share of net and tax: to the cent, together it is all that was due.
        name = "BAD+TAX" if story.relief else "BAD"
        sums[name] += invoice["amount_remaining"]


def _get_days(account):
    """Return by id the days of money that stayed moved."""
    days = {}
    for charge in account.find("charge", status="succeeded"):
        days.setdefault(charge["payment_intent"], set()).add(_get_day(account, charge))
    for refund in account.find("refund", status="succeeded"):
        days[refund["id"]] = {_get_day(account, refund)}
    return days


def _get_day(account, data):
    movement = account.objects[data["balance_transaction"]]
    return datetime.fromtimestamp(movement["created"], UTC).date()
