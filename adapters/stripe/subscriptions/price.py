"""What an item of a subscription costs.
https://docs.stripe.com/api/prices/object
"""

from decimal import Decimal

from ....canonical.facts import SubscriptionItem, SubscriptionTier
from ..words import find_strange, read_word
from .discount import (
    find_coupon,
    find_discounts,
    find_strange_words,
    read_discounts,
)

#: What a price is paid every so many of, by the fields of an item.
_INTERVALS = {"day": "days", "week": "weeks", "month": "months", "year": "months"}
_MONTHS = {"year": 12}


def read_item(item, money):
    """Return an item of a subscription as a part of its fact."""
    price = _get_price(item)
    recurring = _get_recurring(price)
    usage = read_word(recurring, "usage_type", "recurring", "licensed")
    discounts = read_discounts(item, money["currency"])
    costs, interval = _read_costs(price), _read_interval(recurring)
    return SubscriptionItem(
        external_id=item.ref("id"),
        price=price.text("id", ""),
        product=price.ref("product", ""),
        quantity=Decimal(item.integer("quantity", 1)),
        # What is metered has no quantity.
        is_metered=usage == "metered" or not item.has("quantity"),
        is_unknown=None in (usage, discounts, costs, interval),
        discounts=discounts or (),
        **(costs or _read_unit(price)),
        **(interval or {}),
        **money,
    )


def find_item_words(item):
    """Return the words of an item's price and coupons that are not known here."""
    price = _get_price(item)
    parts = {"price": price, "recurring": _get_recurring(price)}
    if transform := _get_transform(price):
        parts["transform_quantity"] = transform
    found = find_strange_words(item)
    for name, part in parts.items():
        found |= find_strange(part, name)
    return found


def is_partial(data):
    """Return whether a subscription, a reader, leaves out what Stripe tells of its
    prices and discounts to whoever asks for it.
    """
    items = data.objects("items.data")
    leaves_discounts = any(
        find_coupon(discount) is None
        for owner in (data, *items)
        for discount in find_discounts(owner)
    )
    leaves_tiers = any(
        price.text("billing_scheme", "") == "tiered" and not price.has("tiers")
        for price in map(_get_price, items)
    )
    return leaves_discounts or leaves_tiers or data.flag("items.has_more")


def _get_price(item):
    """Return what an item costs, as a reader: a price, or a plan of older versions."""
    return item.object("price") if item.has("price") else item.object("plan")


def _get_recurring(price):
    """Return what says how often: a plan has itself what a price has below that."""
    return price.object("recurring") if price.has("recurring") else price


def _get_transform(price):
    """Return what says of how many units a price is; None if it is for one."""
    for key in ("transform_quantity", "transform_usage"):
        if price.has(key):
            return price.object(key)
    return None


def _read_costs(price):
    """Return what a price is, as an item of the facts has it; None if that is not
    understood.
    """
    scheme = read_word(price, "billing_scheme", "price", "per_unit")
    if scheme is None:
        return None
    if scheme == "tiered":
        return _read_tiers(price)
    unit, package = _read_unit(price), _read_package(price)
    if package is None or (unit["unit_exact"] is None and not _has_amount(price)):
        return None
    return unit | package


def _has_amount(price):
    return price.has("unit_amount") or price.has("amount")


def _read_unit(price):
    """Return what one unit costs, or one package."""
    exact = price.decimal_text("unit_amount_decimal", None)
    if exact is None:
        exact = price.decimal_text("amount_decimal", None)
    return {
        "unit_amount": price.integer("unit_amount", None) or price.integer("amount", 0),
        "unit_exact": exact,
    }


def _read_package(price):
    """Return of how many units a price is; None if that is not understood."""
    transform = _get_transform(price)
    if transform is None:
        return {}
    size = transform.integer("divide_by", 0)
    rounding = read_word(transform, "round", "transform_quantity", "")
    if size < 1 or rounding is None:
        return None
    return {"package": size, "rounds_down": rounding == "down"}


def _read_tiers(price):
    mode = read_word(price, "tiers_mode", "price", "")
    tiers = price.objects("tiers") if price.has("tiers") else []
    if not mode or not tiers:
        return None
    return {"tiering": mode, "tiers": tuple(_read_tier(tier) for tier in tiers)}


def _read_tier(tier):
    return SubscriptionTier(
        up_to=tier.integer("up_to", None),
        unit=_read_amount(tier, "unit_amount"),
        flat=_read_amount(tier, "flat_amount"),
    )


def _read_amount(tier, key):
    exact = tier.decimal_text(f"{key}_decimal", None)
    return Decimal(tier.integer(key, 0)) if exact is None else exact


def _read_interval(recurring):
    """Return how often a price is paid, as an item of the facts has it; None if that is
    not understood.
    """
    interval = recurring.text("interval", "")
    if not interval:
        return {}
    if interval not in _INTERVALS:
        return None
    count = recurring.integer("interval_count", 1) * _MONTHS.get(interval, 1)
    return {_INTERVALS[interval]: count}
