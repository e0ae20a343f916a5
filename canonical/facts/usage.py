"""Facts about what customers used, which book nothing by themselves."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from ..kinds import Kind
from .base import ExternalId, Fact, refuse_float

#: How much was used, exactly: below zero where it takes back what was told before.
Amount = Annotated[
    Decimal,
    BeforeValidator(refuse_float),
    Field(max_digits=30, allow_inf_nan=False),
]


class Usage(Fact):
    """One metered fact. It never changes: another one with its id is a mistake.
    ``meter`` is the source's name of what is counted.
    """

    kind = Kind.USAGE

    customer: ExternalId
    meter: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    quantity: Amount
    occurred_at: datetime
    subscription: str = ""

    @property
    def order_key(self):
        """Return a key of its own: records of usage have no order, however many come
        of one customer.
        """
        return f"{self.kind} {self.external_id}"
