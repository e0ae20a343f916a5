"""What payments and refunds by GoCardless do to the books, in whole entries.

Covers adapters/gocardless/adapter, adapters/gocardless/event,
adapters/gocardless/events, adapters/gocardless/const, adapters/gocardless/fetch,
adapters/gocardless/pulled, adapters/gocardless/notices/notice,
adapters/gocardless/customers/customer, adapters/gocardless/payments/payment,
adapters/gocardless/payments/attempt, adapters/gocardless/payments/day,
adapters/gocardless/payments/mandate, adapters/gocardless/payments/moved,
adapters/gocardless/payments/refund and adapters/gocardless/unbooked.
"""

from odoo import Command
from odoo.tests import tagged

from ...canonical.kinds import Kind
from ..support import stripe_fixtures
from .gocardless_common import GoCardlessCommon

PAID = """
2026-11-05 entry
    AR -119.00 open -119.00
    GC +119.00
"""
FEE = """
2026-11-08 entry
    FEE +0.20 {20% input}
    GC -0.24
    VATIN +0.04
"""
PAYOUT = """
2026-11-08 entry
    TRF +118.76 open +118.76
    GC -118.76
"""
#: The payment of Nov 5 was taken back, in the payout of Nov 13 with its fee.
TAKEN_BACK = """
2026-11-05 entry
    AR -119.00
    GC +119.00
2026-11-11 entry
    AR +119.00
    GC -119.00
"""
FEE_BACK = """
2026-11-13 entry
    FEE -0.20 {20% input}
    GC +0.24
    VATIN -0.04
"""
PAYOUT_BACK = """
2026-11-13 entry
    TRF -118.76 open -118.76
    GC +118.76
"""


