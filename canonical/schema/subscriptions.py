"""``subscription.*`` and ``contract.won``: what is agreed. They book nothing.

A platform that bills by itself tells snapshots, and what they say is mirrored. Where
Odoo issues the invoices, changes are told, each when it happens.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

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


class SubscriptionSnapshot(Data):
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


class Held(Data):
    """So many of one component of a plan, by the code that the plan gives it."""

    component: Ref
    quantity: DecimalText = "1"


Code = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Items = Annotated[list[Held], Field(max_length=200)]
PlanNumber = Annotated[int, Field(strict=True, ge=1, le=100_000)]
Days = Annotated[int, Field(strict=True, ge=0, le=1000)]
Months = Annotated[int, Field(strict=True, ge=0, le=1200)]


class Term(Data):
    """For how long it is agreed. It ends after so many months, or at ``ends_at``; where
    it renews itself, the next term follows. Without either it is open-ended.
    """

    months: Months = 0
    ends_at: Moment | None = None
    auto_renew: Flag = False
    notice_days: Days = Field(
        0, description="How many days before its end it is ended at the latest."
    )


class Change(Data):
    """What has happened to a subscription, or will."""

    id: Ref = Field(description="The subscription's id at the sender.")
    customer: Ref
    effective_at: Moment | None = Field(
        None, description="Since when it is so; the event's time if it is left out."
    )


class Terms(Data):
    """What is held: all components of a plan's version, with their quantities."""

    plan: Code = Field(description="The plan's code in Odoo.")
    plan_version: PlanNumber | None = Field(
        None, description="The one that is valid then, if it is left out."
    )
    currency: Currency
    items: Items = Field(
        [],
        description="All that is held. A flat fee is held once if it is not told; of "
        "any other component that is not told, none is.",
    )


class Agreed(Data):
    """What else is agreed. What is left out stays as it was."""

    trial_end: Moment | None = None
    timezone: (
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+\-/]{1,60}$")] | None
    ) = Field(None, description="An IANA name, as Europe/Berlin: whose days count.")
    anchor: Moment | None = Field(
        None,
        description="What periods are counted from; the activation if nobody told.",
    )
    purchase_order: Word | None = Field(
        None, description="An empty text says that there is none any more."
    )
    term: Term | None = None


class SubscriptionActivated(Change, Terms, Agreed):
    """A subscription has begun: in its trial, if that is not over."""

    replaces: Word = Field(
        "",
        description="The id of a subscription that goes on as this one: told as a new "
        "one, it is a change of that.",
    )
    contract: Word = Field("", description="The id of the contract that it fulfils.")


class SubscriptionChanged(Change, Terms, Agreed):
    """Plan, quantities or what else is agreed are other from then on."""


class SubscriptionTrialEnded(Change):
    """The trial has ended before its time."""


class SubscriptionPaused(Change):
    """Nothing is used, and nothing is charged, until it is resumed."""


class SubscriptionResumed(Change):
    """A paused subscription goes on."""


class SubscriptionRenewed(Change):
    """The next term begins then: as the one before, or as it is told."""

    term: Term | None = None
    terms: Terms | None = Field(
        None, description="What is held in the next term, if that is other."
    )
    purchase_order: Word | None = None


class SubscriptionCanceled(Change):
    """A subscription ends. It is never revived; of two, what was said last counts."""

    at_period_end: Flag = Field(
        False, description="It ends with the period that ``effective_at`` is in."
    )


class ChangeWithdrawn(Data):
    """What another event told never happened, or will not."""

    id: Ref = Field(description="The subscription's id at the sender.")
    customer: Ref
    event: Ref = Field(
        description="The ``id`` of the event, of this event's own ``source``."
    )


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


class ContractWonPlan(ContractWon):
    """A deal that was won: who bought what, from when, and for how long. The customer
    is told by ``customer.upserted``. With a ``plan``, a subscription waits for its
    activation.
    """

    plan: Annotated[str, StringConstraints(max_length=100)] = Field(
        "", description="The plan's code in Odoo, where Odoo issues the invoices."
    )
    plan_version: PlanNumber | None = None
    items: Items = []
    subscription: Word = Field(
        "",
        description="The id that the subscription will have; the contract's own if it "
        "is left out.",
    )
    timezone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+\-/]{0,60}$")] = (
        ""
    )
    auto_renew: Flag = False
    notice_days: Days = 0
