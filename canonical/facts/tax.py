"""Tax rates, as the source keeps them."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Fact, Part

#: Percentages are kept with so many decimals; Stripe states up to four.
PERCENTAGE_PLACES = 6
Percentage = Annotated[
    Decimal, Field(ge=0, le=1000, decimal_places=PERCENTAGE_PLACES, max_digits=12)
]
_Word = Annotated[str, StringConstraints(max_length=255)]


class TaxRateDetails(Part):
    """What a tax rate is. ``percentage`` is None where it is no percentage, such as
    a fee for each delivery; ``country`` and ``state`` are ISO 3166 codes, the state's
    without its country.
    """

    percentage: Percentage | None = None
    inclusive: bool = False
    country: _Word = ""
    state: _Word = ""
    jurisdiction: _Word = ""
    tax_type: _Word = ""
    display_name: _Word = ""
    active: bool = True


class TaxRate(Fact):
    """A tax rate of its own. Nothing is booked from it: it says which tax a line
    means that names the rate's id only.
    """

    kind = "tax_rate"

    details: TaxRateDetails
