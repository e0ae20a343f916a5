"""What is taken off a subscription, or one of its items.
https://docs.stripe.com/api/discounts/object
"""

from decimal import Decimal

from ....canonical.facts import SubscriptionDiscount
from ....canonical.reader import Reader
from ..words import find_strange, read_word


def read_discounts(owner, currency):
    """Return the discounts that are for more than one invoice, in Stripe's order; None
    if it is not known what one of them takes off.

    :param owner: the subscription or the item, as a reader.
    :param currency: what it is paid in.
    """
    told = find_discounts(owner)
    found = [_read_discount(each, currency) for each in told]
    if None in found:
        return None
    return tuple(discount for discounts in found for discount in discounts)


def find_discounts(owner):
    """Return the discounts that an object names, each once: a dict where it is there as
    a whole, and its id where it is not.
    """
    several = owner.value.get("discounts")
    several = several if isinstance(several, list) else ()
    told = [owner.value.get("discount"), *several]
    # Before basil, the first one stands beside the ids of all.
    whole = {_get_id(each): each for each in told if isinstance(each, dict)}
    ids = dict.fromkeys(_get_id(each) for each in told if each)
    return [whole.get(id_, id_) for id_ in ids]


def find_coupon(discount):
    """Return the coupon of a discount, a dict; None where nothing or its id is told."""
    if not isinstance(discount, dict):
        return None
    source = discount.get("source")
    coupon = discount.get("coupon") or (
        source.get("coupon") if isinstance(source, dict) else None
    )
    return coupon if isinstance(coupon, dict) else None


def find_strange_words(owner):
    """Return the words of an object's coupons that are not known here."""
    found = {}
    for coupon in filter(None, map(find_coupon, find_discounts(owner))):
        found |= find_strange(Reader(coupon, "coupon"), "coupon")
    return found


def _read_discount(discount, currency):
    """Return the discount in a list, an empty one if it is for one invoice alone; None
    if it is not known what it takes off.
    """
    coupon = find_coupon(discount)
    if coupon is None:
        return None
    coupon = Reader(coupon, "coupon")
    duration = read_word(coupon, "duration", "coupon", "once")
    if duration == "once":
        return []
    percent = coupon.decimal("percent_off", None)
    amount = coupon.integer("amount_off", 0)
    is_foreign = amount and coupon.text("currency", currency).upper() != currency
    if duration is None or is_foreign or (percent is None and not amount):
        return None
    return [
        SubscriptionDiscount(
            percent=percent or Decimal(0),
            amount=amount,
            ends_at=Reader(discount, "discounts").moment("end", None),
            products=_read_products(coupon),
        )
    ]


def _read_products(coupon):
    """Return the only products that a coupon is for. Stripe tells them to whoever asks
    for them; where it does not, the coupon is for all.
    """
    limits = coupon.value.get("applies_to")
    products = limits.get("products") if isinstance(limits, dict) else None
    return tuple(
        each
        for each in (products if isinstance(products, list) else ())
        if isinstance(each, str)
    )


def _get_id(discount):
    id_ = discount.get("id") if isinstance(discount, dict) else discount
    return id_ if isinstance(id_, str) else repr(discount)
