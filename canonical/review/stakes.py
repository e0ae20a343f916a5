"""How much money waits with what an event tells, before anything is booked."""

from typing import NamedTuple

from ..facts import MoneyFact
from ..kinds import DECIDABLE, Kind

#: The fields of facts with the amount that they are of, and with its moment; the first
#: that a fact has counts.
_AMOUNTS = ("total", "net", "amount", "credit")
_MOMENTS = (
    *("issued_at", "paid_at", "failed_at", "refunded_at", "adjusted_at", "changed_at"),
    *("moved_at", "booked_at", "opened_at", "arrives_at"),
)


class AtStake(NamedTuple):
    """The money of one object: ``kind`` and ``ref`` name it, so that several events of
    it count once. ``minor`` is in minor units of ``currency``, never below zero;
    ``moment`` says of when, None where nobody knows.
    """

    kind: str
    ref: str
    minor: int
    currency: str
    exponent: int
    moment: object = None


def find_stake(facts):
    """Return the largest :class:`AtStake` of some facts of one event; None if none of
    them is of money.
    """
    stakes = [_read(fact) for fact in facts if isinstance(fact, MoneyFact)]
    return max(stakes, key=lambda stake: stake.minor, default=None)


def _read(fact):
    minor = abs(_first(fact, _AMOUNTS) or 0)
    if fact.kind == Kind.DISPUTE:
        minor += sum(
            abs(part.fee) for part in fact.movements if part.currency == fact.currency
        )
    kind = fact.of if fact.kind == Kind.MONEY_LINKS else fact.kind
    return AtStake(
        str(DECIDABLE.get(kind, kind)),
        fact.external_id,
        minor,
        fact.currency,
        fact.exponent,
        _first(fact, _MOMENTS),
    )


def _first(fact, names):
    values = (getattr(fact, name, None) for name in names)
    return next((value for value in values if value is not None), None)
