"""What others are told of this database. Nobody sends it here."""

from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Data, Flag, Moment

#: The sum of limits, which may have more digits than each of them.
Limit = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,60}(\.[0-9]{1,12})?$")]


class MayUse(Data):
    """What a tenant may use, as a whole. What is not there may not be used."""

    is_suspended: Flag = Field(description="Why there is nothing, if it is true.")
    flags: list[str] = Field(description="The codes of what is on.")
    limits: dict[str, Limit | None] = Field(
        description="Decimal texts by code; null says that there is no limit."
    )
    subscriptions: list[str] = Field(
        description="The ids of the subscriptions that give it, at their senders."
    )


class EntitlementChanged(Data):
    """What a tenant may use since a moment. Of two, the one with the higher number is
    newer, in whatever order they come; 0 says that there never was anything.
    """

    number: Annotated[int, Field(strict=True, ge=0)]
    state: MayUse
    changed_at: Moment | None
