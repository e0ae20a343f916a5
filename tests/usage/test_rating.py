"""What quantities cost, by examples that others have published.

Each row of :data:`PUBLISHED` names its source; amounts are in major units, as there,
and were recomputed with exact fractions. Of the examples collected in the design these
are not here:

- percentages (800 at 1.3 % with free amounts → 11.15; 4 at 2.9 %), Lago's
  ``percentage_service_spec``: no component is priced by a rate of another amount.
- graduated percentages (550 → 306, 4,000 → 80), Lago's documentation: not built, and
  the example contradicts its own table of tiers, which gives 80 + 300 for the last.
- the late usage of OpenMeter's period 1: it is about periods, not about prices.
"""

from decimal import Decimal
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ...canonical.catalogue.price import Price
from ...canonical.usage.rating import Part, explain, rate, round_minor


def make_price(model, exponent=2, **vals):
    """Return a price in euros of decimal texts; tiers as (up to, unit, flat fee)."""
    tiers = [
        dict(zip(("up_to", "unit", "flat"), (*tier, "0")[:3], strict=True))
        for tier in vals.pop("tiers", ())
    ]
    values = {"model": model, "currency": "EUR", "exponent": exponent, "tiers": tiers}
    return Price.from_json({**values, **vals})


LAGO_GRADUATED = make_price(
    "graduated",
    tiers=[("10", "10", "2"), ("20", "5", "3"), (None, "5", "3")],
    charges_first_flat=True,
)
LAGO_VOLUME = make_price(
    "volume",
    tiers=[("100", "2", "10"), ("200", "1", "0"), (None, "0.5", "50")],
    charges_first_flat=True,
)
CALLS = make_price(
    "volume",
    tiers=[
        ("10000", "0.0010", "10"),
        ("50000", "0.0008", "10"),
        ("100000", "0.0006", "10"),
        (None, "0.0004", "10"),
    ],
)
LAGO_PACKAGE, LAGO_10_FREE, LAGO_200_FREE = (
    make_price("package", unit="100", package_size="10", included=free)
    for free in ("0", "10", "200")
)
#: Kill Bill states the sizes of tiers: 10, then 100 more, then 1000 more.
KILL_BILL_TIERS = [("10", "1.5"), ("110", "1.0"), (None, "0.5")]
KILL_BILL_ALL = make_price("graduated", tiers=KILL_BILL_TIERS)
KILL_BILL_TOP = make_price("volume", tiers=KILL_BILL_TIERS)
BLOCKS_100 = make_price("package", unit="1", package_size="100")
#: At most 10 blocks of 100, as an amount; what comes after them are blocks of 1000.
FIRST_BLOCKS = make_price("package", unit="1", package_size="100", maximum="10")
BLOCKS_1000 = make_price("package", unit="1", package_size="1000")
CHEAP_BLOCKS = make_price("package", unit="0.5", package_size="1000")
LATER_BLOCKS = make_price("package", unit="1", package_size="1000", included="1000")
ZUPLO_TIERS = [("1000", "0.10"), ("10000", "0.05"), (None, "0.01")]
ZUPLO_GRADUATED = make_price("graduated", tiers=ZUPLO_TIERS)
ZUPLO_VOLUME = make_price("volume", tiers=ZUPLO_TIERS)
AUTUMN = make_price(
    "graduated", tiers=[("1000", "0.01"), ("10000", "0.008"), (None, "0.005")]
)
ONE = make_price("unit", unit="1")
TEN = make_price("unit", unit="10")
TEN_OR_FIVE = make_price("volume", tiers=[("15", "10"), (None, "5")])

_GRADUATED = "lago-api graduated_service_spec.rb"
_VOLUME = "lago-api volume_service_spec.rb"
_PACKAGE = "lago-api package_service_spec.rb"
_CONSUMABLE = "killbill TestContiguousIntervalConsumableInArrear"
_WEIGHTED = "lago-api weighted sum"
#: What 2,500 units are that run from 5 March to its end, of 31 days; and what they
#: are in April of 30 days, less 2,000 from the 4th and 200 from the 6th.
_MARCH = Fraction(2500 * 27, 31)
_APRIL = 2500 - Fraction(2000 * 27, 30) - Fraction(200 * 25, 30)

