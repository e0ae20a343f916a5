"""Invoices before they are finalised, of which nothing is booked."""

from typing import Literal

from .base import Fact

#: A snapshot of a lower rank changes nothing.
DRAFT_RANK = {"failing": 1, "deleted": 2}


class InvoiceDraft(Fact):
    """An invoice that the source could not finalise, or that is there no more."""

    kind = "invoice_draft"

    state: Literal["failing", "deleted"]
    #: why, as a code of the source
    problem: str = ""
