"""Amounts and moments as Stripe writes them."""

from decimal import ROUND_HALF_UP, Decimal

#: How many minor units one unit of a currency has at Stripe, as a power of ten.
EXPONENTS = {"USD": 2, "EUR": 2, "GBP": 2, "CHF": 2, "JPY": 0}
ZERO = Decimal(0)


def rounded(amount, currency):
    """Round half up to the currency's minor unit, as Stripe does."""
    return Decimal(amount).quantize(
        Decimal(1).scaleb(-EXPONENTS[currency]), ROUND_HALF_UP
    )


def minor(amount, currency):
    """Return an amount in the currency's minor unit, which must hold it exactly."""
    scaled = amount.scaleb(EXPONENTS[currency])
    if scaled != int(scaled):
        raise ValueError(f"{amount} {currency} is no whole number of minor units")
    return int(scaled)


def stamp(moment):
    """Return a moment as Stripe writes it, or None."""
    return moment and int(moment.timestamp())