#: Source, price, quantity, what it costs.
PUBLISHED = (
    (_GRADUATED, LAGO_GRADUATED, 0, "2"),
    (_GRADUATED, LAGO_GRADUATED, 1, "12"),
    (_GRADUATED, LAGO_GRADUATED, 10, "102"),
    (_GRADUATED, LAGO_GRADUATED, 11, "110"),
    (_GRADUATED, LAGO_GRADUATED, 12, "115"),
    (_GRADUATED, LAGO_GRADUATED, 21, "163"),
    (_VOLUME, LAGO_VOLUME, 0, "10"),
    (_VOLUME, LAGO_VOLUME, 1, "12"),
    (_VOLUME, LAGO_VOLUME, 100, "210"),
    ("getlago.com/docs volume", CALLS, 65000, "49.00"),
    (_PACKAGE, LAGO_PACKAGE, 121, "1300"),
    (_PACKAGE, LAGO_10_FREE, 121, "1200"),
    (_PACKAGE, LAGO_200_FREE, 121, "0"),
    (_CONSUMABLE + ", ALL_TIERS", KILL_BILL_ALL, 111, "115.5"),
    (_CONSUMABLE + ", TOP_TIER", KILL_BILL_TOP, 111, "55.5"),
    (_CONSUMABLE + ", blocks", BLOCKS_100, 1000, "10"),
    (_CONSUMABLE + ", blocks", FIRST_BLOCKS, 1000, "10"),
    (_CONSUMABLE + ", blocks", BLOCKS_1000, 101000, "101"),
    (_CONSUMABLE + ", blocks", CHEAP_BLOCKS, 101001, "51.0"),
    (_CONSUMABLE + ", blocks, first part", FIRST_BLOCKS, 5325, "10"),
    (_CONSUMABLE + ", blocks, second part", LATER_BLOCKS, 5325, "5"),
    ("zuplo.com/docs graduated", ZUPLO_GRADUATED, 15000, "600"),
    ("zuplo.com/docs volume", ZUPLO_VOLUME, 15000, "150"),
    ("useautumn", AUTUMN, 15000, "107"),
    (_WEIGHTED + ", March", ONE, _MARCH, "2177.42"),
    (_WEIGHTED + ", April", ONE, _APRIL, "533.33"),
)
#: Source, price, quantity billed, quantity now, what is left to bill.
TARGET_MINUS_BOOKED = (
    (_CONSUMABLE + ", catch up", BLOCKS_100, 100, 401, "4.0"),
    (_CONSUMABLE + ", catch up", BLOCKS_100, 100, 199, "1.0"),
    ("OpenMeter delta rating", TEN, 5, 8, "30"),
    ("OpenMeter delta rating", TEN_OR_FIVE, 15, 16, "-70"),
)


