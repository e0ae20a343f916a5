"""What a subscription costs at a platform that bills it: its items with their prices,
and what is taken off.
"""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from ..catalogue.decimals import InvalidPrice
from ..catalogue.price import Tier
from ..metrics.level import find_months
from ..metrics.priced import Priced, Reduction, find_amount, find_tiered_amount
from .base import Minor, MoneyPart, Part

_Exact = Annotated[Decimal, Field(max_digits=40, allow_inf_nan=False)]


class SubscriptionTier(Part):
    """One tier of a price: what is above the one before, up to and with ``up_to``; the
    last one has no end. Amounts are in minor units: of each unit, and of the tier.
    """

    up_to: Annotated[int, Field(ge=0, le=10**15)] | None = None
    unit: _Exact = Decimal(0)
    flat: _Exact = Decimal(0)


class SubscriptionDiscount(Part):
    """What is taken off an item, or a whole subscription, for more than one invoice: a
    percentage, and an amount in minor units for each period. ``products`` are the only
    ones that it is for; without any, it is for all.
    """

    percent: Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False)] = Decimal(0)
    amount: Annotated[int, Field(ge=0, le=10**15)] = 0
    ends_at: datetime | None = None
    products: tuple[str, ...] = ()

    def find_reduction(self, exponent):
        """Return the discount as metrics take it."""
        amount = Fraction(self.amount, 10**exponent)
        part = Fraction(self.percent) / 100
        return Reduction(part, amount, self.ends_at, frozenset(self.products))


class SubscriptionItem(MoneyPart):
    """An item of a subscription: one price and its quantity. ``unit_amount`` is in
    minor units; ``unit_exact`` as well, where the price is less than one of them.

    ``package`` is how many units one price is for, of which those that were begun are
    paid in full, unless it ``rounds_down``. With ``tiers``, ``tiering`` says how they
    are applied, and there is no price of one. ``is_unknown``: the source tells of the
    price, or of what is taken off it, what nobody here understands, or does not tell
    all of it.

    It is paid every so many months, weeks or days; where nobody tells that, with the
    subscription's own period. What is metered has no quantity that is agreed.
    """

    price: str = ""
    product: str = ""
    quantity: Annotated[Decimal, Field(ge=0, max_digits=30)] = Decimal(1)
    unit_amount: Minor = 0
    unit_exact: _Exact | None = None
    package: Annotated[int, Field(ge=0, le=10**15)] = 0
    rounds_down: bool = False
    tiering: Literal["", "graduated", "volume"] = ""
    tiers: tuple[SubscriptionTier, ...] = ()
    months: Annotated[int, Field(ge=0, le=1200)] = 0
    weeks: Annotated[int, Field(ge=0, le=5200)] = 0
    days: Annotated[int, Field(ge=0, le=36500)] = 0
    is_metered: bool = False
    is_unknown: bool = False
    discounts: tuple[SubscriptionDiscount, ...] = ()

    def find_price(self, period_months):
        """Return the item as metrics take it.

        :param period_months: how many months it is paid for, where the item does not
            tell; None if nobody knows.
        """
        own = find_months(self.months, self.weeks, self.days) or period_months
        return Priced(
            None if self.is_unknown else self._find_amount(),
            None if self.is_metered else own,
            self.product,
            tuple(each.find_reduction(self.exponent) for each in self.discounts),
        )

    def _find_amount(self):
        """Return what all of it costs for a period, in major units; None if its tiers
        are none that anybody could count by.
        """
        scale, quantity = 10**self.exponent, Fraction(self.quantity)
        if not self.tiering:
            unit = self.unit_amount if self.unit_exact is None else self.unit_exact
            unit = Fraction(unit) / scale
            return find_amount(quantity, unit, self.package, not self.rounds_down)
        tiers = [
            Tier(each.up_to, Fraction(each.unit) / scale, Fraction(each.flat) / scale)
            for each in self.tiers
        ]
        try:
            return find_tiered_amount(quantity, self.tiering, tiers)
        except InvalidPrice:
            return None
