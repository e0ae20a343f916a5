"""Facts about subscriptions, which book nothing."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from ..kinds import Kind
from .base import CurrencyCode, Fact, Minor, MoneyPart


class SubscriptionItem(MoneyPart):
    """An item of a subscription: one price and its quantity. ``unit_amount`` is in
    minor units.
    """

    price: str = ""
    product: str = ""
    quantity: Decimal = Decimal(1)
    unit_amount: Minor = 0


class Subscription(Fact):
    """A subscription's state and current period. Nothing is booked from it. ``state``
    is None where the source has one that is not known: it stays what it was.
    """

    kind = Kind.SUBSCRIPTION

    state: (
        Literal[
            "incomplete",
            "incomplete_expired",
            "trialing",
            "active",
            "past_due",
            "canceled",
            "unpaid",
            "paused",
        ]
        | None
    )
    currency: CurrencyCode
    started_at: datetime | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    canceled_at: datetime | None = None
    cancel_at_period_end: bool = False
    trial_end: datetime | None = None
    #: set when this snapshot tells that the trial will end soon
    trial_ends_soon: bool = False
    items: tuple[SubscriptionItem, ...] = ()
