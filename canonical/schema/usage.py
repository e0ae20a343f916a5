"""``usage.recorded``: what a product metered. It books nothing by itself."""

from typing import Annotated

from pydantic import Field

from .base import Data, Moment, Ref, SignedDecimalText, Word


class UsageRecorded(Data):
    """One metered fact. It may come late, and twice: the event's ``source`` and ``id``
    count once.
    """

    customer: Ref
    meter: Ref
    quantity: SignedDecimalText = Field(
        "1", description="Below zero, it takes back what was told before."
    )
    occurred_at: Moment | None = Field(
        None, description="When it happened; the event's time if it is left out."
    )
    subscription: Word = ""
    dimensions: Annotated[dict[Word, Word], Field(max_length=20)] = {}
