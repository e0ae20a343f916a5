"""How a cost is spread over tenants, to the smallest unit: pure rules."""

from math import lcm

from ..money import split


def spread(amount, weights):
    """Return what each has of an amount, in proportion to its weight. The parts come to
    the amount: each is rounded down, and what is then missing is given, unit by unit,
    to those cut most, of equals to the first by key. Who weighs nothing has nothing.

    :param int amount: in minor units; a negative one gives negative parts.
    :param weights: exact numbers above zero, or none, by key.
    :return: parts by key, those of nothing left out; None where there is something to
        spread and nobody to spread it over.
    """
    keys = sorted(key for key, weight in weights.items() if weight > 0)
    if not amount:
        return {}
    if not keys:
        return None
    whole = lcm(*(weights[key].denominator for key in keys))
    parts = split(abs(amount), [int(weights[key] * whole) for key in keys])
    sign = 1 if amount > 0 else -1
    return {key: sign * part for key, part in zip(keys, parts, strict=True) if part}
