"""``payout.*``: what goes from the money held to the bank."""

from typing import Annotated, Literal

from pydantic import Field

from .base import Currency, Data, Day, Minor, Ref, Word


class PaidOut(Data):
    """One movement in a payout: the payment, refund or reversal with this id, which was
    told with its ``fee``.
    """

    type: Literal["payment", "refund", "reversal"]
    id: Ref


class PayoutPaid(Data):
    """Money that was sent to the bank; below zero, it was taken from there."""

    id: Ref
    amount: Minor
    currency: Currency
    arrives_on: Day
    bank_texts: Annotated[list[Word], Field(max_length=10)] = Field(
        [], description="What the bank's statement may show beside the payout's id."
    )
    contains: Annotated[list[PaidOut], Field(max_length=10000)] | None = Field(
        None,
        description="All that is in it, so that it can be proved: their amounts less "
        "their fees are the payout's amount.",
    )
