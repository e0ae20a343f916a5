"""What GoCardless has of the company: mandates, and the payments on them.

The account lives in the program that stands for GoCardless; whoever plays the story
orders what happens there. Knows no Odoo.
"""

from datetime import datetime
from decimal import Decimal

from ...make_believe.gocardless import simulators
from ...make_believe.gocardless.account import Account
from .customers import CUSTOMERS, at

TOKEN = "sandbox_Kx3halyardBV0collectsHere"
CURRENCY = "EUR"
#: What is kept of a payment, in cents. There is no tax in it: it is due here.
FEE, FEE_TAX = Decimal(35), Decimal(0)


def open_account():
    """Return the account with a mandate of each customer that pays by it, and what
    the customers and their mandates are called there, by reference. They are the same
    each time.
    """
    account = Account(at(7, 30), lambda _amount: (FEE, FEE_TAX))
    ids = {}
    for customer in CUSTOMERS:
        if customer.gateway == "gocardless":
            ids[customer.ref] = account.add_customer(
                company_name=customer.name, country_code=customer.country
            )
            # Where euros are collected, it is this scheme.
            account.get("mandates", ids[customer.ref][1])["scheme"] = "sepa_core"
    return account, ids


def play(account, moment, orders):
    """Have things happen at a moment.

    :param orders: pairs of what happens, a function below, and its arguments.
    """
    account.at = max(account.at, datetime.fromisoformat(moment))
    for name, arguments in orders:
        ORDERS[name](account, *arguments)


def confirm(account, ref):
    """Collect a payment."""
    simulators.payment_submitted(account, ref)
    account.set("payments", ref, "confirmed", "confirmed")
    account.owe_payment(ref)


def fail(account, ref):
    """Have the bank refuse a payment."""
    simulators.payment_submitted(account, ref)
    account.set("payments", ref, "failed", "failed")


def take_back(account, ref):
    """Have the bank take a payment back that was paid out."""
    account.set("payments", ref, "failed", "failed")
    account.owe_back(ref, "payment_failed")


def give_back(account, ref, amount, metadata):
    """Send a part of a payment back to the customer."""
    refund = account.add_refund(ref, amount)
    account.get("refunds", refund)["metadata"] = metadata
    account.set("refunds", refund, "submitted", "submitted")
    account.set("refunds", refund, "paid", "paid")


def pay_out(account):
    """Pay out what is due, if that is more than nothing."""
    if sum(Decimal(item["amount"]) for item in account.due.get(CURRENCY, [])) > 0:
        account.pay_out(CURRENCY)


ORDERS = {
    order.__name__: order for order in (confirm, fail, take_back, give_back, pay_out)
}
