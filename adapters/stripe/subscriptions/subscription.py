"""``customer.subscription.*``.
https://docs.stripe.com/api/subscriptions/object
"""

from decimal import Decimal

from ....canonical.facts import (
    Subscription,
    SubscriptionDiscount,
    SubscriptionItem,
)
from ....canonical.reader import Reader
from ..event import read_currency, read_customer_ref
from ..words import read_word

#: What a price is paid every so many of, by the fields of an item.
_INTERVALS = {"day": "days", "week": "weeks", "month": "months", "year": "months"}
_MONTHS = {"year": 12}


def read(event):
    """Return one fact about a subscription, in a list."""
    data = event.data
    money = _read_money(data)
    items = data.objects("items.data")
    start, end = _read_period(event, data, items)
    return [
        Subscription(
            external_id=data.ref("id"),
            customer=read_customer_ref(data),
            version=event.version,
            state=read_word(data, "status", "subscription"),
            currency=money["currency"],
            started_at=data.moment("start_date", None),
            period_start=start,
            period_end=end,
            canceled_at=data.moment("canceled_at", None),
            cancel_at_period_end=data.flag("cancel_at_period_end"),
            trial_end=data.moment("trial_end", None),
            trial_ends_soon=event.type == "customer.subscription.trial_will_end",
            items=tuple(_read_item(item, money) for item in items),
            discounts=tuple(_read_discounts(data)),
        )
    ]


def _read_money(data):
    """Return the currency. Versions before 2022 have it on the plan only."""
    if not data.has("currency") and data.has("plan.currency"):
        return read_currency(data.object("plan"))
    return read_currency(data)


def _read_period(event, data, items):
    """Return the current period; since basil each item has one of its own."""
    if not event.is_basil:
        return (
            data.moment("current_period_start", None),
            data.moment("current_period_end", None),
        )
    starts = [item.moment("current_period_start", None) for item in items]
    ends = [item.moment("current_period_end", None) for item in items]
    return (
        min(filter(None, starts), default=None),
        max(filter(None, ends), default=None),
    )


def _read_item(item, money):
    price = item.object("price") if item.has("price") else item.object("plan")
    # A plan has itself what a price has below "recurring".
    recurring = price.object("recurring") if price.has("recurring") else price
    exact = price.decimal_text("unit_amount_decimal", None)
    if exact is None:
        exact = price.decimal_text("amount_decimal", None)
    return SubscriptionItem(
        external_id=item.ref("id"),
        price=price.text("id", ""),
        product=price.ref("product", ""),
        quantity=Decimal(item.integer("quantity", 1)),
        unit_amount=price.integer("unit_amount", None) or price.integer("amount", 0),
        unit_exact=exact,
        # What is metered has no quantity.
        is_metered=recurring.text("usage_type", "") == "metered"
        or not item.has("quantity"),
        **_read_interval(recurring),
        **money,
    )


def _read_interval(recurring):
    """Return how often a price is paid, as an item of the facts has it."""
    interval = recurring.text("interval", "")
    if interval not in _INTERVALS:
        return {}
    count = recurring.integer("interval_count", 1) * _MONTHS.get(interval, 1)
    return {_INTERVALS[interval]: count}


def _read_discounts(data):
    """Yield the discounts on a whole subscription that are for more than one invoice.
    Those of which the event has the id alone are not known.
    """
    value, several = data.value, data.value.get("discounts")
    told = [value.get("discount"), *(several if isinstance(several, list) else ())]
    for each in filter(lambda one: isinstance(one, dict), told):
        discount = Reader(each, "discounts")
        coupon = discount.object("coupon")
        if not discount.has("coupon") and isinstance(
            discount.object("source").value.get("coupon"), dict
        ):
            coupon = discount.object("source.coupon")
        if coupon.text("duration", "once") != "once":
            yield SubscriptionDiscount(
                percent=coupon.decimal("percent_off", Decimal(0)),
                amount=coupon.integer("amount_off", 0),
                ends_at=discount.moment("end", None),
            )
