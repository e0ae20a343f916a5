"""Facts about the money that a source holds for us, beside payments and refunds. All
amounts are in minor units.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..categories import Category
from ..kinds import Kind
from .base import ExternalId, Fact, Minor, MoneyFact, MoneyPart


class Movement(MoneyPart):
    """One movement of the source's balance: ``net`` is what it changes by, and
    ``amount`` less ``fee``. ``fee_tax`` is the part of the fee that is a tax on it.
    """

    amount: Minor
    fee: Minor = 0
    fee_tax: Minor = 0
    net: Minor
    moved_at: datetime

    @model_validator(mode="after")
    def _check_sum(self):
        if self.amount - self.fee != self.net:
            raise ValueError("The net amount should be the amount less the fee.")
        return self

    @property
    def amounts(self):
        return [self.amount, self.fee, self.fee_tax]


class ListedMovement(Movement, MoneyFact):
    """A movement of the balance as the source lists it, whatever object moved it.

    ``category`` is what it is to the books: a :class:`~..categories.Category`, or the
    source's own word for what is not understood here. ``object_ids`` are all known ids
    of the object it is of, the main one first.
    """

    kind = Kind.MOVEMENT

    category: Annotated[str, Field(min_length=1, max_length=64)]
    type: str = ""
    description: str = ""
    object_ids: tuple[ExternalId, ...] = ()
    available_at: datetime | None = None
    is_available: bool = False
    exchange_rate: Decimal | None = None

    @property
    def arrivals(self):
        """Return also the payment of a debit that failed, because nobody should wait
        for it any longer.
        """
        failed = self.category == Category.CHARGE_FAILURE
        return [
            *super().arrivals,
            *((Kind.PAYMENT, ref) for ref in self.object_ids if failed),
        ]


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
    alone.
    """

    kind = Kind.DISPUTE

    payment: ExternalId
    amount: Annotated[Minor, Field(ge=0)]
    state: Literal[
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
    reason: str = ""
    opened_at: datetime
    due_at: datetime | None = None
    closed_at: datetime | None = None
    movements: tuple[Movement, ...] = ()

    @property
    def amounts(self):
        return [self.amount]

    @property
    def arrivals(self):
        moved = [(Kind.DISPUTE_MOVEMENT, part.external_id) for part in self.movements]
        return [*super().arrivals, *moved]


PAYOUT_RANK = {"pending": 1, "in_transit": 2, "paid": 3, "canceled": 4, "failed": 4}


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

    @property
    def amounts(self):
        return [self.amount]


class PayoutContents(Fact):
    """All balance transactions that a payout, ``external_id``, has paid out."""

    kind = Kind.PAYOUT_CONTENTS

    transactions: tuple[ExternalId, ...]
