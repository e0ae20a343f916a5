"""Rating: what a quantity costs by a price. Exact until the end, and rounded once.

Tiers hold ``(previous, up_to]``: a quantity of exactly ``up_to`` is in the tier, and
what is above it, if only by a fraction, is in the next one. Quantities may be
fractions, such as those of a meter that counts time.
"""

from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from ..catalogue.decimals import to_exact
from ..catalogue.terms import PriceModel

_ZERO = Fraction(0)


class Part(StrEnum):
    """What a row of an explained amount is."""

    INCLUDED = "included"
    UNITS = "units"
    PACKAGES = "packages"
    TIER = "tier"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"


class Row(NamedTuple):
    """One row of an explained amount; the rows' amounts add up to the whole.

    ``quantity`` units (or packages of them) from above ``above`` up to ``up_to`` (None:
    no end) cost ``unit`` each and ``flat`` together, in major units. ``amount`` is
    exact and in minor units. What fills up to the minimum, or is above the maximum, is
    a row of its own with that difference as its amount.
    """

    part: Part
    above: Fraction
    up_to: Fraction | None
    quantity: Fraction
    unit: Fraction
    flat: Fraction
    amount: Fraction


def rate(price, quantity):
    """Return the exact amount of a quantity in minor units, as a Fraction.

    A quantity below zero costs what zero costs: corrections may take back more than a
    period has, and a period's target must never be a credit for what was not billed.

    :param price: a :class:`~..catalogue.price.Price`.
    :param quantity: an int, Decimal or Fraction of the whole period.
    :raises TypeError: for a float.
    """
    return sum((row.amount for row in explain(price, quantity)), _ZERO)


def explain(price, quantity):
    """Return how the amount of a quantity comes about, a list of :class:`Row`.

    :param price: a :class:`~..catalogue.price.Price`.
    :param quantity: an int, Decimal or Fraction of the whole period.
    :raises TypeError: for a float.
    """
    quantity = max(to_exact(quantity), _ZERO)
    free = min(quantity, price.included)
    scale = 10**price.exponent
    rows = []
    if free:
        rows.append(
            Row(Part.INCLUDED, _ZERO, price.included, free, _ZERO, _ZERO, _ZERO)
        )
    rows += [
        Row(part, above, up_to, count, unit, flat, (count * unit + flat) * scale)
        for part, above, up_to, count, unit, flat in _RULES[price.model](
            price, quantity - free
        )
    ]
    total = sum((row.amount for row in rows), _ZERO)
    bounded = _bound(price, total, scale)
    if bounded != total:
        part = Part.MINIMUM if bounded > total else Part.MAXIMUM
        rows.append(Row(part, _ZERO, None, _ZERO, _ZERO, _ZERO, bounded - total))
    return rows


def round_minor(amount):
    """Return an exact amount of minor units as a whole number: half away from zero.

    :param amount: a Fraction, Decimal or int; a float is refused.
    """
    amount = to_exact(amount)
    whole, rest = divmod(abs(amount.numerator), amount.denominator)
    whole += 2 * rest >= amount.denominator
    return -whole if amount < 0 else whole


def _bound(price, total, scale):
    """Return an amount of minor units within the price's minimum and maximum."""
    if price.minimum is not None:
        total = max(total, price.minimum * scale)
    if price.maximum is not None:
        total = min(total, price.maximum * scale)
    return total


def _rate_units(price, quantity):
    yield Part.UNITS, _ZERO, None, quantity, price.unit, _ZERO


def _rate_packages(price, quantity):
    """A package that was begun is paid in full."""
    count = Fraction(-(-quantity // price.package_size))
    yield Part.PACKAGES, _ZERO, None, count, price.unit, _ZERO


def _rate_graduated(price, quantity):
    """Each unit costs what its own tier says; each tier reached its flat fee."""
    for above, tier in _walk_reached(price, quantity):
        top = quantity if tier.up_to is None else min(quantity, tier.up_to)
        yield Part.TIER, above, tier.up_to, top - above, tier.unit, tier.flat


def _rate_volume(price, quantity):
    """All units cost what the tier says that the last one is in."""
    for above, tier in [*_walk_reached(price, quantity)][-1:]:
        yield Part.TIER, above, tier.up_to, quantity, tier.unit, tier.flat


def _walk_reached(price, quantity):
    """Yield the tiers that a quantity reaches, each with the bound before it."""
    above = _ZERO
    for tier in price.tiers:
        if quantity > above or (not above and price.charges_first_flat):
            yield above, tier
        above = tier.up_to


_RULES = {
    PriceModel.UNIT: _rate_units,
    PriceModel.PACKAGE: _rate_packages,
    PriceModel.GRADUATED: _rate_graduated,
    PriceModel.VOLUME: _rate_volume,
}
