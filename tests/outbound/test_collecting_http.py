"""From the billing run to the books, with each gateway's counterpart over HTTP: orders
go out by the official libraries, and what became of them comes in by webhooks.

Covers outbound/collect and outbound/collect_answers.
"""

from odoo.tests import tagged

from ...canonical.kinds import Kind
from ..billing.common import BillingCommon, at
from ..payments.gocardless_common import GoCardlessCommon
from ..support.pulling import PullCommon

CUSTOMER = "cus_ada"


class GatewayCommon(BillingCommon):
    """Ada holds the plan for 35.70 a month with taxes, and pays through a gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tenant = cls.create_tenant("Ada")
        cls.tenant.partner_id.email = "ada@fjord.example"
        cls.subscribe(cls.tenant, cls.pro, at(2026, 11, 1))

    def know(self, ref):
        """Let the gateway know Ada by an id, and collect from her."""
        bindings = self.env["saas.binding"]
        bindings.create(
            bindings._prepare_vals(self.source, Kind.CUSTOMER, ref, self.tenant)
        )
        self.tenant.collection_source_id = self.source

    def order(self):
        """Bill, and have the gateway called; return the command."""
        self.bill(at(2026, 11, 1))
        self.run_jobs()
        return self.get_moves(self.tenant).saas_collection_ids

    def assertEnd(self, command, state, reason, due):
        """Check where a command is, and what is due on its invoice."""
        self.env.invalidate_all()
        self.assertEqual(
            (command.state, command.reason or None, command.move_id.amount_residual),
            (state, reason, due),
            command.detail,
        )
        self.assertWhole()
        self.assertWhole(self.own)


@tagged("post_install", "-at_install")
class TestCollectingStripe(GatewayCommon, PullCommon):
    """Cards, pages and debits."""

    def setUp(self):
        super().setUp()
        self.api.put({"id": CUSTOMER, "object": "customer", "livemode": False})
        self.know(CUSTOMER)

    def save(self, behaves="pm_card_visa"):
        """Have Ada save a way to pay."""
        self.act("save_method", customer=CUSTOMER, behaves=behaves, is_default=True)

    def act(self, name, **values):
        """Have something happen at Stripe."""
        return self.api.writes.act(name, **values)

    def send(self):
        """Bring what Stripe tells, backwards and twice, and do what follows."""
        events = self.api.writes.take_told()
        for event in (*reversed(events), *events):
            self.deliver(event)
        self.run_jobs()
        self.drain()

    def test_card(self):
        self.save()
        command = self.order()
        self.assertEnd(command, "pending", None, 35.70)
        self.send()
        self.assertEnd(command, "succeeded", None, 0)
        payment = self.env["account.payment"].search(
            [("saas_tenant_id", "=", self.tenant.id)]
        )
        self.assertEqual(payment.saas_external_id, command.external_id)
        self.assertEqual(
            self.journal_items(payment.move_id), ["AR -35.70", "SC +35.70"]
        )

    def test_page(self):
        """The bank wants Ada to confirm: she fails once on the page, and then pays."""
        self.save("pm_card_authenticationRequired")
        command = self.order()
        self.send()
        self.assertEnd(command, "needs_customer", "authentication", 35.70)
        self.assertTrue(command.mailed_at)
        self.act("pay", session=command.link_ref, behaves="pm_card_chargeDeclined")
        self.send()
        self.assertEnd(command, "needs_customer", "authentication", 35.70)
        self.act("pay", session=command.link_ref)
        self.send()
        self.assertEnd(command, "succeeded", None, 0)

    def test_page_that_is_taken_back(self):
        command = self.order()
        self.assertEnd(command, "needs_customer", "no_method", 35.70)
        command.action_cancel()
        self.run_jobs()
        self.assertEnd(command, "canceled", "by_person", 35.70)
        with self.assertRaises(ValueError):
            self.act("pay", session=command.link_ref)
        self.save()
        again = self.env["saas.collection"]._request(command.move_id)
        self.run_jobs()
        self.send()
        self.assertEnd(again, "succeeded", None, 0)

    def test_debit(self):
        """It takes days, and then the bank has no money for it."""
        self.save("pm_sepa_debit")
        command = self.order()
        self.send()
        self.assertEnd(command, "pending", None, 35.70)
        refusal = ("card_declined", "insufficient_funds", "No money.")
        self.act("settle", intent=command.external_id, decline=refusal)
        self.send()
        self.assertEnd(command, "failed", "insufficient_funds", 35.70)
        self.assertTrue(command.move_id.activity_ids)

    def test_answer_that_is_lost(self):
        """Stripe has done it, and the answer never came: it is found, and paid once."""
        self.save()
        self.api.fail(
            path="^/v1/payment_intents", method="POST", cut=10, is_done=True, times=9
        )
        command = self.order()
        self.assertEqual((command.state, command.is_unclear), ("sent", True))
        self.resume_jobs()
        self.run_jobs()
        self.send()
        self.assertEnd(command, "succeeded", None, 0)
        told = self.api.calls
        keys = {c.headers.get("idempotency-key") for c in told if c.method == "POST"}
        self.assertEqual(keys, {command.key})


@tagged("post_install", "-at_install")
class TestCollectingGoCardless(GatewayCommon, GoCardlessCommon):
    """Debits by a mandate."""

    def begin(self, *schemes):
        """Let GoCardless have a customer with mandates, and tell of all."""
        customer, _mandate = self.account.add_customer(given_name="Ada")
        for scheme in schemes:
            self.account.add_mandate(customer, scheme)
        self.know(customer)
        self.send()

    def test_debit_that_is_charged_back(self):
        """The money comes, and goes back, with the right books."""
        self.begin("ach")
        command = self.order()
        self.assertEnd(command, "pending", None, 35.70)
        ref = command.external_id
        self.play("payment_confirmed", ref)
        self.send()
        self.assertEnd(command, "succeeded", None, 0)
        self.play("payment_charged_back", ref)
        self.send()
        self.assertEnd(command, "failed", "charged_back", 35.70)
        entries = self.env["account.move.line"].search(
            [
                ("account_type", "=", "asset_receivable"),
                ("partner_id", "=", self.tenant.partner_id.id),
            ]
        )
        self.assertEqual(
            [self.journal_items(move) for move in entries.move_id.sorted("id")],
            [
                ["AR +35.70 open +35.70", "REV -30.00 {19% VAT}", "TAX -5.70"],
                ["AR -35.70", "GC +35.70"],
                ["AR +35.70", "GC -35.70"],
            ],
        )

    def test_page(self):
        """Without a mandate that collects dollars, Ada gives one on a page."""
        self.begin()
        command = self.order()
        self.assertEnd(command, "needs_customer", "no_mandate", 35.70)
        self.assertTrue(command.link and command.mailed_at)
        self.play("billing_request_fulfilled", command.link_ref)
        self.send()
        self.assertEnd(command, "pending", None, 35.70)
        self.play("payment_confirmed", command.external_id)
        self.send()
        self.assertEnd(command, "succeeded", None, 0)
