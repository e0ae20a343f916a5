"""A source at GoCardless, which holds nothing real: its API is a counterpart that the
official library reads from, and its webhooks are signed as it signs them.
"""

from werkzeug.datastructures import Headers

from odoo import Command
from odoo.tests import common as odoo_tests

from ...canonical.border.inbound import Inbound
from ...dev.make_believe.gocardless import simulators
from ...dev.make_believe.gocardless.account import Account
from ...dev.make_believe.gocardless.api import TOKEN, GoCardlessApi
from ...dev.make_believe.gocardless.webhooks import MOST, make_requests
from ..support.common import SECRET
from ..support.pulling import PullCommon

ADDRESS = "saas_billing_sync.gocardless_api_address"


class GoCardlessCommon(PullCommon):
    """A company in US dollars that GoCardless collects for. Its fees are 20 cents with
    4 cents of VAT, and whatever happens in the account is told by webhooks.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gocardless = GoCardlessApi().start()
        cls.addClassCleanup(cls.gocardless.stop)
        cls.env["ir.config_parameter"].set_param(ADDRESS, cls.gocardless.url)
        journal = cls._create_clearing_journal("GoCardless clearing", "GOC")
        input_tax = cls.company_data["default_account_tax_purchase"]
        others = {
            field: cls.source[field].id
            for field in ("fee_account_id", "application_fee_account_id")
        }
        cls.stripe = cls.source
        cls.source = cls._create_source(
            name="GoCardless",
            adapter="gocardless",
            clearing_journal_id=journal.id,
            payout_journal_id=cls.payout_journal.id,
            fee_tax_id=cls._create_input_tax(20, input_tax).id,
            new_api_key=TOKEN,
            guest_partner_id=cls.env["res.partner"].create({"name": "Guests"}).id,
            tax_mapping_ids=[],
            **others,
        )
        cls.accounts[journal.default_account_id] = "GC"
        cls.accounts[input_tax] = "VATIN"

    @classmethod
    def _create_input_tax(cls, percent, account):
        repartition = [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": account.id}),
        ]
        return cls._create_vat(
            percent,
            name=f"{percent}% input",
            type_tax_use="purchase",
            invoice_repartition_line_ids=repartition,
            refund_repartition_line_ids=repartition,
        )

    @classmethod
    def _request_handler(cls, session, request, /, **kw):
        if request.url.startswith(cls.gocardless.url):
            return odoo_tests._super_send(session, request, **kw)
        return super()._request_handler(session, request, **kw)

    def setUp(self):
        super().setUp()
        self.gocardless.reset(Account())
        self.account = self.gocardless.account
        self.told = 0

    # -- what happens at GoCardless ---------------------------------------------

    def add_customer(self, name="Northlight Ltd"):
        """Make a customer with a mandate; return the mandate's id."""
        _ref, mandate = self.account.add_customer(company_name=name)
        return mandate

    def play(self, scenario, ref):
        """Let a scenario of GoCardless' own simulators happen to an object."""
        getattr(simulators, scenario)(self.account, ref)

    def collect(self, mandate, *amounts, currency="USD"):
        """Make payments that are confirmed; return their ids."""
        refs = [self.account.add_payment(mandate, a, currency) for a in amounts]
        for ref in refs:
            self.play("payment_confirmed", ref)
        return refs

    # -- what comes of it here --------------------------------------------------

    def get_untold(self):
        """Return the events that no webhook has brought yet, and take them as told.
        What another integration made is told to that one.
        """
        events = list(self.account.objects["events"].values())[self.told :]
        self.told += len(events)
        hidden = self.account.hidden
        return [e for e in events if e["links"].get("payment") not in hidden]

    def send(self, events=None, size=MOST):
        """Send events by webhooks, those that are not told yet, and do what the job
        runner does; return the events that are new here.
        """
        if events is None:
            events = self.get_untold()
        new = self.env["saas.subscription.event"]
        for body, headers in make_requests(events, SECRET, size):
            new |= self.receive(body, headers)
        self.work()
        return new

    def receive(self, body, headers):
        """Take a request in as the webhook does; return the events that are new."""
        inbound = Inbound("POST", self.source.webhook_url, Headers(headers), body)
        adapter = self.source._get_adapter()
        adapter._verify_request(self.source._get_valid_secrets(), inbound, 300)
        return self.source._store_events(adapter._split(inbound))

    def work(self):
        """Drain, and run the jobs that come of it, until nothing is left to do."""
        self.drain()
        while self.run_jobs():
            self.drain()

    def assertSettled(self):
        """Check that no event waits, and that the log is whole."""
        events = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)]
        )
        waiting = events.filtered(lambda e: e.state not in ("done", "ignored"))
        self.assertFalse([(e.event_type, e.state, e.detail, e.trace) for e in waiting])
        failed = self.env["queue.job"].search([("state", "=", "failed")])
        self.assertFalse(failed.mapped("exc_message"))
        balances = self.env["saas.clearing.balance"].search(
            [("source_id", "=", self.source.id)]
        )
        for balance in balances:
            self.assertEqual((balance.difference, balance.proof_state), (0, "proved"))
        self.assertWhole()

    def assertProved(self, *payouts):
        """Check that every cent of payouts is explained and booked, and that nothing is
        left over at GoCardless but what is not paid out yet.
        """
        found = self.env["saas.payout"].search([("source_id", "=", self.source.id)])
        self.assertEqual(sorted(found.mapped("external_id")), sorted(payouts))
        for payout in found:
            self.assertEqual(
                (payout.external_id, payout.proof_state, payout.difference),
                (payout.external_id, "proved", 0.0),
            )
