"""What every fact has: a snapshot of one object, with exact amounts."""

from decimal import Decimal
from typing import Annotated, ClassVar, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from ..display.amounts import write_amount
from ..money import to_decimal

FACTS_VERSION = 1

#: 10^15 minor units are more than any invoice, and exact in every type on the way.
Minor = Annotated[int, Field(strict=True, ge=-(10**15), le=10**15)]
ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=255)]
#: A text that may be empty, such as the name of a kind.
Name = Annotated[str, StringConstraints(max_length=255)]


def refuse_float(value):
    """Return a value of a decimal, unless it went through a float."""
    if isinstance(value, float):
        raise ValueError("A quantity is a whole number, a decimal or its text.")
    return value


#: How many of something, exactly as it is written: never through a float.
Quantity = Annotated[
    Decimal,
    BeforeValidator(refuse_float),
    Field(gt=0, max_digits=30, allow_inf_nan=False),
]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Stake(NamedTuple):
    """What one object moves of the money that a source holds, by what is told of it.

    ``category`` is what its movement is to the books, ``refs`` all ids of the object,
    the main one first, and ``movement`` the id of the movement, where it is known.
    ``minor`` is in minor units of ``currency``, with ``exponent`` decimals; below zero,
    the source holds less. ``is_exact``: that is the movement's own net amount, and not
    the object's amount without fees. Without a currency, nobody knows what moved.
    ``moved_at`` is when, as text: an aware moment, or a day; empty if nobody knows.
    """

    category: str = ""
    refs: tuple = ()
    currency: str = ""
    exponent: int = 0
    minor: int = 0
    movement: str | None = None
    is_exact: bool = False
    moved_at: str = ""


class Part(BaseModel):
    """A value inside a fact."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(Part):
    """A snapshot of one object at its source.

    ``kind`` names the family of handlers, ``external_id`` the object, and
    ``customer`` (where it is known) whose order of events it keeps. ``version``
    orders snapshots of data that has no rank of states; it never orders money.
    """

    kind: ClassVar[str]

    external_id: ExternalId
    customer: ExternalId | None = None
    version: str = ""

    @property
    def order_key(self):
        """Return the key of an order: facts with one key are applied one after the
        other.
        """
        return self.customer or self.external_id

    @property
    def arrivals(self):
        """Return the objects that are known once this fact is applied, as (kind,
        external id): events that wait for one of them go on.
        """
        return [(self.kind, self.external_id)]

    @property
    def stakes(self):
        """Return what this object moves of the money that the source holds, a list of
        :class:`Stake`: while the fact waits, the source has it and the books don't.
        """
        return []

    @property
    def terms(self):
        """Return the texts, beside the ids of objects, by which people look for what
        this fact tells: no names, and nothing else that is personal.
        """
        return []


class MoneyPart(Part):
    """A value with an id of its own and amounts in one currency, in minor units."""

    external_id: ExternalId
    currency: CurrencyCode
    exponent: Annotated[int, Field(ge=0, le=4)]
    #: the number of minor units that the source's amounts are multiples of
    step: Annotated[int, Field(ge=1)] = 1

    @property
    def amounts(self):
        """Return all amounts that are booked from this fact, in minor units."""
        return []

    def decimal(self, minor):
        """Return minor units of this fact's currency as an exact Decimal."""
        return to_decimal(minor, self.exponent)


class MoneyFact(Fact, MoneyPart):
    """A fact with amounts in one currency."""

    @property
    def terms(self):
        """Return also the amount that the fact is of, as people write it."""
        return write_amount(self.decimal(getattr(self, "amount", 0)))

    def _stake(self, category, minor, moved_at, refs=(), movement=None):
        """Return what moves ``minor`` units of this fact's currency at a moment, or on
        a day; None where it isn't known.
        """
        return Stake(
            category,
            tuple(refs) or (self.external_id,),
            self.currency,
            self.exponent,
            minor,
            movement,
            moved_at=moved_at.isoformat() if moved_at else "",
        )
