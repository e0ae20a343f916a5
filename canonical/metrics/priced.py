"""What the items of a subscription are worth a month that another platform bills: their
prices, less the discounts on each and on all of them.

The platform's own order counts. Discounts of an item come before those of the whole
subscription, and each takes its part of what the one before has left.
https://docs.stripe.com/api/invoice-line-item/object (``discounts``)
https://docs.stripe.com/billing/subscriptions/coupons
"""

from fractions import Fraction
from typing import NamedTuple

from ..catalogue.price import Price
from ..catalogue.terms import PriceModel
from ..usage.rating import rate

_ZERO = Fraction(0)


class Reduction(NamedTuple):
    """What is taken off until a moment, or for good: a part between 0 and 1, and an
    amount for each period in major units. ``products`` are the only ones that it is
    for; without any, it is for all.
    """

    part: Fraction = _ZERO
    amount: Fraction = _ZERO
    ends_at: object = None
    products: frozenset = frozenset()

    def counts(self, moment):
        """Return whether it is still taken off at a moment."""
        return not self.ends_at or self.ends_at > moment

    def is_for(self, item):
        """Return whether it is taken off an item."""
        return not self.products or item.product in self.products


class Priced(NamedTuple):
    """An item of a subscription: what all of it costs for each period in major units,
    how many months the period has, and what is taken off this item alone. Without
    months it does not recur; without an amount, nobody knows what it costs.
    """

    amount: Fraction | None
    months: Fraction | None
    product: str = ""
    reductions: tuple = ()


def find_amount(quantity, unit, package=0, rounds_up=True):
    """Return what a quantity costs of which each costs the same, or each package.

    :param package: how many are in one; 0 where they are sold one by one.
    :param rounds_up: whether a package that was begun is paid in full, or not at all.
    """
    if package:
        quantity = quantity / package
        quantity = Fraction(-(-quantity // 1) if rounds_up else quantity // 1)
    return quantity * unit


def find_tiered_amount(quantity, mode, tiers):
    """Return what a quantity costs in major units by tiers.

    :param mode: a value of :class:`~..catalogue.terms.PriceModel`.
    :param tiers: each a :class:`~..catalogue.price.Tier`, the last one without an end.
    :raises InvalidPrice: if they are no tiers that rise.
    """
    # The first tier is reached by none of it, too, as its flat fee is for that.
    price = Price(PriceModel(mode), "", 0, tiers=tiers, charges_first_flat=True)
    return rate(price, quantity)


def find_worths(items, reductions, at):
    """Return what items are worth a month from a moment on: pairs of a moment and an
    exact amount. No less than nothing is left of any. The amount is None where the
    price of one that recurs is not known.

    :param reductions: what is taken off the whole, each a :class:`Reduction`.
    """
    recurring = [item for item in items if item.months]
    if any(item.amount is None for item in recurring):
        return [(at, None)]
    every = [*reductions, *(each for item in recurring for each in item.reductions)]
    ends = {each.ends_at for each in every if each.ends_at and each.ends_at > at}
    return [
        (moment, _find_worth(recurring, reductions, moment))
        for moment in (at, *sorted(ends))
    ]


def _find_worth(items, reductions, moment):
    """Return what items that recur are worth a month at a moment."""
    left = [
        reduce(item.amount, item.reductions, moment) / item.months for item in items
    ]
    for each in reductions:
        if not each.counts(moment):
            continue
        own = [n for n, item in enumerate(items) if each.is_for(item)]
        whole = sum((left[n] for n in own), _ZERO)
        if not whole:
            continue
        # Each invoice is less by the amount, and the shortest period has most of them.
        amount = each.amount / min(items[n].months for n in own)
        share = max(1 - amount / whole, _ZERO) * (1 - each.part)
        for n in own:
            left[n] *= share
    return sum(left, _ZERO)


def reduce(amount, reductions, moment):
    """Return what is left at a moment of what one period of an item costs."""
    for each in reductions:
        if each.counts(moment):
            amount = max(amount - each.amount, _ZERO) * (1 - each.part)
    return amount
