"""Nothing is collected from who is at risk, from the order to the gateway's call; and
the whole way over HTTP, with the counterpart of Stripe.

Covers outbound/collect, models/payments/collection_states,
wizards/payments/saas_collection_start and dev/make_believe/stripe/api_acts.
"""

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..outbound.collecting_common import CollectingCommon, at, unclear
from ..outbound.test_collecting_http import CUSTOMER, GatewayCommon
from ..support.pulling import PullCommon
from ..support.session import create_person
from ..support.webhook import WebhookMixin
from .risk_common import RiskFacts


@tagged("post_install", "-at_install")
class TestRiskCollecting(RiskFacts, CollectingCommon):
    """Ada pays through the gateway, and the gateway doubts her."""

    def flag_ada(self, hour=9, **vals):
        """Let the gateway doubt Ada."""
        told = {"payment": None, "customer": "c_ada", **vals}
        self.tell(self.gateway, self.flag(hour, **told))

    def clear_ada(self):
        """Let the gateway doubt Ada no longer."""
        self.flag_ada(12, state="cleared", is_actionable=False)

    def test_an_order_waits_and_goes_on(self):
        self.flag_ada()
        command = self.bill_ada().saas_collection_ids
        self.run_jobs()
        self.assertCommand(command, "waiting", "at_risk")
        self.assertFalse(self.stand_in.calls)
        self.assertIn("fraud warning", command.explanation)
        self.assertIn("cleared", command.next_step)
        self.assertIn("fraud warning", command.move_id.saas_collection_note)
        # However often somebody asks.
        self.env["saas.collection"]._cron_collect()
        self.run_jobs()
        self.assertCommand(command, "waiting", "at_risk")
        self.clear_ada()
        self.run_jobs()
        self.assertCommand(command, "pending")
        self.assertEqual(len(self.stand_in.orders), 1)

    def test_a_person_collects_after_it_is_cleared(self):
        move = self.bill_ada()
        move.saas_collection_ids.action_cancel()
        self.flag_ada()
        reviewer = create_person(self, "collects", "reviewer")
        with self.assertRaisesRegex(UserError, "at risk"):
            self.start(move)
        self.clear_by_hand(self.env["saas.risk"].search([]), reviewer)
        command = self.start(move)
        self.run_jobs()
        self.assertCommand(command, "pending")

    def test_a_person_frees_what_waited(self):
        self.flag_ada()
        command = self.bill_ada().saas_collection_ids
        self.run_jobs()
        reviewer = create_person(self, "clears", "reviewer")
        self.clear_by_hand(self.env["saas.risk"].search([]), reviewer)
        self.run_jobs()
        self.assertCommand(command, "pending")

    def test_flagged_while_an_order_is_on_its_way(self):
        """What has not arrived does not leave again."""
        command = self.collect(unclear())
        self.assertCommand(command, "sent")
        self.stand_in.made.clear()
        self.stand_in.orders.clear()
        self.flag_ada()
        self.run_all()
        self.assertCommand(command, "waiting", "at_risk")
        self.assertFalse(self.stand_in.orders)

    def test_what_has_arrived_is_followed(self):
        command = self.collect()
        self.flag_ada()
        self.tell(self.gateway, *self.paid(command))
        self.assertCommand(command, "succeeded")

    def test_others_are_collected_from(self):
        bob = self.create_payer("Bob")
        self.subscribe(bob, self.pro, at(2026, 11, 1))
        self.flag_ada()
        self.bill_ada()
        self.run_jobs()
        self.assertCommand(self.get_moves(bob).saas_collection_ids, "pending")


@tagged("post_install", "-at_install")
class TestRiskHttp(GatewayCommon, PullCommon, WebhookMixin, HttpCase):
    """Stripe's counterpart collects, warns and reviews, and its signed requests come in
    by the webhook.
    """

    def setUp(self):
        super().setUp()
        self.api.put({"id": CUSTOMER, "object": "customer", "livemode": False})
        self.know(CUSTOMER)
        self.act("save_method", customer=CUSTOMER, is_default=True)

    def act(self, name, **values):
        """Have something happen at Stripe."""
        return self.api.writes.act(name, **values)

    def send(self):
        """Have Stripe send what it tells, backwards and twice; process it."""
        events = self.api.writes.take_told()
        for event in (*reversed(events), *events):
            self.assertEqual(self.post_webhook(event).status_code, 200)
        self.drain()
        self.run_jobs()
        self.drain()
        self.env.invalidate_all()

    def test_warned_and_reviewed(self):
        first = self.order()
        self.send()
        self.assertEqual(first.state, "succeeded")
        warning = self.act("warn", payment=first.external_id)
        review = self.act("review", payment=first.external_id)
        self.send()
        risks = self.env["saas.risk"].search([("tenant_id", "=", self.tenant.id)])
        self.assertEqual({*risks.mapped("external_id")}, {warning["id"], review["id"]})
        self.assertEqual(risks.mapped("amount"), [35.70, 35.70])
        self.assertEqual((self.tenant.risk, len(risks.case_ids)), ("open", 2))
        self.act("close_review", review=review["id"])
        self.act("spend_warning", warning=warning["id"])
        self.send()
        states = {risk.form: (risk.state, risk.is_actionable) for risk in risks}
        self.assertEqual(
            states, {"review": ("cleared", False), "warning": ("open", False)}
        )
        self.assertEqual(self.tenant.risk, "open")
        self.assertWhole()
