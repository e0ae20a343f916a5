"""Stripe as the story plays it: cards are charged when Odoo asks for it, a declined one
is paid on a page, and all of it is paid out.
"""

import secrets
from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace

import requests

from ...make_believe.stripe.api_writes import API_VERSION
from ...make_believe.stripe.shapes.basil import BasilShape
from ...make_believe.stripe.units import stamp
from ...make_believe.stripe.webhooks import make_requests
from ..send import post
from .customers import CUSTOMERS, at
from .money import Money, to_major

#: The account's name, with which its keys end.
ACCOUNT = "nl"
_CURRENCIES = ("eur", "usd")
_GOOD, _BAD = "pm_card_visa", "pm_card_visa_chargeDeclinedInsufficientFunds"
#: What the endpoint does not ask to be told: it says nothing about money.
_UNWANTED = ("payment_intent.created", "payout.created")
_TIMEOUT = 30


class StripeGateway:
    """What happens at Stripe.

    :param url: the server's address; ``stripe``: that of what stands for Stripe.
    :param source: what the set-up says of the source.
    """

    name = "Stripe"

    def __init__(self, url, stripe, source):
        self.url, self.stripe, self.source = url, stripe, source
        self.key = f"rk_test_{secrets.token_hex(12)}_{ACCOUNT}"
        self.customers = [c for c in CUSTOMERS if c.gateway == "stripe"]

    def open(self):
        """Have the customers sign up and save their cards; return a key to use the
        account.
        """
        self._post("/_keys", {self.key: None})
        told = [_tell_customer(customer) for customer in self.customers]
        self._post("/_events", told)
        self.set_clock(at(7, 31))
        for customer in self.customers:
            self._save_card(customer.ref, _GOOD)
        self._send(told)
        return self.key

    def get_customer(self, ref):
        return f"cus_{ACCOUNT}_{ref.lower().replace('-', '')}"

    def set_clock(self, moment):
        """Have it be another moment there."""
        self._post("/_clock", stamp(moment))

    def expect(self, fates):
        """Have cards be declined from now on.

        :param fates: what becomes of the first try, by customer.
        """
        for customer in self.customers:
            if customer.ref in fates:
                self._save_card(customer.ref, _BAD)

    def settle(self, moment, _fates, links):
        """Have who was sent a link pay on its page, and change the card, but for who
        never pays; pay all of it out.

        :param links: the pages, by customer.
        """
        self.set_clock(moment)
        idle = {c.ref for c in self.customers if c.never_pays}
        for ref, page in links.items():
            if ref in idle:
                continue
            self._act("pay", session=page, behaves=_GOOD)
            self._save_card(ref, _GOOD)
        for currency in _CURRENCIES:
            self._act("pay_out", currency=currency)

    def send(self):
        """Tell Odoo what has happened since the last time."""
        answer = requests.get(f"{self.stripe}/_told", timeout=_TIMEOUT)
        told = [event for event in answer.json() if event["type"] not in _UNWANTED]
        for event in told:
            # The account is not a platform's: its own events name none.
            del event["account"]
        self._send(told)

    def sum_up(self):
        """Return by currency what came in, what went out to the bank, and fees."""
        sums = defaultdict(Money)
        for movement in self._read("balance_transactions"):
            money = sums[movement["currency"].upper()]
            if movement["type"] == "payout":
                money.paid_out -= to_major(movement["amount"])
            else:
                money.collected += to_major(movement["amount"])
                money.fees += to_major(movement["fee"])
        return sums

    def count_payouts(self):
        return len(self._read("payouts"))

    def _save_card(self, ref, behaves):
        customer = self.get_customer(ref)
        self._act("save_method", customer=customer, behaves=behaves, is_default=True)

    def _act(self, name, **values):
        self._post("/_acts", {"name": name, **values})

    def _post(self, path, content):
        answer = requests.post(
            self.stripe + path,
            json=content,
            headers={"Stripe-Account": ACCOUNT},
            timeout=_TIMEOUT,
        )
        answer.raise_for_status()

    def _read(self, name):
        """Return the objects of a list, as Odoo would read it."""
        answer = requests.get(
            f"{self.stripe}/v1/{name}",
            params={"limit": 100},
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=_TIMEOUT,
        )
        answer.raise_for_status()
        return answer.json()["data"]

    def _send(self, events):
        told = make_requests(events, self.source["secret"])
        post(self.url, self.source, told)


def _tell_customer(customer):
    """Return the event that tells of a new customer."""
    ref = f"cus_{ACCOUNT}_{customer.key}"
    shown = SimpleNamespace(
        id=ref,
        key=customer.key,
        name=customer.name,
        email=f"billing@{customer.key}.example",
        phone=None,
        balance=Decimal(0),
        currency=customer.currency,
        created=at(7, 31),
        city=None,
        country=customer.country,
        street=None,
        zip=None,
    )
    data = BasilShape(None).customer(shown)
    return {
        "id": f"evt_{ACCOUNT}_{customer.key}",
        "object": "event",
        "api_version": API_VERSION,
        "created": stamp(at(7, 31)),
        "data": {"object": {**data, "livemode": False, "invoice_settings": {}}},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": "customer.created",
    }
