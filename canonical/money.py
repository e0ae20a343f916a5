"""Money as it crosses a border: integer minor units with an ISO 4217 code.

The exponent (how many minor units make one) is the sender's, which is not
``res.currency.decimal_places``: the two differ for ISK, UGX, TWD, MGA and more.
"""

from decimal import Decimal


def to_decimal(minor, exponent):
    """Return ``minor`` integer units as an exact :class:`~decimal.Decimal`."""
    return Decimal(minor).scaleb(-exponent)


def exact(value, places):
    """Return an amount that Odoo hands out as a float as the Decimal it means.

    :param places: decimal places of its currency.
    """
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-places))


def write_step(places):
    """Return the smallest amount with so many decimal places, as people write it."""
    return f"{Decimal(1).scaleb(-places):f}"


def split(part, amounts, step=1):
    """Return ``part`` split in proportion to ``amounts``, in multiples of ``step``:
    rounded down, and what is then missing given to those cut most. All are integers of
    minor units.
    """
    whole = sum(amounts) * step
    floors = [amount * part // whole for amount in amounts]
    by_cut = sorted(
        range(len(amounts)), key=lambda i: amounts[i] * part % whole, reverse=True
    )
    for i in by_cut[: part // step - sum(floors)]:
        floors[i] += 1
    return [step * floor for floor in floors]
