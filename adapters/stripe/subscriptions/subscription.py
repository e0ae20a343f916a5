"""``customer.subscription.*``.
https://docs.stripe.com/api/subscriptions/object
"""

from ....canonical.facts import Subscription
from ..event import read_currency, read_customer_ref
from ..words import make_unknown, read_word
from .discount import find_strange_words, read_discounts
from .price import find_item_words, is_partial, read_item


def read(event):
    """Return one fact about a subscription in a list, with one for each word of its
    prices that is not known here.
    """
    data = event.data
    money = _read_money(data)
    items = data.objects("items.data")
    start, end = _read_period(event, data, items)
    discounts = read_discounts(data, money["currency"])
    strange = find_strange_words(data)
    for item in items:
        strange |= find_item_words(item)
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
            items=tuple(read_item(item, money) for item in items),
            discounts=discounts or (),
            is_unknown=discounts is None or data.flag("items.has_more"),
            # What was read through the API is as whole as it gets.
            is_partial=not event.is_wrapped and is_partial(data),
        ),
        *make_unknown(data, strange),
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
