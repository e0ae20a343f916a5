"""What corrections come to can be posted.

Covers ledger/documents/correction.
"""

from decimal import Decimal

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestParts(TransactionCase):
    def test_no_part_has_two_signs(self):
        """What rounding leaves on a small part goes to the largest one: no journal item
        may have a debit in one currency and a credit in the other.
        """
        small, large = ("tax", 1), ("net", 1, False, ())
        odd = {small: (Decimal("0.005"), Decimal("-0.01"))}
        added = self.env["saas.ledger.documents.correction"]._add_up
        self.assertEqual(added((1, odd)), {small: (Decimal("0.005"), 0)})
        for sign in (1, -1):
            found = added((sign, {**odd, large: (Decimal(10), Decimal("32.50"))}))
            self.assertEqual(
                found,
                {
                    small: (sign * Decimal("0.005"), 0),
                    large: (sign * 10, sign * Decimal("32.49")),
                },
            )
