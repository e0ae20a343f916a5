from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..support import stripe_fixtures
from ..support.pulling import PullCommon

_ACCOUNT = "acct_1Connected"


@tagged("post_install", "-at_install")
class TestConnect(PullCommon):
    """One endpoint, two accounts, two companies: each books its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = AccountTestInvoicingCommon.setup_other_company.__func__(
            cls, name="Connected Inc"
        )
        company = cls.other["company"]
        cls.connected_vals = {
            "name": "Connected",
            "company_id": company.id,
            "account_ref": _ACCOUNT,
            "platform_id": cls.source.id,
            "tz": "UTC",
            "sale_journal_id": cls.other["default_journal_sale"].id,
            "clearing_journal_id": cls.env["account.journal"]
            .create(
                {
                    "name": "Connected clearing",
                    "code": "CONN",
                    "type": "bank",
                    "company_id": company.id,
                }
            )
            .id,
            "default_product_id": cls.env["product.product"]
            .create({"name": "Plan"})
            .id,
            "default_tax_id": cls.other["default_tax_sale"].id,
        }

    def _connect(self, **vals):
        return self.env["saas.source"].create({**self.connected_vals, **vals})

    def _event(self, name="invoice.finalized"):
        event = stripe_fixtures.load("basil", name)
        line = event["data"]["object"]["lines"]["data"][0]
        line["amount"], line["taxes"] = 11900, []
        return {**event, "account": _ACCOUNT}

    def _moves(self, source):
        return self.env["account.move"].search([("saas_source_id", "=", source.id)])

    def test_read_with_the_platform_s_key(self):
        """What is read in the background is read of a connected account, too."""
        connected = self._connect(reconcile_days=7)
        self.assertTrue(self.source._has_api_key() and connected._has_api_key())
        self.assertFalse(connected.api_key)
        connected._enqueue_read_movements()
        connected._enqueue_read_payout("po_1")
        jobs = self.env["queue.job"].search([("identity_key", "like", "saas_fetch:")])
        self.assertEqual(
            sorted(jobs.mapped("identity_key")),
            [
                f"saas_fetch:{connected.id}:balance_transaction",
                f"saas_fetch:{connected.id}:payout_contents:po_1",
            ],
        )
        self.env["saas.reconciliation"]._cron_reconcile()
        runs = self.env["saas.reconciliation"].search([])
        self.assertIn(connected, runs.source_id)

    def test_forwarded(self):
        connected = self._connect()
        own = stripe_fixtures.load("basil", "invoice.finalized-discount")
        mine, theirs = self.deliver(own, self._event())
        self.run_jobs()
        self.assertState(mine | theirs, "done")
        self.assertIn("event_forwarded", theirs.log_ids.mapped("action"))
        twin = self.env["saas.subscription.event"].search(
            [("source_id", "=", connected.id)]
        )
        self.assertState(twin, "done")
        self.assertEqual(twin.external_id, theirs.external_id)
        self.assertEqual(self._moves(self.source).company_id, self.company)
        self.assertEqual(self._moves(connected).company_id, connected.company_id)
        for source in (self.source, connected):
            tenants = self._moves(source).saas_tenant_id
            self.assertEqual(tenants.company_id, source.company_id)
            self.assertEqual(tenants.partner_id.company_id, source.company_id)
            self.assertWhole(source)

    def test_forwarded_events_name_each_other(self):
        """Each is found from the other, by whoever may see both."""
        connected = self._connect()
        received = self.deliver(self._event())
        stored = received.forwarded_to_id
        self.assertEqual(stored.source_id, connected)
        self.assertEqual(stored.forwarded_from_id, received)
        self.assertEqual(received.source_id, self.source)
        companies = {"mine": self.company, "theirs": connected.company_id}
        companies["both"] = companies["mine"] | companies["theirs"]
        for name, allowed in companies.items():
            user = new_test_user(
                self.env,
                f"sees_{name}",
                groups="saas_billing_sync.group_saas_operator",
                company_id=allowed[0].id,
                company_ids=[Command.set(allowed.ids)],
            )
            for event, other in ((received, stored), (stored, received)):
                seen = event.with_user(user)
                if event.company_id not in allowed:
                    with self.assertRaises(AccessError):
                        seen.action_view_forwarded()
                    continue
                with self.subTest(who=name):
                    self.assertEqual(seen.has_forwarded, name == "both")
                    domain = seen.action_view_forwarded()["domain"]
                    expected = other.ids if name == "both" else []
                    self.assertEqual(domain, [("id", "in", expected)])

    def test_forwarded_to_what_was_there(self):
        connected = self._connect()
        [first] = self.store(self._event(), source=connected)
        received = self.deliver(self._event())
        self.assertEqual(received.forwarded_to_id, first)
        self.assertFalse(first.forwarded_from_id)

    def test_source_comes_later(self):
        event = self.deliver(self._event())
        self.assertState(event, "quarantined", "unknown_account")
        connected = self._connect()
        event.action_retry()
        self.run_jobs()
        self.assertState(event, "done")
        self.assertEqual(len(self._moves(connected)), 1)
        self.assertFalse(self._moves(self.source))

    def test_twice(self):
        connected = self._connect()
        event = self._event()
        self.deliver(event, {**event, "id": "evt_again"})
        self.run_jobs()
        self.assertEqual(len(self._moves(connected)), 1)

    def test_not_to_strangers(self):
        """A source with that account, but not connected to this one, gets nothing."""
        connected = self._connect(platform_id=False)
        event = self.deliver(self._event())
        self.assertState(event, "quarantined", "unknown_account")
        self.assertFalse(
            connected.env["saas.subscription.event"].search(
                [("source_id", "=", connected.id)]
            )
        )

    def test_reads_with_the_platforms_key(self):
        connected = self._connect()
        customer = {"id": "cus_1", "object": "customer", "created": 1, "name": "Theirs"}
        self.api.put(customer, account=_ACCOUNT)
        connected._enqueue_fetch("customer", "cus_1")
        self.run_jobs()
        self.assertEqual(self.api.calls[-1].headers["stripe-account"], _ACCOUNT)
        [tenant] = self.env["saas.tenant"].search(
            [("company_id", "=", connected.company_id.id)]
        )
        self.assertEqual(tenant.name, "Theirs")

    def test_set_up(self):
        connected = self._connect()
        for vals in (
            {"account_ref": False},
            {"livemode": True},
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                connected.write(vals)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.source.write({"account_ref": "acct_1", "platform_id": connected.id})
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.source.write({"livemode": True, "api_key": False})
