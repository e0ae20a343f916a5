"""A month of a company that GoCardless collects for: 40 payments in two currencies,
with all that may become of them.
"""

from datetime import UTC, datetime
from decimal import Decimal

from . import simulators
from .account import Account

CUSTOMERS = ("Amber Ltd", "Birch plc", "Cedar Ltd", "Dune LLP", "Elm Ltd")
#: What is not in the list below is confirmed and paid out, and stays so.
_FAILED = (3, 11, 19, 27)
_CANCELLED = (8,)
_LATE, _LOST, _WON, _LOST_THEN_WON = 0, 5, 12, 20
_REFUNDED, _RETURNED = 1, 2
#: Payments in euro, which the bank gets in dollars; and one of a stranger.
_EURO = range(32, 39)
_STRANGER = 39
_RATE = Decimal("1.0837")


def make_account():
    """Return the account, before anything has happened in it. Its fees have tenths."""
    return Account(datetime(2026, 11, 2, 9, tzinfo=UTC), _get_fee)


def play(account):
    """Let the month happen, and yield after each step of it."""
    mandates = [account.add_customer(company_name=name)[1] for name in CUSTOMERS]
    yield
    payments = [
        account.add_payment(
            mandates[number % len(mandates)],
            4990 + 731 * number,
            "EUR" if number in _EURO else "USD",
            is_hidden=number == _STRANGER,
        )
        for number in range(40)
    ]
    yield
    yield from _collect(account, payments)
    refund = account.add_refund(payments[_REFUNDED], 2000)
    returned = account.add_refund(payments[_RETURNED], 1500)
    yield
    account.pay_out("USD")
    account.pay_out("EUR", ("USD", _RATE))
    yield
    simulators.payment_late_failure(account, payments[_LATE])
    yield
    simulators.payment_charged_back(account, payments[_LOST])
    simulators.payment_charged_back(account, payments[_WON])
    simulators.payment_charged_back(account, payments[_LOST_THEN_WON])
    yield
    simulators.payment_chargeback_cancelled(account, payments[_WON])
    simulators.refund_paid(account, refund)
    simulators.refund_returned(account, returned)
    yield
    account.pay_out("USD")
    yield
    simulators.payment_chargeback_cancelled(account, payments[_LOST_THEN_WON])
    yield
    account.pay_out("USD")
    yield


def _collect(account, payments):
    """Have the payments submitted, and what becomes of them at the bank."""
    for number, ref in enumerate(payments):
        if number in _CANCELLED:
            account.set("payments", ref, "cancelled", "cancelled")
        else:
            simulators.payment_submitted(account, ref)
    account.pass_days(4)
    yield
    for number, ref in enumerate(payments):
        if number in _FAILED:
            account.set("payments", ref, "failed", "failed")
        elif number not in _CANCELLED:
            account.set("payments", ref, "confirmed", "confirmed")
            account.owe_payment(ref)
    yield


def _get_fee(amount):
    """Return 1 % and 20 cents, and the VAT on that, each to a tenth of a cent."""
    fee = (amount / 100 + 20).quantize(Decimal("0.1"))
    return fee, (fee / 5).quantize(Decimal("0.1"))
