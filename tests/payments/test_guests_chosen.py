"""A person says whose money it is: before it is booked, or afterwards.

Covers handlers/payments/owner and handlers/payments/stray.
"""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..support.session import create_person
from .test_guests import GuestsCommon


@tagged("post_install", "-at_install")
class TestGuestsChosen(GuestsCommon):
    def setUp(self):
        super().setUp()
        self.partner = self.env["res.partner"].create(
            {"name": "Known GmbH", "company_id": self.company.id}
        )

    def choose(self, record, **vals):
        """Press Choose Customer on an event or a payment, and confirm."""
        is_event = record._name == "saas.subscription.event"
        action = (
            record.action_choose_customer()
            if is_event
            else record.action_choose_saas_customer()
        )
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard = wizard.create(
            {"choice": "partner", "partner_id": self.partner.id, **vals}
        )
        result = wizard.action_apply()
        self.drain()
        return result

    def test_after_it_was_booked(self):
        self.deliver(self.charge)
        payment = self.payments()
        guest = payment.partner_id
        self.choose(payment)
        self.assertEqual(self.open_items(), [("Known GmbH", "-119.00")])
        moves = self.env["account.move"].search(
            [("journal_id", "=", self.source._get_other_journal().id)]
        )
        self.assertEqual(
            self.journal_items(moves), ["AR -119.00 open -119.00", "AR +119.00"]
        )
        self.assertEqual(str(moves.date), "2026-11-26")
        self.assertEqual(moves.line_ids.partner_id, guest | self.partner)
        self.assertEqual(payment.partner_id, guest, "nothing posted is changed")
        self.assertEqual(payment.saas_tenant_id.partner_id, self.partner)
        self.assertWhole()

    def test_what_comes_later_follows(self):
        withdrawn = self.make("charge.dispute.funds_withdrawn-guest")
        self.deliver(self.charge)
        self.choose(self.payments())
        self.assertState(self.deliver(self.refund, withdrawn), "done")
        self.assertEqual(
            self.open_items(), [("Known GmbH", "+15.00"), ("Known GmbH", "-119.00")]
        )
        dispute = self.env["saas.dispute"].search([])
        self.assertEqual(dispute.tenant_id.partner_id, self.partner)

    def test_what_came_before_follows(self):
        """The same as if it had been chosen first."""
        withdrawn = self.make("charge.dispute.funds_withdrawn-guest")
        self.deliver(self.charge, self.refund, withdrawn)
        self.choose(self.payments()[0])
        self.assertEqual(
            self.open_items(), [("Known GmbH", "+15.00"), ("Known GmbH", "-119.00")]
        )
        dispute = self.env["saas.dispute"].search([])
        self.assertEqual(dispute.tenant_id.partner_id, self.partner)

    def test_twice_and_back(self):
        """Chosen otherwise, nothing is left where it was, and nothing is booked
        twice.
        """
        self.deliver(self.charge)
        other = self.env["res.partner"].create({"name": "Other GmbH"})
        self.choose(self.payments())
        self.choose(self.payments())
        self.choose(self.payments(), partner_id=other.id)
        self.assertEqual(self.open_items(), [("Other GmbH", "-119.00")])
        self.choose(self.payments())
        self.assertEqual(self.open_items(), [("Known GmbH", "-119.00")])
        self.assertEqual(len(self.payments()), 1)
        self.assertWhole()

    def test_on_the_refund_s_event(self):
        """It asks for the payment that the refund gives back."""
        self.deliver(self.charge)
        event = self.deliver(self.refund)
        self.choose(event)
        self.assertEqual(
            self.open_items(), [("Known GmbH", "+15.00"), ("Known GmbH", "-119.00")]
        )

    def test_before_it_was_booked(self):
        """An intent that waits for its charge, without a contact for guests."""
        event = self.deliver(self.intent)
        self.assertState(event, "parked")
        self.assertTrue(event.may_choose_customer)
        self.choose(event)
        self.assertState(event, "done")
        self.assertEqual(self.open_items(), [("Known GmbH", "-119.00")])
        self.assertState(self.deliver(self.charge, self.refund), "done")
        self.assertEqual(
            self.open_items(), [("Known GmbH", "+15.00"), ("Known GmbH", "-119.00")]
        )

    def test_a_person_s_choice_counts(self):
        """An invoice of another customer doesn't take the money away: a person is
        asked.
        """
        self.deliver(self.charge)
        self.choose(self.payments())
        self.deliver(self.attached, self.invoice)
        self.assertIn(("Known GmbH", "-119.00"), self.open_items())
        asked = self.env.ref("saas_billing_sync.mail_activity_sides_apart")
        self.assertEqual(
            self.env["mail.activity"].search_count(
                [("activity_type_id", "=", asked.id)]
            ),
            1,
        )

    def test_a_refund_of_nothing_named(self):
        stray = self.make("refund.created-stray")
        event = self.deliver(stray)
        self.choose(event)
        self.assertEqual(self.open_items(), [("Known GmbH", "+7.00")])

    def test_a_refund_whose_payment_never_comes(self):
        """A person says whose it is; that stays so when the payment comes after all."""
        event = self.deliver(self.refund)
        self.assertState(event, "parked")
        self.assertTrue(event.may_choose_customer)
        self.choose(event)
        self.assertState(event, "done")
        self.assertEqual(self.open_items(), [("Known GmbH", "+15.00")])
        self.assertState(self.deliver({**self.refund, "id": "evt_again"}), "done")
        self.assertState(self.deliver(self.charge), "done")
        guest = ("Nordlicht Gast basil", "-119.00")
        self.assertEqual(self.open_items(), [("Known GmbH", "+15.00"), guest])
        other = self.env["res.partner"].create({"name": "Other GmbH"})
        self.choose(self.payments()[-1], partner_id=other.id)
        self.assertEqual(
            self.open_items(), [("Known GmbH", "+15.00"), ("Other GmbH", "-119.00")]
        )

    def test_on_the_booked_refund(self):
        """The whole sum is somebody's, and not one of its refunds alone."""
        self.deliver(self.charge, self.refund)
        refund = self.payments().filtered(lambda p: p.payment_type == "outbound")
        self.choose(refund)
        self.assertEqual(
            self.open_items(), [("Known GmbH", "+15.00"), ("Known GmbH", "-119.00")]
        )

    def test_another_day_is_told_afterwards(self):
        """The money moved on another day than was told first: it is booked anew, on
        whom the person said.
        """
        movement = self.make(
            "pulled.balance_transaction-guest",
            amount=11900,
            net=11900,
            fee=0,
            fee_details=[],
        )
        movement["data"]["object"]["created"] -= 2 * 86400
        for first in ((self.charge,), (self.charge, movement)):
            with self.subTest(first=len(first)):
                savepoint = self.env.cr.savepoint()
                self.deliver(*first)
                self.choose(self.payments()[-1])
                self.assertState(self.deliver(movement, self.refund), "done")
                self.assertEqual(
                    self.open_items(),
                    [("Known GmbH", "+15.00"), ("Known GmbH", "-119.00")],
                )
                valid = self.payments().filtered(lambda p: not p.saas_superseded)
                self.assertEqual(
                    {str(p.date) for p in valid if p.payment_type == "inbound"},
                    {"2026-11-24"},
                )
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_dispute_without_its_payment(self):
        """It says where to choose."""
        event = self.deliver(self.make("charge.dispute.funds_withdrawn-guest"))
        with self.assertRaisesRegex(UserError, "on that payment's event"):
            self.choose(event)

    def test_nothing_known_of_the_payer(self):
        nobody = {"address": None, "email": None, "name": None, "phone": None}
        charge = self.make("charge.succeeded-guest", billing_details=nobody)
        charge["data"]["object"]["receipt_email"] = None
        event = self.deliver(charge)
        with self.assertRaisesRegex(UserError, "Choose a contact"):
            self.choose(event, choice="new")
        self.choose(event)
        self.assertState(event, "done")
        self.assertEqual(self.open_items(), [("Known GmbH", "-60.00")])

    def test_a_new_customer(self):
        self.deliver(self.charge)
        self.choose(self.payments(), choice="new")
        tenant = self.payments().saas_tenant_id
        self.assertFalse(tenant.is_guest)
        self.assertEqual(tenant.name, "Nordlicht Gast basil")

    def test_what_a_person_settled_stays(self):
        """What was matched with an entry made by hand is not torn apart."""
        self.deliver(self.charge)
        payment = self.payments()
        owed = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": payment.partner_id.id,
                "invoice_date": "2026-11-26",
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 50, "tax_ids": []})
                ],
            }
        )
        owed.action_post()
        lines = (owed | payment.move_id).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.choose(payment)
        self.assertEqual(owed.payment_state, "paid")
        self.assertEqual(self.open_items(), [("Known GmbH", "-69.00")])

    def test_who_may_and_where(self):
        self.deliver(self.charge)
        payment = self.payments()
        operator = create_person(
            self, "guests_operator", "operator", "account.group_account_invoice"
        )
        with self.assertRaises(AccessError):
            payment.with_user(operator).action_choose_saas_customer()
        reviewer = create_person(self, "guests_reviewer", "reviewer")
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["saas.tenant"].create(
            {
                "name": "Foreign",
                "company_id": other.id,
                "partner_id": self.env["res.partner"]
                .create({"name": "Foreign", "company_id": other.id})
                .id,
            }
        )
        action = payment.with_user(reviewer).action_choose_saas_customer()
        wizard = self.env[action["res_model"]].with_user(reviewer)
        wizard = wizard.with_context(**action["context"])
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            wizard.create({"choice": "tenant", "tenant_id": foreign.id}).action_apply()
        own = self.env["saas.tenant"].create(
            {
                "name": "Own",
                "company_id": self.company.id,
                "partner_id": self.partner.id,
            }
        )
        wizard.create({"choice": "tenant", "tenant_id": own.id}).action_apply()
        self.drain()
        self.assertEqual(self.open_items(), [("Known GmbH", "-119.00")])
        log = self.env["saas.sync.log"].search([("action", "=", "owner_chosen")])
        self.assertEqual(len(log), 1)