@tagged("post_install", "-at_install")
class TestRating(BaseCase):
    def test_published_examples_come_out_to_the_cent(self):
        for source, price, quantity, expected in PUBLISHED:
            with self.subTest(source=source, quantity=quantity):
                self.assertEqual(
                    round_minor(rate(price, quantity)), Decimal(expected) * 100
                )

    def test_what_is_left_to_bill_is_the_target_less_what_was_billed(self):
        for source, price, billed, now, expected in TARGET_MINUS_BOOKED:
            with self.subTest(source=source, now=now):
                booked = round_minor(rate(price, billed))
                left = round_minor(rate(price, now)) - booked
                self.assertEqual(left, Decimal(expected) * 100)

    def test_repriced_volume_takes_back_all_that_was_billed(self):
        before, after = (rate(TEN_OR_FIVE, quantity) for quantity in (15, 16))
        self.assertEqual((before, after), (15000, 8000))

    def test_nothing_used_costs_a_flat_fee_only_where_the_price_says_so(self):
        for model in ("graduated", "volume"):
            for says, expected in ((False, 0), (True, 200)):
                price = make_price(
                    model,
                    tiers=[("10", "1", "2"), (None, "1", "7")],
                    charges_first_flat=says,
                )
                self.assertEqual(rate(price, 0), expected)
                self.assertEqual(rate(price, 1), 300)

    def test_a_bound_belongs_to_its_tier_and_what_is_above_to_the_next(self):
        little = Fraction(1, 10**30)
        for model, above in (
            ("graduated", 1000 + 500 * little),
            ("volume", 5000 + 500 * little),
        ):
            price = make_price(model, tiers=[("10", "1"), (None, "5")])
            self.assertEqual(rate(price, 10), 1000)
            self.assertEqual(rate(price, 10 + little), above)

    def test_included_units_are_taken_off_before_tiers_are_counted(self):
        price = make_price(
            "graduated", tiers=[("10", "1", "3"), (None, "5")], included="100"
        )
        self.assertEqual(rate(price, 100), 0)
        self.assertEqual(rate(price, 110), 1300)
        self.assertEqual(rate(price, 111), 1800)

    def test_minimum_and_maximum_bound_the_whole_also_of_nothing(self):
        price = make_price("unit", unit="2", minimum="10", maximum="50")
        for quantity, expected in ((0, 10), (5, 10), (6, 12), (25, 50), (26, 50)):
            self.assertEqual(rate(price, quantity), expected * 100)

    def test_less_than_nothing_costs_what_nothing_costs(self):
        for price in (ONE, LAGO_GRADUATED, LAGO_VOLUME, LAGO_PACKAGE, KILL_BILL_TOP):
            self.assertEqual(rate(price, Decimal("-5.5")), rate(price, 0))
            self.assertEqual(explain(price, -1), explain(price, 0))

    def test_an_amount_is_explained_by_what_was_free_each_tier_and_the_bounds(self):
        price = make_price(
            "graduated",
            tiers=[("10", "1", "2"), (None, "0.5")],
            included="5",
            maximum="13",
        )
        self.assertEqual(
            [(row.part, row.quantity, row.amount) for row in explain(price, 18)],
            [
                (Part.INCLUDED, 5, 0),
                (Part.TIER, 10, 1200),
                (Part.TIER, 3, 150),
                (Part.MAXIMUM, 0, -50),
            ],
        )

    def test_minor_units_follow_the_currency(self):
        for exponent, expected in ((0, 2), (2, 150), (3, 1500)):
            price = make_price("unit", exponent=exponent, unit="0.5")
            self.assertEqual(round_minor(rate(price, 3)), expected)

    def test_halves_are_rounded_away_from_zero_once(self):
        for amount, expected in (
            (Fraction(1, 2), 1),
            (Fraction(-1, 2), -1),
            (Fraction(5, 2), 3),
            (Fraction(49, 100), 0),
            (Decimal("-2.5"), -3),
            (7, 7),
            (Fraction(10**40 * 2 + 1, 2), 10**40 + 1),
        ):
            self.assertEqual(round_minor(amount), expected)
        # Killbill issue 1124: 55 at 0.067 are 3.685.
        price = make_price("unit", unit="0.067")
        self.assertEqual(round_minor(rate(price, 55)), 369)

    def test_floats_and_what_is_no_number_are_refused(self):
        for wrong in (0.1, 1.0, float("nan"), True, "3", None):
            with self.subTest(wrong=wrong), self.assertRaises(TypeError):
                rate(ONE, wrong)
            with self.subTest(wrong=wrong), self.assertRaises(TypeError):
                round_minor(wrong)
        for wrong in ("NaN", "Infinity"):
            with self.subTest(wrong=wrong), self.assertRaises(ValueError):
                rate(ONE, Decimal(wrong))
