"""How amounts are written: in minor units of the currency, as ISO 4217 defines them."""

from ...canonical.money import get_exponent


def read_money(data):
    """Return what facts want to know of the currency of an object on the wire."""
    return {"currency": data.currency, "exponent": get_exponent(data.currency)}
