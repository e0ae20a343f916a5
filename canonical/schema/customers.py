"""``customer.*``: who buys."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import (
    Country,
    Currency,
    Data,
    Day,
    ElsewhereRef,
    Flag,
    Person,
    Ref,
    Word,
)


class Party(Person):
    """A customer as a document names it. It makes a customer known, and never changes
    one that is known.
    """

    id: Ref = Field(description="The customer's id at the sender.")
    vat_numbers: Annotated[list[Word], Field(max_length=20)] = []


class TaxNumber(Data):
    """A tax number. ``is_vat``: it is one to print on invoices; ``is_eu``: of the
    European Union's system; ``verified``: the authorities confirmed it.
    """

    value: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    type: Word = ""
    country: Country = ""
    is_vat: Flag = True
    is_eu: Flag = False
    verified: Flag = False


class Exemption(Data):
    """Why a customer is charged no tax, and until when."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    certificate: Word = ""
    ends_on: Day | None = None


class CustomerUpserted(Party):
    """A customer as it is now: whole, not what has changed. The newest ``time`` of an
    event counts, in whatever order they come. What is null says nothing; an empty text
    says that there is none.
    """

    registration_number: Word = ""
    also_known_as: Annotated[list[ElsewhereRef], Field(max_length=20)] = Field(
        [],
        description="What the customer is called in other systems: by these it is one "
        "customer here.",
    )
    parent: Ref | None = Field(
        None, description="The customer at the sender that this one is a part of."
    )
    tax_numbers: Annotated[list[TaxNumber], Field(max_length=20)] | None = None
    tax_exempt: Literal["none", "exempt", "reverse"] | None = None
    exemption: Exemption | None = None
    e_invoice_address: Word | None = Field(
        None, description="A scheme of ISO 6523 with an id, as 0088:7300010."
    )
    language: (
        Annotated[
            str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$")
        ]
        | None
    ) = None
    residency_region: Word | None = None
    currency: Currency | None = None
    deleted: Flag = False


class CustomerMerged(Data):
    """Customers were found to be one: ``merged_ids`` are ``id`` from now on."""

    id: Ref = Field(description="The customer that stays.")
    merged_ids: Annotated[list[Ref], Field(min_length=1, max_length=100)]
