"""Tax numbers of customers, each an object of its own at the source."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from .base import ExternalId, Fact

_Word = Annotated[str, StringConstraints(max_length=255)]


class TaxId(Fact):
    """A tax number of a customer, who may have several. ``is_vat``: it is a number to
    print on invoices; ``is_eu``: of the European Union's system; ``verified``: the
    authorities confirmed it.
    """

    kind = "tax_id"

    customer: ExternalId
    type: _Word
    value: _Word
    country_code: _Word = ""
    is_vat: bool
    is_eu: bool
    verified: bool
    created_at: datetime
    deleted: bool = False
