"""``usage.*``: what a product metered. It books nothing by itself."""

from typing import Annotated

from pydantic import Field

from .base import (
    Data,
    EventId,
    Flag,
    MaybeRef,
    MeteredText,
    Moment,
    Ref,
    SignedDecimalText,
    Word,
)


class UsageDraft(Data):
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


class UsageRecorded(Data):
    """One metered fact, which never changes: the event's `source` and `id` count once,
    however late and often they come. Other content under the same id is shown to a
    person. `usage.corrected` takes its place.
    """

    customer: Ref
    meter: Annotated[Ref, Field(description="The code of a meter in Odoo.")]
    quantity: MeteredText = Field(
        "1",
        description="A text, exactly. Below zero, it takes back what was told before: "
        "only a meter that adds up, or averages over time, takes that.",
    )
    occurred_at: Moment | None = Field(
        None,
        description="When it happened; the event's time if it is left out. At most 24 "
        "hours after it was sent.",
    )
    subscription: MaybeRef = Field(
        "",
        description="Which of the customer's subscriptions it is for. It may be left "
        "out where the customer has one at that time.",
    )
    dimensions: Annotated[dict[MaybeRef, MaybeRef], Field(max_length=20)] = Field(
        {}, description="What else is known of it. A meter may count one's values."
    )


class UsageCorrected(UsageRecorded):
    """One metered fact that takes the place of another one of the same customer: all
    of it, not what has changed.
    """

    corrects: EventId = Field(
        description="The id of the event that was wrong: `usage.recorded`, or "
        "`usage.corrected`. Each can be corrected once; then correct the correction."
    )
    withdraws: Flag = Field(
        False,
        description="Nothing takes the other one's place: it should never have been "
        "told.",
    )
