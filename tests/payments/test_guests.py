"""Money of guests: on whose contact it is booked, and what happens when the source
tells later whose it is.

Covers handlers/customers/payer, handlers/payments/owner, ledger/payments/ownership and
ledger/payments/receivable_transfer.
"""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.session import create_person
from .orders_common import OrdersCommon

GUEST = stripe_fixtures.object_id("basil", "charge.succeeded-guest")
INTENT = stripe_fixtures.object_id("basil", "payment_intent.succeeded-guest")
INVOICE = stripe_fixtures.object_id("basil", "invoice.finalized")
CUSTOMER = stripe_fixtures.object_id("basil", "customer.created")


class GuestsCommon(OrdersCommon):
    """Events of a guest's payment of 119.00, which an invoice may turn out to be of."""

    def setUp(self):
        super().setUp()
        self.charge = self.make(
            "charge.succeeded-guest",
            amount=11900,
            amount_captured=11900,
            balance_transaction=None,
        )
        self.intent = self.make(
            "payment_intent.succeeded-guest", amount=11900, amount_received=11900
        )
        self.refund = self.make("refund.created-guest")
        self.invoice = self.make("invoice.finalized")
        self.attached = self.make(
            "invoice_payment.paid",
            payment={"type": "payment_intent", "payment_intent": INTENT},
        )

    @property
    def guests(self):
        return self.env["saas.tenant"].search([("is_guest", "=", True)])

    def payments(self):
        return self.env["account.payment"].search(
            [("saas_source_id", "=", self.source.id)], order="id"
        )

    def open_items(self):
        """Return what is open on receivables, by the contact's name and amount."""
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        return sorted(
            (line.partner_id.name, f"{line.amount_residual:+.2f}") for line in lines
        )


