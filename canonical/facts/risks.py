"""Facts about risks: that somebody doubts a payment or a customer. They book nothing.

Why, is an open list at each source, so a word that is not known here changes nothing
but what people read.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..display.amounts import write_amount
from ..kinds import Kind
from ..money import to_decimal
from .base import CurrencyCode, ExternalId, Fact, Minor, Name


class RiskFlag(Fact):
    """A risk as its source saw it at ``told_at``: a payment, or a customer without one,
    may be a fraud.

    ``is_actionable``: something can still be done before money is lost. ``amount`` is
    what the source says is at risk, in minor units; None where only the payment tells.
    Of two snapshots the later one counts. Of one moment, it is what goes further.
    """

    kind = Kind.RISK

    form: Literal["warning", "review", "flag"]
    payment: ExternalId | None = None
    state: Literal["open", "cleared"]
    reason: Name = ""
    is_actionable: bool = True
    amount: Annotated[Minor, Field(ge=0)] | None = None
    currency: CurrencyCode | None = None
    exponent: Annotated[int, Field(ge=0, le=4)] = 2
    told_at: datetime
    opened_at: datetime | None = None

    @model_validator(mode="after")
    def _check_whole(self):
        if not self.payment and not self.customer:
            raise ValueError("A risk should be of a payment or of a customer.")
        if self.amount is not None and not self.currency:
            raise ValueError("An amount at risk should have a currency.")
        return self

    @property
    def age(self):
        """Return a text that sorts snapshots of one risk."""
        moment = self.told_at.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")
        step = 2 if self.state == "cleared" else int(not self.is_actionable)
        return f"{moment}:{step}:{self.version}"

    @property
    def terms(self):
        told = self.amount is not None
        amounts = write_amount(to_decimal(self.amount, self.exponent)) if told else []
        return [*filter(None, [self.payment]), *amounts]
