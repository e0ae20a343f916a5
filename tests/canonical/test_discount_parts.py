"""What is taken off a price at an instant, and when that changes.

Covers canonical/subscriptions/discount.
"""

from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ...canonical.subscriptions.discount import Discount, find_cuts, find_part
from .telling_lives import at


@tagged("post_install", "-at_install")
class TestDiscountParts(BaseCase):
    """Of several discounts that count, the highest does."""

    def test_highest_counts(self):
        discounts = [
            Discount(Fraction(1, 10), at(2026, 1, 1)),
            Discount(Fraction(1, 4), at(2026, 2, 1), at(2026, 3, 1), "seats"),
        ]
        for component, moment, part in (
            ("seats", at(2025, 12, 31), 0),
            ("seats", at(2026, 1, 1), Fraction(1, 10)),
            ("seats", at(2026, 2, 1), Fraction(1, 4)),
            ("base", at(2026, 2, 1), Fraction(1, 10)),
            ("seats", at(2026, 3, 1), Fraction(1, 10)),
        ):
            self.assertEqual(find_part(discounts, component, moment), part)
        span = at(2026, 1, 1), at(2026, 12, 1)
        self.assertEqual(find_cuts(discounts, "base", *span), [])
        self.assertEqual(
            find_cuts(discounts, "seats", *span), [at(2026, 2, 1), at(2026, 3, 1)]
        )