@tagged("post_install", "-at_install")
class TestGuests(GuestsCommon):
    def test_label_names_charge_and_payer(self):
        """Who looks at the open credit knows what to look for, and whom to ask."""
        self.deliver(self.charge)
        line = self.payments().move_id.line_ids.filtered("account_id.reconcile")
        for word in (GUEST, "Nordlicht Gast basil", "gast.basil@nordlicht.example"):
            self.assertIn(word, line.filtered(lambda x: x.balance < 0).name)
        self.assertEqual(self.guests.partner_id.city, "Bremen")
        self.assertEqual(self.guests.partner_id.company_id, self.company)

    def test_each_payment_is_an_open_credit_of_its_own(self):
        second = self.make(
            "charge.succeeded-guest", 2, id="ch_2", payment_intent="pi_2"
        )
        self.assertState(self.deliver(self.charge, second), "done")
        self.assertEqual(len(self.guests), 1)
        name = "Nordlicht Gast basil"
        self.assertEqual(self.open_items(), [(name, "-119.00"), (name, "-60.00")])

    def test_two_names_are_two_contacts(self):
        details = self.charge["data"]["object"]["billing_details"]
        second = self.make(
            "charge.succeeded-guest",
            2,
            id="ch_2",
            payment_intent="pi_2",
            billing_details={**details, "name": "Somebody Else"},
        )
        self.deliver(self.charge, second)
        self.assertEqual(len(self.guests.partner_id), 2)

    def test_a_typed_address_proves_nothing(self):
        """A guest with a customer's e-mail is not that customer; whichever comes first,
        neither is held up.
        """
        customer = self.make(
            "customer.created", email="gast.basil@nordlicht.example", phone=None
        )
        customer["data"]["object"]["tax_ids"] = None
        for events in ((customer, self.charge), (self.charge, customer)):
            with self.subTest(first=events[0]["type"]):
                savepoint = self.env.cr.savepoint()
                for event in events:
                    self.assertState(self.deliver(event), "done")
                tenants = self.env["saas.tenant"].search([])
                self.assertEqual(len(tenants.partner_id), 2)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_nobody_known(self):
        """Without a name and an e-mail a person is asked, until the source names a
        contact for guests.
        """
        nobody = {"address": None, "email": None, "name": None, "phone": None}
        charge = self.make("charge.succeeded-guest", billing_details=nobody)
        charge["data"]["object"]["receipt_email"] = None
        event = self.deliver(charge)
        self.assertState(event, "quarantined", "unknown_tenant")
        self.assertIn("contact for guests", event.next_step)
        self.assertTrue(event.may_choose_customer)
        shared = self.env["res.partner"].create({"name": "Laufkundschaft"})
        self.source.guest_partner_id = shared
        event.action_retry()
        self.drain()
        self.assertState(event, "done")
        self.assertEqual(self.open_items(), [("Laufkundschaft", "-60.00")])
        self.assertIn(GUEST, self.payments().memo)

    def test_one_contact_for_all(self):
        shared = self.env["res.partner"].create({"name": "Laufkundschaft"})
        self.source.write({"guest_policy": "contact", "guest_partner_id": shared.id})
        self.deliver(self.charge, self.refund)
        self.assertEqual(
            self.open_items(),
            [("Laufkundschaft", "+15.00"), ("Laufkundschaft", "-119.00")],
        )
        self.assertIn("Nordlicht Gast", self.payments()[0].memo)
        self.assertFalse(
            self.env["res.partner"].search([("name", "like", "Nordlicht Gast%")])
        )

    def test_contact_for_guests_is_of_the_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["res.partner"].create(
            {"name": "Foreign", "company_id": other.id}
        )
        with self.assertRaisesRegex(UserError, "Foreign"), self.env.cr.savepoint():
            self.source.guest_partner_id = foreign

    def test_only_a_manager_sets_the_policy(self):
        reviewer = create_person(self, "guests_reviewer", "reviewer")
        with self.assertRaises(AccessError):
            self.source.with_user(reviewer).transfers_receivables = True

    def test_an_invoice_turns_up(self):
        """The money was attached to a customer's invoice: it is the customer's, and so
        is the refund, in whatever order that is told.
        """
        self.check_orders(
            [self.charge, self.intent, self.refund, self.attached, self.invoice],
            [
                "2026-11-02 AR +119.00 USD",
                "2026-11-02 REV -100.00 USD",
                "2026-11-02 TAX -19.00 USD",
                "2026-11-26 AR -119.00 USD",
                "2026-11-26 SC +119.00 USD",
                "2026-11-27 AR +15.00 USD",
                "2026-11-27 SC -15.00 USD",
                "open re_NE9v +15.00",
            ],
        )

    def test_whose_it_is_in_each_order(self):
        events = [self.charge, self.refund, self.attached, self.invoice]
        for order in (events, events[::-1]):
            with self.subTest(first=order[0]["type"]):
                savepoint = self.env.cr.savepoint()
                for event in order:
                    self.deliver(event)
                tenant = self.env["saas.tenant"].search([("ref", "=", CUSTOMER)])
                self.assertEqual(
                    self.open_items(), [(tenant.partner_id.name, "+15.00")]
                )
                self.assertEqual(self.payments().saas_tenant_id, tenant)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_customer_turns_up(self):
        """A later snapshot of the charge names the customer."""
        named = self.make("charge.succeeded-guest", 3, customer=CUSTOMER)
        named["data"]["object"].update(
            amount=11900, amount_captured=11900, balance_transaction=None
        )
        named["type"] = "charge.updated"
        customer = self.make("customer.created")
        self.check_orders(
            [self.charge, self.refund, named, customer],
            [
                "2026-11-26 AR -119.00 USD",
                "2026-11-26 SC +119.00 USD",
                "2026-11-27 AR +15.00 USD",
                "2026-11-27 SC -15.00 USD",
                "open pi_RKjL -119.00",
                "open re_NE9v +15.00",
            ],
        )

    def test_fails_after_it_was_taken_over(self):
        """Nothing is left open of the money, on no contact."""
        failed = self.make(
            "charge.succeeded-guest",
            7,
            amount=11900,
            amount_captured=11900,
            status="failed",
            balance_transaction="txn_7",
            failure_balance_transaction="txn_8",
        )
        failed["type"] = "charge.failed"
        failed["created"] += 86400
        events = [self.charge, self.attached, self.invoice, failed]
        for order in (events, events[::-1], [*events[1:], events[0]]):
            with self.subTest(first=order[0]["id"]):
                savepoint = self.env.cr.savepoint()
                for event in order:
                    self.deliver(event)
                tenant = self.env["saas.tenant"].search([("ref", "=", CUSTOMER)])
                self.assertEqual(
                    self.open_items(), [(tenant.partner_id.name, "+119.00")]
                )
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_day_that_is_locked_since(self):
        """What is moved between receivables is dated on the first open day."""
        self.deliver(self.charge, self.invoice)
        self.company.fiscalyear_lock_date = "2026-11-30"
        self.assertState(self.deliver(self.attached), "done")
        self.assertEqual(self.open_items(), [])
        journal = self.source._get_other_journal()
        moves = self.env["account.move"].search([("journal_id", "=", journal.id)])
        self.assertEqual(str(moves.date), "2026-12-01")
        self.assertEqual(self.journal_items(moves), ["AR -119.00", "AR +119.00"])

    def test_refund_of_held_cash_moves_nothing(self):
        """It names no payment and has no movement: the held cash tells it."""
        refund = self.make("refund.created-stray", balance_transaction=None)
        self.assertState(self.deliver(refund), "done")
        self.assertEqual(self.books(), "")

    def test_refund_that_names_the_customer(self):
        stray = self.make("refund.created-stray", customer=CUSTOMER)
        customer = self.make("customer.created")
        for order in ((stray, customer), (customer, stray)):
            savepoint = self.env.cr.savepoint()
            for event in order:
                self.deliver(event)
            self._check_done()
            tenant = self.env["saas.tenant"].search([("ref", "=", CUSTOMER)])
            self.assertEqual(self.open_items(), [(tenant.partner_id.name, "+7.00")])
            savepoint.rollback()
            self.env.invalidate_all()
