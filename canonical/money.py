"""Money as it crosses a border: integer minor units with an ISO 4217 code.

The exponent (how many minor units make one) is the sender's, which is not
``res.currency.decimal_places``: the two differ for ISK, UGX, TWD, MGA and more.
"""

from decimal import Decimal

#: Currencies without minor unit at Stripe.
#: https://docs.stripe.com/currencies#zero-decimal
STRIPE_ZERO_DECIMAL = frozenset(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()
)
#: Currencies with three decimals at Stripe (the last digit is always 0).
#: https://docs.stripe.com/currencies#three-decimal
STRIPE_THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split())
#: Currencies that Stripe writes with two decimals, which are always 0.
STRIPE_WHOLE = frozenset("ISK UGX".split())


def stripe_exponent(currency):
    """Return how many decimals Stripe's minor unit of ``currency`` stands for.

    :param currency: ISO 4217 code in upper case.
    """
    if currency in STRIPE_ZERO_DECIMAL:
        return 0
    if currency in STRIPE_THREE_DECIMAL:
        return 3
    return 2


def stripe_step(currency):
    """Return of how many minor units Stripe's amounts in ``currency`` are multiples:
    the last digits of some are always 0.
    https://docs.stripe.com/currencies#special-cases
    """
    if currency in STRIPE_THREE_DECIMAL:
        return 10
    return 100 if currency in STRIPE_WHOLE else 1


def to_decimal(minor, exponent):
    """Return ``minor`` integer units as an exact :class:`~decimal.Decimal`."""
    return Decimal(minor).scaleb(-exponent)


def exact(value, places):
    """Return an amount that Odoo hands out as a float as the Decimal it means.

    :param places: decimal places of its currency.
    """
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-places))
