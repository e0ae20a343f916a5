"""Facts about the money that a source holds for us, beside payments and refunds. All
amounts are in minor units.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from ..categories import Category, FeeKind
from ..kinds import Kind
from .base import ExternalId, Fact, Minor, MoneyFact, MoneyPart, Part, Stake

#: What a movement is also known as, by its category: others wait for it by the id of
#: its object.
ALSO_KNOWN_AS = {
    Category.TOPUP_REVERSAL: Kind.TOPUP_REVERSAL,
    Category.TRANSFER: Kind.TRANSFER,
}


class FeePart(Part):
    """A part of a fee, in minor units of the movement's currency; below zero, it was
    given back.
    """

    kind: FeeKind
    amount: Minor


class Movement(MoneyPart):
    """One movement of the source's balance: ``net`` is what it changes by, and
    ``amount`` less ``fee``. ``fees`` are the parts of the fee, by who asks for them;
    without any, all of it is the source's own.
    """

    amount: Minor
    fee: Minor = 0
    fees: tuple[FeePart, ...] = ()
    net: Minor
    moved_at: datetime

    @model_validator(mode="after")
    def _check_sum(self):
        if self.amount - self.fee != self.net:
            raise ValueError("The net amount should be the amount less the fee.")
        if self.fees and sum(part.amount for part in self.fees) != self.fee:
            raise ValueError("The fee should be the sum of its parts.")
        return self

    @property
    def fee_parts(self):
        """Return the parts that the fee consists of; none where there is no fee."""
        whole = FeePart(kind=FeeKind.PROCESSING, amount=self.fee)
        return self.fees or ((whole,) if self.fee else ())

    @property
    def amounts(self):
        return [self.amount, self.fee, *(part.amount for part in self.fees)]

    def get_stake(self, category, refs):
        """Return what this movement, of the object with these ids, moves."""
        return Stake(
            category,
            tuple(refs),
            self.currency,
            self.exponent,
            self.net,
            self.external_id,
            is_exact=True,
            moved_at=self.moved_at.isoformat(),
        )


class ListedMovement(Movement, MoneyFact):
    """A movement of the balance as the source lists it, whatever object moved it.

    ``category`` is what it is to the books: a :class:`~..categories.Category`, or the
    source's own word for what is not understood here. ``cost`` is what kind of fee the
    amount itself is, where it is one. ``object_ids`` are all known ids of the object it
    is of, the main one first. ``counterparty`` is the account at the source that the
    money went to, where it is known.
    """

    kind = Kind.MOVEMENT

    category: Annotated[str, Field(min_length=1, max_length=64)]
    cost: FeeKind | None = None
    type: str = ""
    description: str = ""
    object_ids: tuple[ExternalId, ...] = ()
    counterparty: ExternalId | None = None
    available_at: datetime | None = None
    is_available: bool = False
    exchange_rate: Decimal | None = None

    @property
    def arrivals(self):
        """Return also the payment of a debit that failed, because nobody should wait
        for it any longer, and what else the movement is known as.
        """
        failed = self.category == Category.CHARGE_FAILURE
        kind = Kind.PAYMENT if failed else ALSO_KNOWN_AS.get(self.category)
        return [
            *super().arrivals,
            *((kind, ref) for ref in self.object_ids if kind),
        ]

    @property
    def stakes(self):
        if self.category == Category.RESERVE_SIDE:
            return []  # the balance itself has a movement of the other half
        return [self.get_stake(self.category, self.object_ids)]

    @property
    def terms(self):
        return [*self.object_ids, *super().terms]


class MovementNotice(Fact):
    """What an event says has moved money: an object, ``external_id``, and the ids of
    the ``movements``. The movements book it, whichever is told first.

    ``is_unnamed``: the source tells that money moved, and not by which movement.
    """

    kind = Kind.MOVEMENT_NOTICE

    movements: tuple[ExternalId, ...] = ()
    #: what to wait for where no movement has an id: an object of this kind and id
    awaited: Kind | None = None
    is_unnamed: bool = False

    @property
    def stakes(self):
        """Return that something has moved: only the movements say how much."""
        return [Stake()]


class LoanCost(MoneyFact):
    """The part of a loan's repayment that is its cost, in minor units. ``undoes`` is
    the repayment, or the payment of the loan, that was taken back by this one.
    """

    kind = Kind.LOAN_COST

    amount: Annotated[Minor, Field(ge=0)]
    is_repayment: bool
    undoes: ExternalId | None = None
    booked_at: datetime

    @property
    def amounts(self):
        return [self.amount]


#: Ranks of a dispute's states. An inquiry may become a dispute; a lost dispute may be
#: appealed against, and lost again: those three are ordered by their snapshots' age.
DISPUTE_RANK = {
    "warning_needs_response": 1,
    "warning_under_review": 2,
    "warning_closed": 3,
    "needs_response": 4,
    "under_review": 5,
    "lost": 6,
    "appeal_needs_response": 6,
    "appeal_under_review": 6,
    "prevented": 7,
    "won": 7,
}


class Dispute(MoneyFact):
    """A dispute: a customer's bank asks for a payment back. ``movements`` are what it
    has moved so far; ``closed_at`` is set by the snapshot that tells of the decision
    alone. ``state`` is None where the source has one that is not known: it stays what
    it was.
    """

    kind = Kind.DISPUTE

    payment: ExternalId
    amount: Annotated[Minor, Field(ge=0)]
    state: (
        Literal[
            "warning_needs_response",
            "warning_under_review",
            "warning_closed",
            "needs_response",
            "under_review",
            "lost",
            "appeal_needs_response",
            "appeal_under_review",
            "prevented",
            "won",
        ]
        | None
    )
    reason: str = ""
    opened_at: datetime
    due_at: datetime | None = None
    closed_at: datetime | None = None
    movements: tuple[Movement, ...] = ()

    @field_validator("movements")
    @classmethod
    def _tell_once(cls, movements):
        """What is listed twice has moved once."""
        once = tuple(dict.fromkeys(movements))
        if len({part.external_id for part in once}) < len(once):
            raise ValueError("A movement should be listed with one amount.")
        return once

    @property
    def amounts(self):
        return [self.amount]

    @property
    def arrivals(self):
        moved = [(Kind.DISPUTE_MOVEMENT, part.external_id) for part in self.movements]
        return [*super().arrivals, *moved]

    @property
    def stakes(self):
        ids = (self.external_id,)
        return [part.get_stake(Category.DISPUTE, ids) for part in self.movements]

    @property
    def terms(self):
        return [self.payment, *super().terms]


PAYOUT_RANK = {"pending": 1, "in_transit": 2, "paid": 3, "canceled": 4, "failed": 4}


class ExchangedAmount(MoneyPart):
    """What the bank gets of a payout that is exchanged: ``amount`` in minor units of
    another currency than the payout's. ``rate`` is units of that per unit of the
    payout's, where the source states it.
    """

    amount: Minor
    rate: Decimal | None = None

    @property
    def amounts(self):
        return [self.amount]


class Payout(MoneyFact):
    """Money sent to the bank; below zero: taken from it. ``arrives_at`` names a day,
    at midnight UTC. ``failed_at`` is set by the snapshot that tells it came back.
    """

    kind = Kind.PAYOUT

    amount: Minor
    state: Literal["pending", "in_transit", "paid", "canceled", "failed"]
    automatic: bool
    arrives_at: datetime
    failed_at: datetime | None = None
    #: whether the source can tell by now which movements are in it
    contents_ready: bool = True
    #: the text that the bank's statement may show
    bank_texts: tuple[str, ...] = ()
    #: what the bank gets, where it is another currency than the source holds
    exchanged: ExchangedAmount | None = None

    @property
    def amounts(self):
        return [self.amount]

    @property
    def stakes(self):
        if self.state in ("canceled", "failed"):
            return []  # it came back, or never left
        day = self.arrives_at.astimezone(UTC).date()
        return [self._stake(Category.PAYOUT, -self.amount, day)]


class PayoutContents(Fact):
    """All balance transactions that a payout, ``external_id``, has paid out."""

    kind = Kind.PAYOUT_CONTENTS

    transactions: tuple[ExternalId, ...]
