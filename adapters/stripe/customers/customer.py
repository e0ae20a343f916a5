"""``customer.created``, ``updated`` and ``deleted``.
https://docs.stripe.com/api/customers/object
"""

from ....canonical.facts import TENANT, Address, Alias, Customer
from ..words import read_word
from .tax_id import is_vat, read_listed

#: Keys of metadata.
_TENANT, _CUSTOMER = "saas_tenant", "saas_customer_"
_LONGEST = 255


def read(event):
    """Return a fact about a customer, and one about each tax id that it lists."""
    data = event.data
    customer = data.ref("id")
    currency = data.text("currency", "").upper()
    return [
        Customer(
            external_id=customer,
            customer=customer,
            version=event.version,
            name=data.text("name", "") or data.text("description", ""),
            email=data.text("email", ""),
            phone=data.text("phone", ""),
            vat_numbers=read_vat_numbers(data.objects("tax_ids.data")),
            address=read_address(data.object("address")),
            currency=currency or None,
            also_known_as=read_aliases(data.object("metadata")),
            credit_changed=event.has("data.previous_attributes.balance"),
            tax_exempt=read_word(data, "tax_exempt", "customer", ""),
            # The API still answers for a deleted customer, with little more than the
            # id.
            deleted=event.type == "customer.deleted" or data.flag("deleted"),
        ),
        *read_listed(event, customer),
    ]


def read_party(data):
    """Return the customer as an invoice names it, or None if it names none."""
    customer = data.ref("customer", None) or data.ref("customer_account", None)
    if not customer:
        return None
    return Customer(
        external_id=customer,
        customer=customer,
        name=data.text("customer_name", ""),
        email=data.text("customer_email", ""),
        phone=data.text("customer_phone", ""),
        vat_numbers=read_vat_numbers(data.objects("customer_tax_ids")),
        address=read_address(data.object("customer_address")),
        stub=True,
    )


def read_aliases(metadata):
    """Return what a customer is called elsewhere, as its metadata say: ``saas_tenant``
    is the reference of a tenant, ``saas_customer_crm`` the id in the system ``crm``. A
    name or a value that can be no such id says nothing.
    """
    aliases = []
    for name in sorted(metadata.value):
        system = TENANT if name == _TENANT else name.removeprefix(_CUSTOMER)
        if system and system != name and "." not in name:
            value = metadata.text(name, "").strip()
            if 0 < len(value) <= _LONGEST:
                aliases.append(Alias(system=system, id=value))
    return tuple(aliases)


def read_address(data):
    """Return an address object as a fact's address; its fields may be empty."""
    return Address(
        street=data.text("line1", ""),
        street2=data.text("line2", ""),
        city=data.text("city", ""),
        zip=data.text("postal_code", ""),
        state_code=data.text("state", ""),
        country_code=data.text("country", "").upper(),
    )


def read_vat_numbers(tax_ids):
    """Return the VAT numbers among tax ids."""
    return tuple(tax_id.text("value", "") for tax_id in tax_ids if is_vat(tax_id))
