"""Facts about what the source sells, as far as people have to recognise it, and about
its tax rates.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ..kinds import Kind
from .base import ExternalId, Fact, Part

#: Percentages are kept with so many decimals, more than any source states.
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
    """A tax rate, as an object of its own. Nothing is booked from it: it says which tax
    a line means that names only the rate's id.
    """

    kind = Kind.TAX_RATE

    details: TaxRateDetails


class CatalogItem(Fact):
    """A product, or a price of one. A price names its product's id in ``product``."""

    kind = Kind.CATALOG_ITEM

    type: Literal["product", "price"]
    name: Annotated[str, StringConstraints(max_length=1000)] = ""
    product: ExternalId | None = None
    active: bool = True
    deleted: bool = False
