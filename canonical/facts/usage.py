"""Facts about what customers used, which book nothing by themselves."""

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    InstanceOf,
    StringConstraints,
    TypeAdapter,
)

from ..kinds import Kind
from ..money import write_plainly
from .base import ExternalId, Fact, Name, refuse_float

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_write = json.encoder.encode_basestring_ascii
_write_flag = ("false", "true")
_OF_UTC = "+00:00"

#: How much was used, exactly: below zero where it takes back what was told before.
Amount = Annotated[
    Decimal,
    Field(max_digits=30, allow_inf_nan=False),
    BeforeValidator(refuse_float),
]


class Written(NamedTuple):
    """How the database keeps what a record of usage states: the moment in UTC without
    saying so, the quantity as its shortest text, and what two records have in common
    that state the same: neither how a number is written nor a time zone counts.
    """

    occurred_at: str
    quantity: str
    content_hash: str


class _Stated(NamedTuple):
    """The values of a record, as pydantic checks them."""

    external_id: ExternalId
    customer: ExternalId
    meter: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    quantity: Amount
    occurred_at: AwareDatetime
    subscription: Name = ""
    dimensions: dict[Name, Name] = {}
    corrects: Name = ""
    withdraws: bool = False


def _check_correction(stated):
    if stated.corrects == stated.external_id:
        raise ValueError("A record can't correct itself.")
    return stated


_check = TypeAdapter(
    Annotated[_Stated, AfterValidator(_check_correction)]
).validate_python


class UsageRecord(_Stated):
    """One metered fact. It never changes: another one with its id is a mistake.
    ``meter`` is the code of what is counted. ``corrects`` is the id of the record whose
    place it takes; where it ``withdraws``, nothing does.

    It is a tuple, for there are thousands a second. To make one checks what it states;
    ``_make`` takes what the published interface has checked already.
    """

    __slots__ = ()

    def __new__(cls, **stated):
        return cls._make(_check(stated))

    @property
    def written(self):
        """Return it as the database keeps it, a :class:`Written`."""
        _id, customer, meter, quantity, moment, subscription, *more = self
        dimensions, corrects, withdraws = more
        quantity = write_plainly(quantity)
        passed = moment - _EPOCH
        if moment.tzinfo is not UTC:
            moment = moment.astimezone(UTC)
        pairs = [
            f"[{_write(name)},{_write(value)}]"
            for name, value in sorted(dimensions.items())
        ]
        # The JSON of a list of all this, written by hand.
        content = (
            f"[{_write(customer)},{_write(meter)},{_write(quantity)}"
            f",[{passed.days},{passed.seconds},{passed.microseconds}]"
            f",{_write(subscription)},{_write(corrects)}"
            f",{_write_flag[withdraws]},[{','.join(pairs)}]]"
        )
        digest = hashlib.sha256(content.encode()).hexdigest()[:32]
        return Written(moment.isoformat().removesuffix(_OF_UTC), quantity, digest)


class Usage(Fact):
    """What was metered: the records of one request, or one alone. ``customer`` is whose
    they are, if they are one customer's.
    """

    kind = Kind.USAGE

    records: Annotated[tuple[InstanceOf[UsageRecord], ...], Field(min_length=1)]

    @property
    def order_key(self):
        """Return a key of its own: records of usage have no order, however many come
        of one customer.
        """
        return f"{self.kind} {self.external_id}"

    @property
    def arrivals(self):
        """Return nothing: no event waits for usage."""
        return []

    @property
    def customers(self):
        """Return the ids of all customers whose usage it is."""
        return {record.customer for record in self.records}
