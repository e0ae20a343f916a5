"""A price is exactly what is written, or every fault of it is named."""

import json
from decimal import Decimal, localcontext
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ...canonical.catalogue.decimals import (
    InvalidPrice,
    PriceFault,
    read_decimal,
    write_decimal,
)
from ...canonical.catalogue.price import Price, Tier

NOT_DECIMAL, TOO_LONG = PriceFault.NOT_DECIMAL, PriceFault.TOO_LONG
#: Texts that some parser takes for a number, and others like them.
HOSTILE = {
    NOT_DECIMAL: (
        *("", " ", "NaN", "Infinity", "-inf", "1e5", "1E-5", "0x10", "1_000", "1,5"),
        *(".5", "5.", "+1", " 12", "12\n", "٣", "½", "--1", "1.2.3", "$5", "1 000"),
        *(1, 1.5, True, Decimal(1), Fraction(1), b"1", ["1"], {}),
    ),
    TOO_LONG: ("1" + "0" * 18, "9" * 5000, "0." + "1" * 13, "0." + "0" * 4999 + "1"),
    PriceFault.NEGATIVE: ("-1", "-0.000001"),
}


@tagged("post_install", "-at_install")
class TestPrice(BaseCase):
    def _faults(self, **values):
        """Return what is wrong with a price, as (fault, field, tier)."""
        values = {"model": "unit", "currency": "EUR", "exponent": 2, **values}
        with self.assertRaises(InvalidPrice) as caught:
            Price.from_json(values)
        return [tuple(fault) for fault in caught.exception.faults]

    def test_only_plain_decimal_texts_are_read(self):
        for fault, texts in HOSTILE.items():
            for text in texts:
                with self.subTest(text=str(text)[:20]):
                    self.assertEqual(self._faults(unit=text), [(fault, "unit", 0)])

    def test_decimals_are_read_and_written_exactly(self):
        for text in ("0", "12.5", "0.000000000001", "999999999999.999999999999"):
            self.assertEqual(write_decimal(read_decimal(text, "unit")), text)
        for text, short in (("007.50", "7.5"), ("-0", "0"), ("0.0" + "0" * 40, "0")):
            self.assertEqual(write_decimal(read_decimal(text, "unit")), short)

    def test_no_context_of_decimals_changes_what_is_read_and_written(self):
        text = "123456789012.123456789012"
        with localcontext(prec=3):
            self.assertEqual(write_decimal(read_decimal(text, "unit")), text)
            self.assertEqual(write_decimal(Decimal("-1234.5678")), "-1234.5678")

    def test_what_no_decimal_is_can_not_be_written(self):
        with self.assertRaises(ValueError):
            write_decimal(Fraction(1, 3))
        with self.assertRaises(TypeError):
            write_decimal(0.5)

    def test_a_price_takes_no_floats(self):
        for vals in ({"unit": 0.5}, {"unit": 1, "included": 0.0}, {"unit": True}):
            with self.subTest(vals=vals), self.assertRaises(TypeError):
                Price("unit", "EUR", 2, **vals)
        with self.assertRaises(TypeError):
            Tier(None, 0.5)

    def test_all_that_is_wrong_is_named_at_once(self):
        self.assertEqual(
            self._faults(unit="1e5", minimum="-1", tiers=[{"unit": "NaN"}, {}]),
            [
                (NOT_DECIMAL, "unit", 0),
                (PriceFault.NEGATIVE, "minimum", 0),
                (NOT_DECIMAL, "unit", 1),
                (PriceFault.MALFORMED_TIERS, "tiers", 2),
            ],
        )
        self.assertEqual(
            self._faults(tiers=[{"unit": "1"}], package_size="5"),
            [
                (PriceFault.NO_UNIT, "unit", 0),
                (PriceFault.NOT_TIERED, "tiers", 0),
                (PriceFault.NOT_PACKED, "package_size", 0),
            ],
        )

    def test_tiers_rise_and_the_last_one_is_open(self):
        for bounds, expected in (
            ((), [(PriceFault.NO_TIERS, "tiers", 0)]),
            (("10",), [(PriceFault.TIERS_NOT_OPEN, "up_to", 1)]),
            (("10", "10", None), [(PriceFault.TIERS_NOT_RISING, "up_to", 2)]),
            (("20", "10", None), [(PriceFault.TIERS_NOT_RISING, "up_to", 2)]),
            (("0", None), [(PriceFault.TIERS_NOT_RISING, "up_to", 1)]),
            ((None, None), [(PriceFault.TIERS_NOT_RISING, "up_to", 1)]),
            (
                (None, "5"),
                [
                    (PriceFault.TIERS_NOT_RISING, "up_to", 1),
                    (PriceFault.TIERS_NOT_OPEN, "up_to", 2),
                ],
            ),
        ):
            for model in ("graduated", "volume"):
                with self.subTest(bounds=bounds, model=model):
                    tiers = [{"up_to": bound, "unit": "1"} for bound in bounds]
                    self.assertEqual(self._faults(model=model, tiers=tiers), expected)

    def test_tiers_are_a_list_of_known_fields(self):
        for tiers, place in (
            ({"unit": "1"}, 0),
            ("[]", 0),
            (["1"], 1),
            ([{"unit": "1", "price": "2"}], 1),
            ([{"up_to": "1"}], 1),
        ):
            with self.subTest(tiers=tiers):
                self.assertEqual(
                    self._faults(model="volume", tiers=tiers),
                    [(PriceFault.MALFORMED_TIERS, "tiers", place)],
                )

    def test_a_package_has_a_size_and_a_minimum_is_not_above_the_maximum(self):
        for size in (None, "0"):
            self.assertEqual(
                self._faults(model="package", unit="1", package_size=size),
                [(PriceFault.NO_PACKAGE, "package_size", 0)],
            )
        self.assertEqual(
            self._faults(unit="1", minimum="2", maximum="1"),
            [(PriceFault.MINIMUM_ABOVE_MAXIMUM, "minimum", 0)],
        )
        self.assertEqual(
            self._faults(model="volume", unit="1", tiers=[{"unit": "1"}]),
            [(PriceFault.NOT_BY_UNIT, "unit", 0)],
        )

    def test_a_snapshot_has_decimal_texts_only(self):
        price = Price("unit", "KWD", 3, unit=Decimal("0.0050"), included=10)
        self.assertEqual(
            json.loads(json.dumps(price.to_json())),
            {
                "model": "unit",
                "currency": "KWD",
                "exponent": 3,
                "unit": "0.005",
                "package_size": None,
                "included": "10",
                "minimum": None,
                "maximum": None,
                "tiers": [],
                "charges_first_flat": False,
            },
        )
