"""Money as it crosses a border: integer minor units with an ISO 4217 code.

The exponent (how many minor units make one) is the sender's, which is not
``res.currency.decimal_places``: the two differ for ISK, UGX, TWD, MGA and more.
"""

from decimal import Decimal

#: How many decimals the minor unit of a currency stands for, where that is not 2.
#: https://www.six-group.com/en/products-services/financial-information/market-reference-data/data-standards.html
#: (ISO 4217, list one; funds and metals left out)
ISO_EXPONENTS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}


def get_exponent(currency, own=None):
    """Return how many decimals the minor unit of a currency stands for.

    :param currency: ISO 4217 code in upper case.
    :param own: the exponents of a system by code, those that are not 2; a system that
        says nothing of its own writes amounts as ISO 4217 does.
    """
    return (ISO_EXPONENTS if own is None else own).get(currency, 2)


def factor(minor, quantity, places):
    """Return an amount as a quantity and a price in minor units that give it exactly;
    as one time the amount where they can't; and what of the quantity is lost then: the
    text of one that is not whole, or an empty text.

    :param int minor: the amount of all.
    :param Decimal quantity: how many, above zero.
    :param int places: how many decimals a quantity may have.
    """
    numerator, denominator = quantity.as_integer_ratio()
    price, rest = divmod(minor * denominator, numerator)
    text = write_plainly(quantity)
    if not rest and len(text.partition(".")[2]) <= places:
        return quantity, price, ""
    return Decimal(1), minor, "" if denominator == 1 else text


def write_plainly(value):
    """Return a Decimal as its shortest text without an exponent, such as ``2.5``. It is
    exact, however many digits it has: arithmetic would round to 28.
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def to_decimal(minor, exponent):
    """Return ``minor`` integer units as an exact :class:`~decimal.Decimal`."""
    return Decimal(minor).scaleb(-exponent)


def exact(value, places):
    """Return an amount that Odoo hands out as a float as the Decimal it means.

    :param places: decimal places of its currency.
    """
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-places))


def to_minor(value, places):
    """Return an amount that Odoo hands out as a float in integer minor units.

    :param places: decimal places of its currency.
    """
    return int(exact(value, places).scaleb(places))


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
