"""What items with prices and discounts are worth a month: pure rules.

Covers canonical/metrics/priced.
"""

from datetime import UTC, datetime
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ....canonical.catalogue.price import Tier
from ....canonical.metrics.priced import (
    Priced,
    Reduction,
    find_amount,
    find_tiered_amount,
    find_worths,
)


def at(*parts):
    """Return an instant in UTC."""
    return datetime(*parts, tzinfo=UTC)


@tagged("post_install", "-at_install")
class TestPricedRules(BaseCase):
    """Pure rules of prices and discounts."""

    def test_amounts(self):
        """Units, packages and tiers. The tiers are Lago's worked example."""
        for quantity, up, down in ((0, 0, 0), (5, 7, 7), (6, 14, 7), (9, 14, 7)):
            self.assertEqual(find_amount(Fraction(quantity), Fraction(7), 5), up)
            self.assertEqual(
                find_amount(Fraction(quantity), Fraction(7), 5, False), down
            )
        tiers = [
            Tier(10, Fraction(10), Fraction(2)),
            Tier(20, Fraction(5), Fraction(3)),
            Tier(None, Fraction(5), Fraction(3)),
        ]
        for quantity, graduated, volume in (
            (0, 2, 2),
            (1, 12, 12),
            (10, 102, 102),
            (11, 110, 58),
            (12, 115, 63),
            (21, 163, 108),
        ):
            for mode, amount in (("graduated", graduated), ("volume", volume)):
                found = find_tiered_amount(Fraction(quantity), mode, tiers)
                self.assertEqual(found, amount, (mode, quantity))

    def test_worths(self):
        """Items are brought to a month, and discounts lower them while they count."""
        year, month = Fraction(12), Fraction(1)
        items = [
            Priced(Fraction(240), year),
            Priced(Fraction(30), month),
            Priced(Fraction(99), None),
        ]
        now, later = at(2027, 1, 1), at(2027, 4, 1)
        self.assertEqual(find_worths(items, [], now), [(now, 50)])
        half = Reduction(Fraction(1, 2), ends_at=later)
        self.assertEqual(find_worths(items, [half], now), [(now, 25), (later, 50)])
        much = Reduction(amount=Fraction(80))
        self.assertEqual(find_worths(items, [much], now), [(now, 0)])
        over = Reduction(Fraction(1, 2), ends_at=at(2026, 1, 1))
        self.assertEqual(find_worths(items, [over], now), [(now, 50)])
        unknown = [*items, Priced(None, month)]
        self.assertEqual(find_worths(unknown, [], now), [(now, None)])
        self.assertEqual(find_worths([Priced(None, None)], [], now), [(now, 0)])

    def test_order(self):
        """Discounts are taken off in their order, those of an item first; an amount is
        split by what is left, and only over the products that it is for.
        """
        month, now = Fraction(1), at(2027, 1, 1)
        tenth, five = Reduction(Fraction(1, 10)), Reduction(amount=Fraction(5))
        plain = [Priced(Fraction(100), month, "a")]
        self.assertEqual(find_worths(plain, [tenth, five], now), [(now, 85)])
        self.assertEqual(
            find_worths(plain, [five, tenth], now), [(now, Fraction(855, 10))]
        )
        both = [
            Priced(Fraction(60), month, "a", (Reduction(amount=Fraction(20)),)),
            Priced(Fraction(60), month, "b"),
        ]
        # 40 and 60 are left; of 10 these bear 4 and 6; half of the second is 27.
        ten = Reduction(amount=Fraction(10))
        half = Reduction(Fraction(1, 2), products=frozenset("b"))
        self.assertEqual(find_worths(both, [ten, half], now), [(now, 36 + 27)])
        self.assertEqual(find_worths(both, [half, ten], now), [(now, 60)])
        # No product of the coupon's is there.
        other = Reduction(Fraction(1, 2), products=frozenset("c"))
        self.assertEqual(find_worths(both, [other], now), [(now, 100)])
        # An item has nothing to give beyond its own price.
        item = Priced(Fraction(3), month, "a", (five,))
        self.assertEqual(find_worths([item, *plain], [], now), [(now, 100)])
