"""Decimals of prices and quantities: read from texts, written as texts, never floats.

Arithmetic is done with :class:`~fractions.Fraction`. A Decimal would round to 28 digits
by its default context, and has no exact third.
"""

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

#: Digits before and after the point. 10^12 of any currency is more than any price, and
#: 10^21 bytes are a zettabyte.
PRICE_DIGITS = (12, 12)
QUANTITY_DIGITS = (21, 12)
_TEXT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?", re.ASCII)


class PriceFault(StrEnum):
    """What can be wrong with a price; its sentence is in ``models/catalogue``."""

    NOT_DECIMAL = "not_decimal"
    NEGATIVE = "negative"
    TOO_LONG = "too_long"
    NO_UNIT = "no_unit"
    NOT_BY_UNIT = "not_by_unit"
    NO_PACKAGE = "no_package"
    NOT_PACKED = "not_packed"
    NO_TIERS = "no_tiers"
    NOT_TIERED = "not_tiered"
    MALFORMED_TIERS = "malformed_tiers"
    TIERS_NOT_RISING = "tiers_not_rising"
    TIERS_NOT_OPEN = "tiers_not_open"
    MINIMUM_ABOVE_MAXIMUM = "minimum_above_maximum"


class Fault(NamedTuple):
    """One thing that is wrong with a price: what, in which field, and in which tier,
    counted from 1; 0 where no tier is meant.
    """

    fault: PriceFault
    field: str
    tier: int = 0


class InvalidPrice(ValueError):
    """A price that can't be used.

    :param faults: all that is wrong with it, each a :class:`Fault`.
    """

    def __init__(self, *faults):
        super().__init__("; ".join(f"{fault} {field}" for fault, field, _ in faults))
        self.faults = faults


def read_decimal(text, field, digits=PRICE_DIGITS, tier=0):
    """Return what a decimal text says as an exact Fraction.

    :param text: ASCII digits with a point, such as ``12.50``.
    :param field: what is read, for the error.
    :param digits: how many digits it may have before and after the point.
    :param tier: the number of the tier that it belongs to, for the error.
    :raises InvalidPrice: for anything else than such a text, also for a number,
        ``1e5``, ``NaN``, a comma or a space; for less than zero; for too many digits.
    """
    match = _TEXT.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise InvalidPrice(Fault(PriceFault.NOT_DECIMAL, field, tier))
    sign, whole, decimals = (part or "" for part in match.groups())
    whole, decimals = whole.lstrip("0"), decimals.rstrip("0")
    if len(whole) > digits[0] or len(decimals) > digits[1]:
        raise InvalidPrice(Fault(PriceFault.TOO_LONG, field, tier))
    number = Fraction(int(whole + decimals or "0"), 10 ** len(decimals))
    if sign and number:
        raise InvalidPrice(Fault(PriceFault.NEGATIVE, field, tier))
    return number


def write_decimal(number):
    """Return an int, Decimal or Fraction as its shortest decimal text, such as ``2.5``.

    :raises ValueError: for a number that no decimal is exactly, such as a third.
    """
    number = to_exact(number)
    places = _count_places(number.denominator)
    scaled = abs(number.numerator) * 10**places // number.denominator
    text = str(scaled).rjust(places + 1, "0")
    if places:
        text = f"{text[:-places]}.{text[-places:]}"
    return f"-{text}" if number < 0 else text


def to_exact(number):
    """Return an int, Decimal or Fraction as a Fraction.

    :raises TypeError: for a float, which is never exactly what was meant, and for
        anything else that is no number.
    :raises ValueError: for a Decimal that is not finite.
    """
    if isinstance(number, bool) or not isinstance(number, int | Decimal | Fraction):
        raise TypeError(f"{type(number).__name__} is no exact number.")
    if isinstance(number, Decimal) and not number.is_finite():
        raise ValueError("NaN and Infinity are no quantities.")
    return Fraction(number)


def _count_places(denominator):
    """Return how many decimals a fraction in lowest terms has."""
    counts = []
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        counts.append(count)
    if denominator != 1:
        raise ValueError("This number has no end as a decimal.")
    return max(counts)
