"""More is paid than is due, of an invoice that a credit note has lowered.

Covers ledger/overpaid.
"""

from odoo.tests import tagged

from ..support import stripe_fixtures
from .orders_common import OrdersCommon

_FIRST = stripe_fixtures.object_id("basil", "invoice.finalized")
#: 2026-11-02, when the fixtures' invoice was paid.
PAID_AT = 1793613660


@tagged("post_install", "-at_install")
class TestOverpaid(OrdersCommon):
    def test_overpaid_after_a_credit_note(self):
        """Of 119.00, 23.80 are credited; 100.20 are paid, 5.00 too much. The excess is
        the customer's, and neither the credit note nor the excess stays open.
        """
        credit = self._make_credit()
        charge = self.make("charge.succeeded", amount=10020, amount_captured=10020)
        part = self.make("invoice_payment.paid", amount_paid=10020)
        overpaid = self.make(
            "invoice.paid",
            amount_overpaid=500,
            amount_due=9520,
            amount_paid=10020,
            amount_remaining=0,
            pre_payment_credit_notes_amount=2380,
        )
        events = [self.make("invoice.finalized"), credit, charge, part, overpaid]
        told = self._tell([*events], False)
        self.assertFalse([line for line in told if line.startswith("open")], told)
        self.assertIn("2026-11-02 SC +100.20 USD", told)
        self.check_orders(events, told)

    def _make_credit(self):
        base = stripe_fixtures.load("basil", "credit_note.created-pre_payment")
        first = self.make("invoice.finalized")["data"]["object"]
        [line] = base["data"]["object"]["lines"]["data"]
        line["amount"] = 2000
        line["invoice_line_item"] = first["lines"]["data"][0]["id"]
        line["taxes"][0].update(amount=380, taxable_amount=2000)
        return self.make(
            "credit_note.created-pre_payment",
            0,
            "basil",
            PAID_AT - 20,
            id="cn_lower",
            number="CN-1",
            invoice=_FIRST,
            created=PAID_AT - 20,
            effective_at=PAID_AT - 20,
            lines=base["data"]["object"]["lines"],
            amount=2380,
            total=2380,
            pre_payment_amount=2380,
        )
