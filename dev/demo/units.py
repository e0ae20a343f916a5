"""Amounts and moments as Stripe writes them."""

from .catalogue import EXPONENTS


def minor(amount, currency):
    """Return an amount in the currency's minor unit, which must hold it exactly."""
    scaled = amount.scaleb(EXPONENTS[currency])
    if scaled != int(scaled):
        raise ValueError(f"{amount} {currency} is no whole number of minor units")
    return int(scaled)


def stamp(moment):
    """Return a moment as Stripe writes it, or None."""
    return moment and int(moment.timestamp())
