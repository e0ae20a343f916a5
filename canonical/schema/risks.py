"""``risk.*``: somebody doubts a payment or a customer, or does no longer."""

from pydantic import Field, model_validator

from .base import Currency, Data, Flag, Moment, NotNegative, Ref, Word


class _Risk(Data):
    """What both have in common: what is doubted, a payment or a customer."""

    id: Ref
    customer: Ref | None = None
    payment: Ref | None = Field(
        None, description="The payment that is doubted: then it is whose that is."
    )
    reason: Word = Field(
        "",
        description="A word such as `stolen_card`. What is no word is not kept, and no "
        "word is refused.",
    )

    @model_validator(mode="after")
    def _check_named(self):
        if not self.customer and not self.payment:
            raise ValueError("A risk should name its payment or its customer.")
        return self


class RiskFlagged(_Risk):
    """A payment may be a fraud, or a customer is not to be trusted. Nothing is
    collected from the customer until it is cleared. It books nothing.
    """

    amount: NotNegative | None = Field(
        None,
        description="What is at risk. Without it, it is what of the payment is not "
        "refunded.",
    )
    currency: Currency | None = None
    is_actionable: Flag = Field(
        True, description="Whether money can still be saved, such as by a refund."
    )
    flagged_at: Moment

    @model_validator(mode="after")
    def _check_amount(self):
        if (self.amount is None) != (self.currency is None):
            raise ValueError("An amount at risk should have its currency.")
        return self


class RiskCleared(_Risk):
    """What was doubted may be trusted again. Of two events about one risk, the one with
    the later moment counts, in whatever order they come.
    """

    cleared_at: Moment
