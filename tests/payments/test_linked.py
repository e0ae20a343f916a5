"""A gateway's payments settle the invoices that a linked platform issued.

Covers handlers/payments/money_links, handlers/payments/fit,
ledger/payments/elsewhere, models/bindings/binding_elsewhere and pipeline/linking.
"""

from odoo import Command
from odoo.tests import tagged

from ...canonical import facts
from .two_sources import GUEST, PAID, PayingCommon


@tagged("post_install", "-at_install")
class TestLinked(PayingCommon):
    def test_invoice_first(self):
        self.tell(self.platform, self.invoice())
        event = self.pay()
        self.assertState(event, "done")
        self.assertBooks(PAID)
        tenants = self.env["saas.tenant"]._find(self.platform, ["c_1"])
        self.assertEqual(event.tenant_id, tenants["c_1"])

    def test_payment_first(self):
        """It waits for the invoice of the other source, and goes on with it."""
        event = self.pay()
        self.assertState(event, "parked")
        self.assertEqual(event.waiting_for, "linked_invoice:in_1")
        self.deliver(self.make_event(self.invoice()), source=self.platform)
        # Freed in the transaction that brought the invoice.
        self.assertState(event, "received")
        self.drain_all()
        self.assertState(event, "done")
        self.assertBooks(PAID)

    def test_customer_of_the_gateway(self):
        """Money of a known customer is booked at once; its invoice follows."""
        self.tell(self.gateway, self.customer("gc_1"))
        event = self.pay(customer="gc_1")
        self.assertState(event, "parked")
        self.assertEqual(self.open_items(), ["ch_1 -119.00"])
        self.tell(self.platform, self.invoice())
        self.assertState(event, "done")
        self.assertBooks(PAID)

    def test_by_number(self):
        links = (facts.DocumentLink(by="number", value="N-in_1"),)
        event = self.pay(document_links=links)
        self.assertState(event, "parked")
        self.tell(self.platform, self.invoice())
        self.assertState(event, "done")
        self.assertBooks(PAID)

    def test_metadata(self):
        """Which keys name an invoice is said on the source."""
        self.tell(self.platform, self.invoice())
        self.gateway.invoice_number_keys = "order, bill_no"
        told = self.payment(metadata=(("bill_no", "N-in_1"), ("colour", "blue")))
        self.assertState(self.tell(self.gateway, told), "done")
        self.assertBooks(PAID)

    def test_two_invoices(self):
        """Each gets what the money says is for it."""
        self.tell(self.platform, self.invoice(), self.invoice("in_2", 5000))
        links = (*self.by_id("in_1", amount=10000), *self.by_id("in_2", amount=1900))
        self.assertState(self.pay(document_links=links), "done")
        self.assertEqual(self.open_items(), ["in_1 +19.00", "in_2 +40.50"])

    def test_not_linked(self):
        """Nothing is looked for in a source that isn't linked."""
        self.platform.write({"payer_ids": [Command.clear()]})
        self.tell(self.platform, self.invoice())
        event = self.pay()
        self.assertState(event, "done")
        self.assertTrue(event.tenant_id.is_guest)
        self.assertEqual(self.open_items(), [GUEST, "in_1 +119.00"])

    def test_never_by_amount(self):
        self.tell(self.platform, self.invoice())
        self.pay(document_links=())
        self.assertEqual(self.open_items(), [GUEST, "in_1 +119.00"])

    def test_late_failure(self):
        """What a failed payment had paid is open again, also before the invoice."""
        self.tell(self.platform, self.invoice())
        self.pay()
        self.tell(self.gateway, self.failure())
        self.assertEqual(self.open_items(), ["in_1 +119.00"])
        self.pay(ref="ch_2", day=7)
        self.assertEqual(self.open_items(), [])

    def test_second_payment_after_failure(self):
        """The second payment comes before the first one's failure is told."""
        self.tell(self.platform, self.invoice())
        self.pay()
        self.pay(ref="ch_2", day=7)
        self.assertEqual(self.open_items(), ["ch_2 -119.00"])
        self.tell(self.gateway, self.failure())
        self.assertEqual(self.open_items(), [])

    def test_refund_with_credit_note(self):
        """A refund of the gateway closes the credit note that it names."""
        self.tell(self.platform, self.invoice(state="paid", paid_at=None))
        self.pay()
        links = self.by_id("cn_1", kind="credit_note")
        event = self.tell(self.gateway, self.refund(document_links=links))
        self.assertState(event, "parked")
        self.tell(self.platform, self.credit_note(outside=11900))
        self.assertState(event, "done")
        self.assertEqual(self.open_items(), [])

    def test_void_and_pay(self):
        """Money for a void invoice is open credit."""
        self.tell(self.platform, self.invoice(state="void", day=2))
        self.assertState(self.pay(), "done")
        self.assertEqual(self.open_items(), ["ch_1 -119.00"])

    def test_loss_is_recovered(self):
        """A payment of an invoice that was given up takes its loss back."""
        lost = self.invoice(
            state="uncollectible", day=2, written_off=11900, written_off_at=None
        )
        self.tell(self.platform, self.invoice())
        self.tell(self.platform, lost)
        self.pay(day=9)
        self.assertEqual(self.open_items(), [])
        balance = sum(
            self.env["account.move.line"]
            .search([("account_id", "=", self.source.bad_debt_account_id.id)])
            .mapped("balance")
        )
        self.assertEqual(balance, 0)

    def test_moved_day(self):
        """Money that is booked anew on another day still pays its invoice."""
        self.tell(self.platform, self.invoice())
        self.pay(certainty=facts.Certainty.ASSUMED)
        self.pay(day=3)
        self.assertEqual(self.open_items(), [])
