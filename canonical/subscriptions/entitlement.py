"""What a tenant may use: a fold over what it holds, told as a whole and never as a
difference. So it is the same in whatever order its subscriptions came to be so.

A subscription gives what its plan's version has while it is active or in its trial. One
that is pending, paused or canceled gives nothing, and a suspended tenant has nothing.

- What is only on is on if any of them has it.
- Limits of several subscriptions add up: who bought 20 projects twice has 40. One
  without a limit beats all others.
"""

from fractions import Fraction
from typing import NamedTuple

from ..catalogue.decimals import QUANTITY_DIGITS, read_decimal, write_decimal
from .states import State

#: In which states a subscription gives what its plan has.
GIVING = frozenset((State.TRIALING, State.ACTIVE))


class Feature(NamedTuple):
    """What a version of a plan lets its customers do: ``code`` is what the product
    knows it by. ``limit`` is a decimal text, and empty where there is no limit or where
    it is only on.
    """

    code: str
    is_limit: bool = False
    limit: str = ""


class Holding(NamedTuple):
    """What a tenant holds by one subscription: its state, the features of its plan's
    version, and what it is called.
    """

    state: str
    features: tuple[Feature, ...]
    ref: str


def find_entitlement(holdings, is_suspended=False):
    """Return what a tenant may use as plain JSON, with all lists and keys sorted.

    ``flags`` are the codes of what is on. ``limits`` are decimal texts by code, and
    None for no limit. ``subscriptions`` are those that give it. ``is_suspended`` says
    why there is nothing.

    :param holdings: each a :class:`Holding`, in any order.
    """
    giving = [h for h in holdings if h.state in GIVING and not is_suspended]
    flags, limits = set(), {}
    for feature in (feature for holding in giving for feature in holding.features):
        if feature.is_limit:
            limits.setdefault(feature.code, []).append(feature.limit)
        else:
            flags.add(feature.code)
    return {
        "is_suspended": is_suspended,
        "flags": sorted(flags),
        "limits": {code: _add(limits[code]) for code in sorted(limits)},
        "subscriptions": sorted(holding.ref for holding in giving),
    }


def _add(limits):
    """Return the sum of limits as a decimal text; None if one of them is none."""
    if not all(limits):
        return None
    numbers = (read_decimal(limit, "limit", QUANTITY_DIGITS) for limit in limits)
    return write_decimal(sum(numbers, Fraction(0)))
