"""Sends the month of both systems, waits until it is booked, and holds the books
against what they must come to.
"""

import random
from decimal import Decimal

from ...make_believe.gocardless.api import TOKEN
from ...make_believe.gocardless.webhooks import make_requests
from ...make_believe.standard import webhooks
from ..api import EVENT
from ..books.check import Row
from ..send import post
from . import story

ADDRESS_PARAMETER = "saas_billing_sync.gocardless_api_address"


class Hub:
    """One client of both sources.

    In: the external API, the server's address, what the set-up has left, and the
    address of GoCardless' counterpart.
    """

    def __init__(self, api, url, access, gocardless):
        self.api, self.url, self.access = api, url, access
        self.gocardless = gocardless
        self.story = story.tell()

    def play(self, progress):
        """Send all of it, GoCardless first, so that its payments wait for the invoices
        that they name; return how many events are left unprocessed.
        """
        self._connect()
        events = list(self.story.account.objects["events"].values())
        random.Random(0).shuffle(events)
        gateway, platform = self.access["gateway"], self.access["platform"]
        told = make_requests(events, gateway["secret"], size=25)
        post(self.url, gateway, told)
        told = webhooks.make_requests(self.story.events, platform["secret"], size=10)
        post(self.url, platform, told)
        return self.api.wait_until_processed(progress)

    def check(self):
        """Return rows of the report: what was meant, and what the books say."""
        told, found = self.story, self._read_balances()
        money = [
            ("Receivables", "asset_receivable", 0),
            ("Revenue", "income", -told.net),
            ("Bank, on the way", "transit", told.paid_out),
            ("Left on the clearing account", "clearing", 0),
            ("Fees of GoCardless", "fees", told.fees),
        ]
        rows = [
            Row(label, str(Decimal(meant).scaleb(-2).quantize(Decimal("0.01"))), has)
            for label, key, meant in money
            for has in [str(found.get(key, Decimal(0)).quantize(Decimal("0.01")))]
        ]
        return [*rows, *self._check_payouts(), *self._check_events()]

    def _connect(self):
        self.api.call(
            "ir.config_parameter",
            "set_param",
            key=ADDRESS_PARAMETER,
            value=self.gocardless,
        )
        self._call(
            "saas.source",
            "write",
            ids=[self.access["gateway"]["id"]],
            vals={"new_api_key": TOKEN},
        )

    def _call(self, model, method, **arguments):
        """Call a method as somebody who works in the company."""
        context = {"allowed_company_ids": [self.access["company"]]}
        return self.api.call(model, method, context=context, **arguments)

    # -- what the books say -------------------------------------------------------

    def _read_balances(self):
        """Return the balances by what their accounts are for."""
        lines = self._call(
            "account.move.line",
            "search_read",
            domain=[["parent_state", "=", "posted"]],
            fields=["account_id", "account_type", "balance"],
        )
        accounts = self._read_accounts()
        found = {}
        for line in lines:
            key = accounts.get(line["account_id"][0], line["account_type"])
            found[key] = found.get(key, Decimal(0)) + Decimal(str(line["balance"]))
        return found

    def _read_accounts(self):
        """Return the names of accounts that a type alone does not tell."""
        [source] = self._call(
            "saas.source",
            "read",
            ids=[self.access["gateway"]["id"]],
            fields=["clearing_journal_id", "fee_account_id"],
        )
        [journal] = self._call(
            "account.journal",
            "read",
            ids=[source["clearing_journal_id"][0]],
            fields=["default_account_id"],
        )
        [own] = self._call(
            "res.company",
            "read",
            ids=[self.access["company"]],
            fields=["transfer_account_id"],
        )
        return {
            journal["default_account_id"][0]: "clearing",
            source["fee_account_id"][0]: "fees",
            own["transfer_account_id"][0]: "transit",
        }

    def _check_payouts(self):
        payouts = self._call(
            "saas.payout",
            "search_read",
            domain=[["source_id", "=", self.access["gateway"]["id"]]],
            fields=["proof_state"],
        )
        meant = len(self.story.account.objects["payouts"])
        proved = sum(payout["proof_state"] == "proved" for payout in payouts)
        yield Row("Payouts, each proved to the penny", meant, proved)

    def _check_events(self):
        ids = [self.access[key]["id"] for key in ("platform", "gateway")]
        domain = [["source_id", "in", ids]]
        waiting = ["parked", "quarantined", "dead", "received"]
        count = self._call(
            EVENT, "search_count", domain=[*domain, ["state", "in", waiting]]
        )
        yield Row("Events that wait for anything", 0, count)
        tenants = self._call(
            "saas.tenant",
            "search_count",
            domain=[["company_id", "=", self.access["company"]]],
        )
        yield Row("Tenants, each known to both systems", len(story.CUSTOMERS), tenants)
