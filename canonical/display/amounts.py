"""Amounts as people write and read them."""

from ..catalogue.decimals import write_decimal


def write_amount(amount):
    """Return the ways to write an amount down that people use: with a point or a comma
    before the decimals, and with or without marks between the thousands. None for zero,
    which nobody looks for.

    :param amount: a Decimal; its sign is left out.
    """
    if not amount:
        return []
    plain, marked = f"{abs(amount):f}", f"{abs(amount):,f}"
    swapped = marked.translate(str.maketrans(",.", ".,"))
    return list(dict.fromkeys((plain, plain.replace(".", ","), marked, swapped)))


def write_places(number, places):
    """Return an exact number as a decimal text with at least so many decimals, such as
    ``10.00`` for 10, and ``0.005`` for a half cent.

    :param number: a Fraction, Decimal or int that is a decimal.
    """
    whole, _point, decimals = write_decimal(number).partition(".")
    decimals = decimals.ljust(places, "0")
    return f"{whole}.{decimals}" if decimals else whole
