"""Facts about what stood open when the books began: the state at the cut-over, neither
before nor since.
"""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from ..kinds import Kind
from .base import Minor, MoneyFact
from .customers import Customer


class InvoiceOpening(MoneyFact):
    """The amount that was still due on an invoice at the cut-over, in minor units. It
    is 0 if the invoice was paid, void or given up by then. ``external_id`` is the
    invoice's.
    """

    kind = Kind.INVOICE_OPENING

    party: Customer
    number: str = ""
    due_at: datetime | None = None
    amount: Annotated[Minor, Field(ge=0)]

    @property
    def amounts(self):
        return [self.amount]

    @property
    def arrivals(self):
        return [
            (Kind.INVOICE, self.external_id),
            (Kind.CUSTOMER, self.party.external_id),
        ]


class CreditOpening(MoneyFact):
    """The customer credit at the cut-over, in minor units; it is below zero if the
    customer owed it. ``external_id`` is the customer's.
    """

    kind = Kind.CREDIT_OPENING

    credit: Minor

    @property
    def amounts(self):
        return [self.credit]
