"""The money that a Stripe account holds, as plain values: what moves it, disputes and
payouts.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from .documents import Payment
from .fate import DONE, Fate
from .units import ZERO


@dataclass
class Movement:
    """A change of the money that Stripe holds, in the currency it is held in.

    ``source`` is the id of what it is of, ``money`` what that is in the currency that
    was paid, and ``rate`` what Stripe made of one unit of it.
    """

    id: str
    category: str
    type: str
    currency: str
    amount: Decimal
    created: datetime
    source: str = ""
    intent: str = ""
    fee: Decimal = ZERO
    #: What the fee consists of, by Stripe's type, where that is not its own fee alone.
    fees: dict[str, Decimal] = field(default_factory=dict)
    money: Decimal = ZERO
    money_currency: str = ""
    rate: Decimal | None = None
    payout: str = ""
    fate: Fate = DONE

    @property
    def net(self):
        return self.amount - self.fee

    @property
    def is_exchanged(self):
        return self.money_currency not in ("", self.currency)


@dataclass
class Dispute:
    """A customer's bank that asks for a payment back, or about it."""

    id: str
    payment: Payment
    reason: str
    created: datetime
    status: str
    movements: list[Movement] = field(default_factory=list)


@dataclass
class Payout:
    """Money on its way from Stripe to the bank, and the movements that it pays out."""

    id: str
    currency: str
    amount: Decimal
    created: datetime
    arrives_at: datetime
    movement: str
    status: str = "pending"
    completed: bool = False
    failure_movement: str = ""
    parts: list[Movement] = field(default_factory=list)


@dataclass
class Back:
    """What was taken back of money that moved, with the movement that did it."""

    id: str
    amount: Decimal
    created: datetime
    movement: str


@dataclass
class Moved:
    """Money that moves at Stripe without a customer: a top-up, a transfer to a
    connected account, or a fee of one.
    """

    id: str
    amount: Decimal
    currency: str
    created: datetime
    movement: str = ""
    status: str = "succeeded"
    connected: str = ""
    backs: list[Back] = field(default_factory=list)


@dataclass
class Repayment:
    """A part of what Stripe has lent that it takes back, with the fee in it."""

    id: str
    amount: Decimal
    cost: Decimal
    currency: str
    created: datetime
