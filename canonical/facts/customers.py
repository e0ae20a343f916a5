"""Facts about customers, as their own object or an invoice tells of them, and about
their tax numbers.
"""

import hashlib
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from ..identity import alias_system, email_key
from ..kinds import Kind
from .base import CurrencyCode, ExternalId, Fact, Part

#: The system of an alias that is the reference of a tenant.
TENANT = "tenant"

_Word = Annotated[str, StringConstraints(max_length=255)]
_Said = Annotated[str, StringConstraints(min_length=1, max_length=255)]
#: A language tag of BCP 47, such as ``de`` or ``pt-BR``.
_Language = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$")
]


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


class TaxNumber(Part):
    """A tax number that a customer's own object lists. ``is_vat``: it is a number to
    print on invoices; ``verified``: the authorities confirmed it.
    """

    type: _Word = ""
    value: _Said
    country_code: _Word = ""
    is_vat: bool = True
    is_eu: bool = False
    verified: bool = False


class Exemption(Part):
    """Why a customer is charged no tax: the reason in words, the certificate's number,
    and the last day on which it holds, where that is known.
    """

    reason: _Said
    certificate: _Word = ""
    ends_on: date | None = None


class Alias(Part):
    """What a customer is called in another system. ``system`` is the name of a source,
    the code of its adapter, or :data:`TENANT` for the reference of a tenant here.
    """

    system: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    id: ExternalId

    @property
    def key(self):
        """Return what tells one alias from another, however its system is written."""
        return f"{alias_system(self.system)} {self.id}"


class Customer(Fact):
    """A customer. A ``stub`` was read from another object, such as an invoice: it is
    good enough to match or create a tenant, never to change what is known already.

    ``also_known_as`` names the same customer in other systems, and ``parent`` is the id
    of the customer at this source that it is a part of.

    What is None was not told, and changes nothing; an empty text says that there is
    none. ``e_invoice_address`` is a scheme of ISO 6523 with an id, as ``0088:7300010``;
    ``residency_region`` is where the customer's data has to stay.
    """

    kind = Kind.CUSTOMER

    name: str = ""
    email: str = ""
    phone: str = ""
    vat_numbers: tuple[str, ...] = ()
    tax_exempt: Literal["none", "exempt", "reverse"] | None = None
    address: Address = Address()
    registration_number: _Word = ""
    also_known_as: tuple[Alias, ...] = ()
    parent: ExternalId | None = None
    tax_numbers: tuple[TaxNumber, ...] | None = None
    exemption: Exemption | None = None
    e_invoice_address: _Word | None = None
    language: _Language | None = None
    residency_region: _Word | None = None
    currency: CurrencyCode | None = None
    deleted: bool = False
    stub: bool = False
    #: set when this snapshot tells that the customer's credit changed
    credit_changed: bool = False

    @property
    def is_named(self):
        """Return whether anything is known of the customer but the id."""
        return any((self.name, self.email, self.phone, self.vat_numbers))


class CustomerMerged(Fact):
    """Two customers of a source have become one: ``external_id`` is the id that is no
    longer used, ``winner`` the one that goes on.
    """

    kind = Kind.CUSTOMER_MERGED

    winner: ExternalId

    @property
    def arrivals(self):
        """Return also the id that is no longer used: it stands for the other now."""
        return [*super().arrivals, (Kind.CUSTOMER, self.external_id)]


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

    def as_customer(self, external_id):
        """Return this payer as a customer that was read from another object.

        :param external_id: the customer's id, or that of the sum if there is none.
        """
        return Customer(
            external_id=external_id,
            customer=external_id,
            name=self.name,
            email=self.email,
            phone=self.phone,
            address=self.address,
            stub=True,
        )

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


class TaxCheck(Fact):
    """What an authority said of a customer's tax number on a day. ``proof`` is the
    authority's own reference of its answer, ``authority`` its name.
    """

    kind = Kind.TAX_CHECK

    customer: ExternalId
    value: _Said
    country_code: _Word = ""
    result: Literal["valid", "invalid", "unavailable"]
    checked_at: datetime
    authority: _Word = ""
    proof: _Word = ""
