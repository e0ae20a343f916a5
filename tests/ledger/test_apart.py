"""What belongs together at the source, and can't be reconciled here.

Covers ledger/payments/apart and ledger/payments/receivable_transfer.
"""

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestApart(SaasCommon):
    def setUp(self):
        super().setUp()
        self.other = self.env["account.account"].create(
            {
                "code": "SAAS.AR2",
                "name": "Other receivables",
                "account_type": "asset_receivable",
                "reconcile": True,
                "company_ids": self.company.ids,
            }
        )
        self.accounts[self.other] = "AR2"
        self.addCleanup(self.accounts.pop, self.other)

    def _load(self, name):
        return stripe_fixtures.load("basil", name)

    def _asked(self):
        kind = self.env.ref("saas_billing_sync.mail_activity_sides_apart")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])

    def _invoice(self):
        return self.env["account.move"].search([("move_type", "=", "out_invoice")])

    def _deliver_apart(self):
        """Deliver an invoice; change its contact's account; deliver the payment."""
        self.deliver(self._load("invoice.finalized"))
        partner = self._invoice().partner_id.with_company(self.company)
        partner.property_account_receivable_id = self.other
        paid = self.deliver(
            self._load("charge.succeeded"), self._load("invoice_payment.paid")
        )
        self.assertState(paid, "done")

    def test_a_person_is_told(self):
        self._deliver_apart()
        activity = self._asked()
        self.assertEqual(activity.res_id, self._invoice().id)
        self.assertEqual(activity.user_id, self.responsible)
        self.assertEqual(self._invoice().payment_state, "not_paid")
        self.deliver({**self._load("invoice_payment.paid"), "id": "evt_again"})
        self.assertEqual(len(self._asked()), 1, "one is enough")

    def test_transferred_where_the_owner_allows_it(self):
        self.source.transfers_receivables = True
        self._deliver_apart()
        self.assertFalse(self._asked())
        self.assertEqual(self._invoice().payment_state, "paid")
        books = self.books()
        self.assertIn("    AR -119.00\n    AR2 +119.00", books)
        self.assertNotIn("open", books)
        self.deliver({**self._load("invoice_payment.paid"), "id": "evt_again"})
        self.assertEqual(self.books(), books, "once")
        self.assertWhole()
        # The comparison with the source finds it paid.
        paid = self.env["saas.comparator.invoice"]._get_paid(self._invoice())
        self.assertEqual(paid, 119)

    def test_allowed_afterwards(self):
        self._deliver_apart()
        self.source.transfers_receivables = True
        self.deliver({**self._load("invoice_payment.paid"), "id": "evt_again"})
        self.assertEqual(self._invoice().payment_state, "paid")
        self.assertFalse(self._asked(), "nobody is asked any longer")

    def test_on_another_contact(self):
        """The tenant's contact was changed between invoice and payment: it is the same
        customer's money, so it goes to the contact that owes.
        """
        self.deliver(self._load("invoice.finalized"))
        invoice = self._invoice()
        old = invoice.partner_id
        invoice.saas_tenant_id.partner_id = self.env["res.partner"].create(
            {"name": "Bought by GmbH", "company_id": self.company.id}
        )
        self.deliver(self._load("charge.succeeded"), self._load("invoice_payment.paid"))
        self.assertEqual(self._invoice().payment_state, "paid")
        self.assertFalse(self._asked())
        due = self.env["account.move.line"].search(
            [("partner_id", "=", old.id), ("account_type", "=", "asset_receivable")]
        )
        self.assertEqual(sum(due.mapped("balance")), 0)

    def test_a_part_of_the_credit(self):
        """Only what belongs to the invoice is transferred."""
        self.source.transfers_receivables = True
        charge = self._load("charge.succeeded")
        charge["data"]["object"].update(
            amount=15000, amount_captured=15000, balance_transaction=None
        )
        self.deliver(self._load("invoice.finalized"))
        partner = self._invoice().partner_id.with_company(self.company)
        partner.property_account_receivable_id = self.other
        self.deliver(charge, self._load("invoice_payment.paid"))
        self.assertEqual(self._invoice().payment_state, "paid")
        self.assertIn("AR2 -150.00 open -31.00", self.books())
