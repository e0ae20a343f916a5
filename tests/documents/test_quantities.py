"""A quantity is booked as it is stated, or told in the text: the amount is never
rounded to fit.

Covers ledger/document.
"""

from odoo.tests import tagged

from ...canonical import facts
from ..customers.facts_common import FactsCommon


@tagged("post_install", "-at_install")
class TestQuantities(FactsCommon):
    def _book(self, quantity, net=10000, ref="I-1"):
        line = facts.DocumentLine(
            external_id=f"{ref}-1", description="Calls", quantity=quantity, net=net
        )
        event = self.tell(self.platform, self.invoice(ref, lines=(line,), total=net))
        self.assertState(event, "done")
        move = self.env["account.move"].search([("saas_external_id", "=", ref)])
        return move.invoice_line_ids, self.journal_items(move)

    def test_parts_of_a_whole(self):
        for number, (quantity, shown, price, name) in enumerate(
            (
                ("3", 1, 100.0, "Calls"),
                ("4", 4, 25.0, "Calls"),
                ("2.50", 2.5, 40.0, "Calls"),
                ("0.125", 1, 100.0, "Calls (quantity: 0.125)"),
                ("1.3", 1, 100.0, "Calls (quantity: 1.3)"),
                ("12345678901234.000000001", 1, 100.0, None),
            )
        ):
            with self.subTest(quantity=quantity):
                line, items = self._book(quantity, ref=f"I-{number}")
                self.assertEqual((line.quantity, line.price_unit), (shown, price))
                self.assertEqual(
                    line.name, name or "Calls (quantity: 12345678901234.000000001)"
                )
                self.assertEqual(items, ["AR +100.00 open +100.00", "REV -100.00"])

    def test_the_form_s_way_books_the_same(self):
        """Where another tax of the document needs Odoo's form, nothing differs."""
        self.company.account_storno = True
        line, items = self._book("2.5")
        self.assertEqual((line.quantity, line.price_unit), (2.5, 40.0))
        self.assertEqual(items, ["AR +100.00 open +100.00", "REV -100.00"])

    def test_a_subscription_keeps_what_odoo_rounds(self):
        self.tell(self.platform, self.customer())
        item = facts.SubscriptionItem(
            external_id="SI-1", currency="USD", exponent=2, quantity="0.12345"
        )
        self.tell(
            self.platform,
            facts.Subscription(
                external_id="S-1",
                customer="C-1",
                version="1",
                state="active",
                currency="USD",
                items=(item,),
            ),
        )
        line = self.env["saas.subscription.line"].search([])
        self.assertEqual((line.quantity, line.stated_quantity), (0.12, "0.12345"))
