"""Facts about customers, as their own object or an invoice tells of them, and about
their tax numbers.
"""

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from ..identity import email_key
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

    @property
    def is_named(self):
        """Return whether anything is known of the customer but the id."""
        return bool(self.name or self.email or self.phone or self.vat_numbers)


class Payer(Part):
    """Who paid, or got money back, without being a customer of the source: what was
    typed in at the till. Any part of it may be empty.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    address: Address = Address()

    @property
    def is_known(self):
        """Return whether it is enough to make a contact of."""
        return bool(self.name.strip() or email_key(self.email))

    @property
    def key(self):
        """Return what tells one payer from another: a digest of name and e-mail, so
        that no personal data stands in an id. Two people at one address are two.
        """
        name = " ".join(self.name.casefold().split())
        text = f"{name}\n{email_key(self.email)}"
        return hashlib.sha256(text.encode()).hexdigest()

    def describe(self, reference):
        """Return the id of a sum with what is known of its payer, for a label."""
        parts = (reference, self.name.strip(), self.email.strip())
        return ", ".join(filter(None, parts))


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
