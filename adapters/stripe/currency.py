"""How Stripe writes amounts: in which minor units of which currency.
https://docs.stripe.com/currencies
"""

from ...canonical import money

#: Currencies without minor unit.
#: https://docs.stripe.com/currencies#zero-decimal
ZERO_DECIMAL = frozenset(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()
)
#: Currencies with three decimals (the last digit is always 0).
#: https://docs.stripe.com/currencies#three-decimal
THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split())
#: Where Stripe's exponents are not 2. They are not ISO 4217's.
_EXPONENTS = {
    **dict.fromkeys(ZERO_DECIMAL, 0),
    **dict.fromkeys(THREE_DECIMAL, 3),
}
#: Currencies that are written with two decimals, which are always 0.
WHOLE = frozenset("ISK UGX".split())


def get_exponent(currency):
    """Return how many decimals the minor unit of ``currency`` stands for.

    :param currency: ISO 4217 code in upper case.
    """
    return money.get_exponent(currency, _EXPONENTS)


def get_step(currency):
    """Return of how many minor units amounts in ``currency`` are multiples: the last
    digits of some are always 0.
    https://docs.stripe.com/currencies#special-cases

    :param currency: ISO 4217 code in upper case.
    """
    if currency in THREE_DECIMAL:
        return 10
    return 100 if currency in WHOLE else 1
