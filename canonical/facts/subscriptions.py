"""Facts about subscriptions. None of them books anything by itself."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from ..kinds import Kind
from ..metrics.mirrored import find_length
from ..metrics.priced import find_worths
from ..subscriptions.lifecycle import WITHDRAWN, Event
from .base import (
    CurrencyCode,
    ExternalId,
    Fact,
    Minor,
    MoneyPart,
    Name,
    Part,
    Quantity,
    refuse_float,
)
from .subscription_prices import SubscriptionDiscount, SubscriptionItem


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
    discounts: tuple[SubscriptionDiscount, ...] = ()
    #: the source says that there is more to its price, and not what
    is_unknown: bool = False
    #: the source tells what is left out here of its prices if it is asked for it
    is_partial: bool = False

    def find_worths(self, at):
        """Return what it is worth a month from a moment on, while it runs.

        :return: as :func:`~..metrics.priced.find_worths` does.
        """
        if self.is_unknown:
            return [(at, None)]
        length = find_length(self.period_start, self.period_end)
        exponent = self.items[0].exponent if self.items else 0
        return find_worths(
            [item.find_price(length) for item in self.items],
            [each.find_reduction(exponent) for each in self.discounts],
            at,
        )


class HeldQuantity(Part):
    """So many of one component of a plan, which may be none."""

    component: ExternalId
    quantity: Annotated[
        Decimal,
        BeforeValidator(refuse_float),
        Field(ge=0, max_digits=30, allow_inf_nan=False),
    ]


class Holding(Part):
    """What is held of a plan, in whole: the plan's code, the number of its version
    (None: the one that is valid then), and the quantities that are told.
    """

    plan: ExternalId
    plan_version: Annotated[int, Field(ge=1)] | None = None
    currency: CurrencyCode
    quantities: tuple[HeldQuantity, ...] = ()


class TermTold(Part):
    """For how long something is agreed: so many months, or until ``ends_at``, from
    ``start``, which is the change's own moment if it is None.
    """

    months: Annotated[int, Field(ge=0, le=1200)] = 0
    start: datetime | None = None
    ends_at: datetime | None = None
    auto_renew: bool = False
    notice_days: Annotated[int, Field(ge=0, le=1000)] = 0


class SubscriptionChange(Fact):
    """A change of a subscription whose invoices Odoo issues. ``external_id`` names what
    told it, ``subscription`` is the sender's id of what it is about.

    ``change`` is an :class:`~..subscriptions.lifecycle.Event`, or that another change
    is withdrawn: ``withdraws`` names what told that. It is so since ``effective_at``,
    and was known at ``known_at``; ``sequence`` orders what was known at once. What is
    None says nothing: it stays as it was. ``continues`` is another id at the sender, of
    a subscription that goes on as this one, and ``contract`` what an activation
    fulfils.
    """

    kind = Kind.SUBSCRIPTION_CHANGE

    customer: ExternalId
    subscription: ExternalId
    change: Literal[(*(event.value for event in Event), WITHDRAWN)]
    effective_at: datetime
    known_at: datetime
    sequence: Annotated[int, Field(ge=0)] = 0
    at_period_end: bool = False
    holding: Holding | None = None
    trial_end: datetime | None = None
    timezone: Name | None = None
    anchor: datetime | None = None
    purchase_order: Name | None = None
    term: TermTold | None = None
    continues: Name = ""
    contract: Name = ""
    withdraws: Name = ""

    @property
    def opens(self):
        """Return whether a subscription may begin to be known by this."""
        return self.change in (Event.AGREED, Event.ACTIVATED)

    @property
    def arrivals(self):
        own = [(self.kind, self.external_id)]
        if self.opens:
            own.append((Kind.SUBSCRIPTION, self.subscription))
        return own

    @property
    def terms(self):
        plan = self.holding.plan if self.holding else ""
        return [self.subscription, plan, self.purchase_order or ""]


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
    zero where that is not told. With a ``holding``, a subscription follows, whose id
    will be ``subscription``; ``auto_renew`` and ``notice_days`` are of its term.
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
    holding: Holding | None = None
    subscription: Name = ""
    timezone: Name = ""
    auto_renew: bool = False
    notice_days: Annotated[int, Field(ge=0, le=1000)] = 0

    @property
    def arrivals(self):
        own = [(self.kind, self.external_id)]
        if self.holding:
            own.append((Kind.SUBSCRIPTION, self.subscription or self.external_id))
        return own

    @property
    def terms(self):
        return [self.number, self.purchase_order]
