"""Facts about what customers used, which book nothing by themselves."""

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    model_validator,
)

from ..kinds import Kind
from ..money import write_plainly
from .base import ExternalId, Fact, Name, Part, refuse_float

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_write = json.encoder.encode_basestring_ascii
_write_flag = ("false", "true")

#: How much was used, exactly: below zero where it takes back what was told before.
Amount = Annotated[
    Decimal,
    Field(max_digits=30, allow_inf_nan=False),
    BeforeValidator(refuse_float),
]


def _write_pair(pair):
    name, value = pair
    return f"[{_write(name)},{_write(value)}]"


class UsageRecord(Part):
    """One metered fact. It never changes: another one with its id is a mistake.
    ``meter`` is the code of what is counted. ``corrects`` is the id of the record whose
    place it takes; where it ``withdraws``, nothing does.
    """

    external_id: ExternalId
    customer: ExternalId
    meter: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    quantity: Amount
    occurred_at: AwareDatetime
    subscription: Name = ""
    dimensions: dict[Name, Name] = {}
    corrects: Name = ""
    withdraws: bool = False

    @model_validator(mode="after")
    def _check_correction(self):
        if self.corrects == self.external_id:
            raise ValueError("A record can't correct itself.")
        return self

    @property
    def moment(self):
        """Return when it happened, as the database keeps it: in UTC, without saying
        so, and to the microsecond.
        """
        return self.occurred_at.astimezone(UTC).replace(tzinfo=None)

    @property
    def content_hash(self):
        """Return what two records have in common that state the same: neither how a
        number is written nor a time zone counts.
        """
        passed = self.occurred_at - _EPOCH
        told = (
            *(self.customer, self.meter, write_plainly(self.quantity)),
            *(self.subscription, self.corrects),
        )
        customer, meter, quantity, subscription, corrects = map(_write, told)
        # The JSON of a list of all this, written by hand: there are thousands a second.
        content = (
            f"[{customer},{meter},{quantity}"
            f",[{passed.days},{passed.seconds},{passed.microseconds}]"
            f",{subscription},{corrects},{_write_flag[self.withdraws]}"
            f",[{','.join(map(_write_pair, sorted(self.dimensions.items())))}]]"
        )
        return hashlib.sha256(content.encode()).hexdigest()[:32]


class Usage(Fact):
    """What was metered: the records of one request, or one alone. ``customer`` is whose
    they are, if they are one customer's.
    """

    kind = Kind.USAGE

    records: Annotated[tuple[UsageRecord, ...], Field(min_length=1)]

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
