"""Customers, as their own object tells of them or an invoice names them."""

from typing import Literal

from .base import CurrencyCode, Fact, Part


class Address(Part):
    street: str = ""
    street2: str = ""
    city: str = ""
    zip: str = ""
    state_code: str = ""
    country_code: str = ""


class Customer(Fact):
    """A customer. ``stub`` is one read off another object, such as an invoice:
    good enough to match or create, never to change what is known already.
    """

    kind = "customer"

    name: str = ""
    email: str = ""
    phone: str = ""
    vat_numbers: tuple[str, ...] = ()
    tax_exempt: Literal["none", "exempt", "reverse"] | None = None
    address: Address = Address()
    currency: CurrencyCode | None = None
    deleted: bool = False
    stub: bool = False
    #: set when this snapshot tells that the customer's credit balance changed
    balance_changed: bool = False
