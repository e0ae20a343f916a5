"""Facts about subscriptions, which book nothing."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from ..kinds import Kind
from .base import CurrencyCode, ExternalId, Fact, Minor, MoneyPart, Name, Quantity


class SubscriptionItem(MoneyPart):
    """An item of a subscription: one price and its quantity. ``unit_amount`` is in
    minor units.
    """

    price: str = ""
    product: str = ""
    quantity: Annotated[Decimal, Field(ge=0, max_digits=30)] = Decimal(1)
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


class ContractLine(MoneyPart):
    """A line of a contract: what was sold, how many, and the price of one for each
    billing period. ``unit_amount`` is in minor units.
    """

    product: str = ""
    price: str = ""
    description: str = ""
    quantity: Quantity = Decimal(1)
    unit_amount: Minor = 0


#: Ranks of a contract's states; of two snapshots of one version, the higher one counts.
CONTRACT_RANK = {"won": 1, "withdrawn": 2}


class Contract(Fact):
    """A deal that was won, as the system that sells tells it. Nothing is booked from
    it: a subscription or an invoice follows. ``state`` is None where the source has one
    that is not known: it stays what it was.

    ``term_months`` is how long it runs, and ``period_months`` what is billed at once;
    zero where that is not told.
    """

    kind = Kind.CONTRACT

    customer: ExternalId
    state: Literal["won", "withdrawn"] | None
    number: Name = ""
    currency: CurrencyCode
    won_at: datetime | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    term_months: Annotated[int, Field(ge=0, le=1200)] = 0
    period_months: Annotated[int, Field(ge=0, le=120)] = 0
    purchase_order: Name = ""
    lines: tuple[ContractLine, ...] = ()

    @property
    def terms(self):
        return [self.number, self.purchase_order]
