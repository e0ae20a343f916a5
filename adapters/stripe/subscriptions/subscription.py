"""``customer.subscription.*``.
https://docs.stripe.com/api/subscriptions/object
"""

from decimal import Decimal

from ....canonical.facts import Subscription, SubscriptionItem
from ..event import read_currency, read_customer_ref
from ..words import read_word


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
    return SubscriptionItem(
        external_id=item.ref("id"),
        price=price.text("id", ""),
        product=price.ref("product", ""),
        quantity=Decimal(item.integer("quantity", 1)),
        unit_amount=price.integer("unit_amount", None) or price.integer("amount", 0),
        **money,
    )