@tagged("post_install", "-at_install")
class TestGoCardlessMoney(GoCardlessCommon):
    """Each fact of GoCardless makes exactly the journal items that the accounting rules
    say.
    """

    def assertBooks(self, *texts):
        self.assertSettled()
        moves = []
        for line in "\n".join(texts).splitlines():
            if line.startswith(" "):
                moves[-1] += f"\n{line}"
            elif line.strip():
                moves.append(line)
        self.assertEqual(self.books(), "\n".join(sorted(moves)))

    def _pay(self):
        mandate = self.add_customer()
        return self.account.add_payment(mandate, 11900, "USD")

    def test_pending(self):
        """What is with the bank is not booked, and says so."""
        ref = self._pay()
        self.play("payment_submitted", ref)
        events = self.send()
        self.assertBooks()
        pending = events.filtered(lambda e: e.event_type.startswith("payments."))
        self.assertEqual(set(pending.mapped("state")), {"ignored"})
        self.assertIn("pending", pending[0].detail)
        self.assertFalse(self.env["saas.tenant"].search([]).filtered("is_guest"))

    def test_confirmed(self):
        ref = self._pay()
        self.play("payment_confirmed", ref)
        self.send()
        self.assertBooks(PAID)
        tenant = self.env["saas.tenant"].search([("name", "=", "Northlight Ltd")])
        self.assertEqual(len(tenant), 1)
        mandate = self.env["saas.mandate"].search([("tenant_id", "=", tenant.id)])
        self.assertEqual((mandate.external_id, mandate.state), ("MD000001", "active"))

    def test_paid_out(self):
        ref = self._pay()
        self.play("payment_paid_out", ref)
        self.send()
        self.assertBooks(PAID, FEE, PAYOUT)
        self.assertProved("PO000001")

    def test_failed(self):
        """What never came in is not booked."""
        ref = self._pay()
        self.play("payment_failed", ref)
        self.send()
        self.assertBooks()

    def test_failed_and_tried_again(self):
        ref = self._pay()
        self.play("payment_failed", ref)
        self.play("payment_resubmitted", ref)
        self.play("payment_confirmed", ref)
        self.send()
        self.assertBooks(PAID.replace("11-05", "11-06"))

    def test_late_failure(self):
        """A payment that fails days after it was paid out is taken back."""
        ref = self._pay()
        self.play("payment_paid_out", ref)
        self.send()
        self.play("payment_late_failure_settled", ref)
        self.send()
        self.assertBooks(TAKEN_BACK, FEE, PAYOUT, FEE_BACK, PAYOUT_BACK)
        self.assertProved("PO000001", "PO000002")

    def test_late_failure_reopens_the_invoice(self):
        ref = self._pay()
        self.play("payment_paid_out", ref)
        self.send()
        tenant = self.env["saas.tenant"].search([("name", "=", "Northlight Ltd")])
        invoice = self._create_invoice_one_line(
            partner_id=tenant.partner_id, price_unit=119.0, tax_ids=[], post=True
        )
        payment = self.env["account.payment"].search([("saas_external_id", "=", ref)])
        lines = (invoice | payment.move_id).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertEqual(invoice.payment_state, "paid")
        self.play("payment_late_failure", ref)
        self.send()
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(invoice.amount_residual, 119.0)

    def test_pays_the_invoice_of_another_source(self):
        """A payment names an invoice of the billing platform in its metadata; taken
        back, it leaves the invoice open.
        """
        payload = stripe_fixtures.load("basil", "invoice.finalized")
        event = self.deliver(payload, source=self.stripe)
        invoice = self.env["account.move"].search([("move_type", "=", "out_invoice")])
        self.source.write(
            {
                "issuer_ids": [Command.link(self.stripe.id)],
                "invoice_id_keys": "invoice",
            }
        )
        mandate = self.add_customer()
        bindings = self.env["saas.binding"]
        bindings.create(
            bindings._prepare_vals(
                self.source, Kind.CUSTOMER, "CU000001", event.tenant_id
            )
        )
        ref = self.account.add_payment(
            mandate, 11900, "USD", metadata={"invoice": invoice.saas_external_id}
        )
        self.play("payment_paid_out", ref)
        self.send()
        self.assertSettled()
        self.assertEqual(invoice.payment_state, "paid")
        self.play("payment_late_failure", ref)
        self.send()
        self.assertSettled()
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(invoice.amount_residual, 119.0)

    def test_charged_back(self):
        ref = self._pay()
        self.play("payment_chargeback_settled", ref)
        self.send()
        self.assertBooks(TAKEN_BACK, FEE, PAYOUT, FEE_BACK, PAYOUT_BACK)
        self.assertProved("PO000001", "PO000002")

    def test_chargeback_won(self):
        """A chargeback that the bank withdraws is booked back; no payout holds it."""
        ref = self._pay()
        self.play("payment_charged_back", ref)
        self.send()
        self.play("payment_chargeback_cancelled", ref)
        self.send()
        won = PAID.replace("11-05", "11-14")
        self.assertBooks(TAKEN_BACK, FEE, PAYOUT, won)
        self.assertProved("PO000001")

    def test_chargeback_won_after_its_payout(self):
        ref = self._pay()
        self.play("payment_chargeback_settled", ref)
        self.play("payment_chargeback_cancelled", ref)
        self.account.pay_out("USD")
        self.send()
        won = PAID.replace("11-05", "11-14")
        again = [text.replace("11-08", "11-16") for text in (FEE, PAYOUT)]
        self.assertBooks(TAKEN_BACK, FEE, PAYOUT, FEE_BACK, PAYOUT_BACK, won, *again)
        self.assertProved("PO000001", "PO000002", "PO000003")

    def test_refund(self):
        ref = self._pay()
        self.play("payment_paid_out", ref)
        refund = self.account.add_refund(ref, 1900)
        self.play("refund_settled", refund)
        self.send()
        self.assertBooks(
            PAID,
            FEE,
            PAYOUT,
            """
2026-11-07 entry
    AR +19.00 open +19.00
    GC -19.00
2026-11-09 entry
    TRF -19.00 open -19.00
    GC +19.00
""",
        )
        self.assertProved("PO000001", "PO000002")

    def test_refund_that_came_back(self):
        """A refund that bounces is taken back, and its money is paid out again."""
        ref = self._pay()
        self.play("payment_confirmed", ref)
        refund = self.account.add_refund(ref, 1900)
        self.account.pay_out("USD")
        self.play("refund_returned", refund)
        self.account.pay_out("USD")
        self.send()
        self.assertBooks(
            PAID,
            FEE,
            """
2026-11-06 entry
    AR +19.00
    GC -19.00
2026-11-08 entry
    TRF +99.76 open +99.76
    GC -99.76
2026-11-09 entry
    AR -19.00
    GC +19.00
2026-11-11 entry
    TRF +19.00 open +19.00
    GC -19.00
""",
        )
        self.assertProved("PO000001", "PO000002")

    def test_refund_that_never_left(self):
        ref = self._pay()
        self.play("payment_confirmed", ref)
        refund = self.account.add_refund(ref, 1900)
        self.account.due["USD"].pop()
        self.account.set("refunds", refund, "cancelled", "failed")
        self.send()
        self.assertBooks(PAID)
