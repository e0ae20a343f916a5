"""What holds for any price and any quantity: tried with random ones."""

import json
import random
from decimal import Decimal
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ...canonical.catalogue.price import Price, Tier
from ...canonical.catalogue.terms import TIERED, PriceModel
from ...canonical.usage.rating import explain, rate, round_minor

SEED = 20261128
TIMES = 300


def make_decimal(chance, most=1000, places=4):
    """Return a random decimal, often a round one, often zero."""
    digits = chance.randint(0, places)
    number = chance.choice((0, chance.randint(0, most), chance.randint(0, most)))
    return Fraction(Decimal(number).scaleb(-digits))


def make_price(chance, model, is_plain=False):
    """Return a random price.

    :param is_plain: without anything included, flat fees, minimum and maximum.
    """
    vals = {"model": model, "currency": "EUR", "exponent": chance.choice((0, 2, 3))}
    if model in TIERED:
        bounds = {1 + make_decimal(chance) for _tier in range(chance.randint(0, 4))}
        vals["tiers"] = [
            Tier(bound, make_decimal(chance), 0 if is_plain else make_decimal(chance))
            for bound in (*sorted(bounds), None)
        ]
    else:
        vals["unit"] = make_decimal(chance)
    if model == PriceModel.PACKAGE:
        vals["package_size"] = make_decimal(chance) + Fraction(1, 4)
    if not is_plain:
        vals["included"] = make_decimal(chance)
        lowest = make_decimal(chance)
        vals["minimum"] = chance.choice((None, lowest))
        vals["maximum"] = chance.choice((None, lowest + make_decimal(chance, 10**6)))
        vals["charges_first_flat"] = chance.random() < 0.3
    return Price(**vals)


@tagged("post_install", "-at_install")
class TestRatingProperties(BaseCase):
    def setUp(self):
        super().setUp()
        self.chance = random.Random(SEED)

    def each(self, *models, is_plain=False):
        """Yield random prices of models, all where none is named."""
        for number in range(TIMES):
            for model in models or PriceModel:
                price = make_price(self.chance, model, is_plain)
                with self.subTest(number=number, price=price):
                    yield price

    def test_more_never_costs_less_except_by_volume(self):
        others = set(PriceModel) - {PriceModel.VOLUME}
        for price in self.each(*sorted(others)):
            amounts = [
                rate(price, quantity)
                for quantity in sorted(make_decimal(self.chance) for _time in range(6))
            ]
            self.assertEqual(amounts, sorted(amounts))

    def test_a_volume_price_may_cost_less_when_a_bound_is_passed(self):
        price = Price(
            "volume", "EUR", 2, tiers=(Tier(15, Fraction(10)), Tier(None, Fraction(5)))
        )
        self.assertLess(rate(price, 16), rate(price, 15))

    def test_a_graduated_price_is_the_sum_of_its_tiers_parts(self):
        for price in self.each(PriceModel.GRADUATED, is_plain=True):
            quantity = make_decimal(self.chance)
            cut = make_decimal(self.chance)
            above, parts = Fraction(0), Fraction(0)
            for tier in price.tiers:
                top = quantity if tier.up_to is None else min(tier.up_to, quantity)
                parts += max(top - above, 0) * tier.unit
                above = tier.up_to
            self.assertEqual(rate(price, quantity), parts * 10**price.exponent)
            # Cut anywhere, the first part and the difference are the whole.
            first = rate(price, min(cut, quantity))
            rest = sum(row.amount for row in explain(price, quantity)) - first
            self.assertGreaterEqual(rest, 0)

    def test_one_tier_costs_what_a_unit_price_costs(self):
        for price in self.each(PriceModel.UNIT, is_plain=True):
            quantity = make_decimal(self.chance)
            for model in TIERED:
                tiered = Price(
                    model, "EUR", price.exponent, tiers=(Tier(None, price.unit),)
                )
                self.assertEqual(rate(tiered, quantity), rate(price, quantity))

    def test_the_rows_of_an_explanation_add_up_to_the_amount(self):
        for price in self.each():
            quantity = make_decimal(self.chance) - 10
            rows = explain(price, quantity)
            self.assertEqual(sum(row.amount for row in rows), rate(price, quantity))
            if price.model != PriceModel.PACKAGE:
                explained = sum(row.quantity for row in rows)
                self.assertEqual(explained, max(quantity, 0))

    def test_amounts_stay_between_minimum_and_maximum(self):
        for price in self.each():
            amount = rate(price, make_decimal(self.chance)) / 10**price.exponent
            self.assertGreaterEqual(amount, price.minimum or 0)
            if price.maximum is not None:
                self.assertLessEqual(amount, price.maximum)

    def test_rounding_is_never_off_by_more_than_half(self):
        for _time in range(TIMES):
            amount = Fraction(self.chance.randint(-(10**9), 10**9), 7 * 16)
            self.assertLessEqual(abs(round_minor(amount) - amount), Fraction(1, 2))
            self.assertEqual(round_minor(-amount), -round_minor(amount))

    def test_a_snapshot_is_the_price_again(self):
        for price in self.each():
            text = json.dumps(price.to_json())
            self.assertEqual(Price.from_json(json.loads(text)), price)
            self.assertEqual(
                json.dumps(Price.from_json(json.loads(text)).to_json()), text
            )

    def test_nothing_is_ever_a_float(self):
        for price in self.each():
            quantity = make_decimal(self.chance)
            found = [rate(price, quantity), *_flatten(price.to_json())]
            for row in explain(price, quantity):
                found += row
            self.assertFalse([part for part in found if isinstance(part, float)])
            for number in (
                rate(price, quantity),
                *(r.amount for r in explain(price, 3)),
            ):
                self.assertIs(type(number), Fraction)


def _flatten(value):
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list):
        return [leaf for part in value for leaf in _flatten(part)]
    return [value]
