"""``subscription.*`` and ``contract.won``: what is agreed. They book nothing."""

from typing import Annotated, Literal

from pydantic import Field

from .base import (
    Currency,
    Data,
    Day,
    DecimalText,
    Flag,
    Minor,
    Moment,
    Ref,
    Text,
    Word,
)


class SubscriptionItem(Data):
    """One price of a subscription, and its quantity."""

    id: Ref
    product: Word = ""
    price: Word = ""
    quantity: DecimalText = "1"
    unit_amount: Minor = 0


class SubscriptionChanged(Data):
    """A subscription as it is now: whole, not what has changed."""

    id: Ref
    customer: Ref
    state: Literal[
        "incomplete",
        "incomplete_expired",
        "trialing",
        "active",
        "past_due",
        "canceled",
        "unpaid",
        "paused",
    ]
    currency: Currency
    started_at: Moment | None = None
    period_start: Moment | None = None
    period_end: Moment | None = None
    trial_end: Moment | None = None
    canceled_at: Moment | None = None
    cancel_at_period_end: Flag = False
    items: Annotated[list[SubscriptionItem], Field(max_length=200)] = []


class ContractLine(Data):
    """What was sold, how many, and the price of one for each billing period."""

    product: Word = ""
    price: Word = ""
    description: Text = ""
    quantity: DecimalText = "1"
    unit_amount: Minor = 0


class ContractWon(Data):
    """A deal that was won: who bought what, from when, and for how long. The customer
    is told by ``customer.upserted``.
    """

    id: Ref
    number: Word = ""
    customer: Ref
    won_at: Moment
    currency: Currency
    starts_on: Day | None = None
    ends_on: Day | None = None
    term_months: Annotated[int, Field(strict=True, ge=0, le=1200)] = 0
    period_months: Annotated[int, Field(strict=True, ge=0, le=120)] = 0
    purchase_order: Word = ""
    lines: Annotated[list[ContractLine], Field(max_length=200)] = []
