"""GoCardless as the story plays it: mandates are debited when Odoo asks for it, and the
money comes some days later, or doesn't.
"""

import json
from datetime import timedelta

import requests

from ...make_believe.gocardless.webhooks import make_requests
from ..send import post
from . import gocardless_side
from .money import Money, to_major

_PLAY = "/_play"
_TIMEOUT = 30
_HEADERS = {
    "Authorization": f"Bearer {gocardless_side.TOKEN}",
    "GoCardless-Version": "2015-07-06",
}
_A_DAY = timedelta(days=1)


class GoCardlessGateway:
    """What happens at GoCardless.

    :param url: the server's address; ``gocardless``: that of what stands for it.
    :param source: what the set-up says of the source.
    """

    name = "GoCardless"

    def __init__(self, url, gocardless, source):
        self.url, self.gocardless, self.source = url, gocardless, source
        _account, self.ids = gocardless_side.open_account()
        self._customers = {ids[1]: ref for ref, ids in self.ids.items()}
        self._sent = 0

    def open(self):
        """Have Odoo be told of the mandates; return a token to use the account."""
        self.send()
        return gocardless_side.TOKEN

    def get_customer(self, ref):
        return self.ids[ref][0]

    def set_clock(self, moment):
        """Have it be another moment there."""
        self._play(moment)

    def expect(self, fates):
        """Nothing is known of a debit before the bank has answered."""

    def settle(self, moment, fates, _links):
        """Let what was asked for have its fate, and pay it out. What is taken back
        afterwards is missing from the next payout.

        :param fates: what becomes of the first try, by customer.
        """
        asked = {
            self._customers[payment["links"]["mandate"]]: payment["id"]
            for payment in self._read("payments", status="pending_submission")
        }
        failing = {ref for ref in asked if fates.get(ref) == "failure"}
        self._play(moment, *(["fail", [asked[ref]]] for ref in failing))
        paid = [asked[ref] for ref in asked if ref not in failing]
        if paid:
            self._play(moment + 3 * _A_DAY, *(["confirm", [ref]] for ref in paid))
            self._play(moment + 4 * _A_DAY, ["pay_out", []])
        for ref, payment in asked.items():
            if fates.get(ref) == "late failure":
                self._play(moment + 9 * _A_DAY, ["take_back", [payment]])

    def give_back(self, moment, ref, cents, metadata):
        """Send money of a customer's last payment back, and take it off a payout."""
        [mandate] = (own for own, owner in self._customers.items() if owner == ref)
        newest = self._read("payments", mandate=mandate)[0]["id"]
        self._play(moment, ["give_back", [newest, cents, metadata]])

    def send(self):
        """Tell Odoo what has happened since the last time."""
        events = self._read("events")[::-1][self._sent :]
        self._sent += len(events)
        told = make_requests(events, self.source["secret"], size=25)
        post(self.url, self.source, told)

    def sum_up(self):
        """Return by currency what came in, what was given back, and what went out."""
        money = Money()
        for payment in self._read("payments"):
            if payment["status"] in ("confirmed", "paid_out"):
                money.collected += to_major(payment["amount"])
        for refund in self._read("refunds"):
            money.given_back += to_major(refund["amount"])
        for payout in self._read("payouts"):
            money.paid_out += to_major(payout["amount"])
            money.fees += to_major(payout["deducted_fees"])
        return {gocardless_side.CURRENCY: money}

    def count_payouts(self):
        return len(self._read("payouts"))

    def _play(self, moment, *orders):
        answer = requests.post(
            self.gocardless + _PLAY,
            json.dumps([moment.isoformat(), orders]),
            timeout=_TIMEOUT,
        )
        answer.raise_for_status()

    def _read(self, name, **filters):
        """Return the objects of a list, the newest first, as Odoo would read it."""
        answer = requests.get(
            f"{self.gocardless}/{name}",
            params={"limit": 500, **filters},
            headers=_HEADERS,
            timeout=_TIMEOUT,
        )
        answer.raise_for_status()
        return answer.json()[name]
