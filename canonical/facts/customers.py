"""Facts about customers, as their own object or an invoice tells of them, and about
their tax numbers.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from ..kinds import Kind
from .base import CurrencyCode, ExternalId, Fact, Part

_Word = Annotated[str, StringConstraints(max_length=255)]


class Address(Part):
    """A postal address; ``state_code`` and ``country_code`` are ISO 3166 codes, the
    state's without its country.
    """

    street: str = ""
    street2: str = ""
    city: str = ""
    zip: str = ""
    state_code: str = ""
    country_code: str = ""


class Customer(Fact):
    """A customer. A ``stub`` was read from another object, such as an invoice: it is
    good enough to match or create a tenant, never to change what is known already.
    """

    kind = Kind.CUSTOMER

    name: str = ""
    email: str = ""
    phone: str = ""
    vat_numbers: tuple[str, ...] = ()
    tax_exempt: Literal["none", "exempt", "reverse"] | None = None
    address: Address = Address()
    currency: CurrencyCode | None = None
    deleted: bool = False
    stub: bool = False
    #: set when this snapshot tells that the customer's credit changed
    credit_changed: bool = False


class TaxId(Fact):
    """A tax number of a customer, who may have several. ``is_vat``: it is a number to
    print on invoices; ``is_eu``: of the European Union's system; ``verified``: the
    authorities confirmed it.
    """

    kind = Kind.TAX_ID

    customer: ExternalId
    type: _Word
    value: _Word
    country_code: _Word = ""
    is_vat: bool
    is_eu: bool
    verified: bool
    created_at: datetime
    deleted: bool = False
