"""What people see of the clearing account: every role can open every screen."""

from odoo import Command
from odoo.tests import Form, tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon
from ..support.session import create_person
from .test_clearing import load_story


@tagged("post_install", "-at_install")
class TestClearingScreens(SaasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = [
            create_person(cls, f"screens_{role}", role)
            for role in ("operator", "manager", "reviewer", "approver")
        ]

    def test_everybody_can_open_everything(self):
        self.deliver(*load_story("basil"))
        for user in self.users:
            for model in ("saas.payout", "saas.balance.transaction", "saas.dispute"):
                with self.subTest(user=user.login, model=model):
                    env = self.env(user=user, su=False)
                    records = env[model].search([])
                    self.assertTrue(records)
                    form = Form(records[0])
                    self.assertEqual(form.external_id, records[0].external_id)
                    arch = env[model].get_view(view_type="list")["models"][model]
                    records.read(list(arch))
            with self.subTest(user=user.login):
                balances = self.env["saas.clearing.balance"].with_user(user).search([])
                self.assertEqual(set(balances.mapped("difference")), {0.0})

    def test_what_the_old_books_hand_over(self):
        """What the source held at the cut-over is entered by hand; it is no difference,
        and money of that day is not taken for it.
        """
        self.source.write({"cutover_date": "2026-11-02"})
        charge = stripe_fixtures.load("basil", "charge.succeeded")
        self.deliver(stripe_fixtures.load("basil", "customer.created"), charge)
        cash = self.clearing_journal.default_account_id
        other = self.company_data["default_account_expense"]
        self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": "2026-11-02",
                "line_ids": [
                    Command.create({"account_id": cash.id, "debit": 300}),
                    Command.create({"account_id": other.id, "credit": 300}),
                ],
            }
        ).action_post()
        self.env.flush_all()
        [balance] = self.env["saas.clearing.balance"].search([])
        self.assertEqual((balance.booked, balance.opening), (419, 300))
        # The charge's balance transaction was not read yet.
        self.assertEqual((balance.stated, balance.difference), (0, 119))

    def test_dispute_is_asked_for_in_time(self):
        self.deliver(
            stripe_fixtures.load("basil", "customer.created"),
            stripe_fixtures.load("basil", "charge.captured"),
            stripe_fixtures.load("basil", "charge.dispute.created"),
        )
        dispute = self.env["saas.dispute"].search([])
        self.assertEqual(str(dispute.activity_ids.date_deadline), "2026-11-16")
        self.assertEqual(dispute.activity_ids.user_id, self.responsible)
        self.assertEqual(dispute.tenant_id.partner_id, dispute.payment_id.partner_id)
        self.deliver(stripe_fixtures.load("basil", "charge.dispute.closed"))
        self.assertFalse(dispute.activity_ids)
        self.assertEqual(dispute.state, "lost")
        self.assertEqual(len(dispute.move_ids), 2)

    def test_differences_open(self):
        self.deliver(
            stripe_fixtures.load("basil", "pulled.balance_transaction-stripe_fee")
        )
        [balance] = self.env["saas.clearing.balance"].search([])
        self.assertEqual((balance.booked, balance.stated), (-2.5, -2.5))
        for action in (
            balance.action_view_differences(),
            self.source.action_view_clearing(),
        ):
            self.env[action["res_model"]].search(action["domain"])
