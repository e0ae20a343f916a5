"""The price of usage in a part of a period."""

from dataclasses import replace
from fractions import Fraction

from .rating import round_minor

#: Decimals of what is included in a part of a period.
_PLACES = 10**9


def prorate(price, part):
    """Return the price of a part of a period: of what is included, and of the least and
    the most that it costs, that part. Units and tiers are not divided.

    :param price: a :class:`~..catalogue.price.Price`.
    :param Fraction part: of the whole period, between 0 and 1.
    """
    if part == 1:
        return price
    scale = 10**price.exponent
    return replace(
        price,
        included=Fraction(round_minor(price.included * part * _PLACES), _PLACES),
        minimum=_cut(price.minimum, part, scale),
        maximum=_cut(price.maximum, part, scale),
    )


def _cut(amount, part, scale):
    if amount is None:
        return None
    return Fraction(round_minor(amount * part * scale), scale)
