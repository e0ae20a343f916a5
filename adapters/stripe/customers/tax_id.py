"""``customer.tax_id.created``, ``updated`` and ``deleted``, and the tax ids that a
customer's object lists. https://docs.stripe.com/api/tax_ids/object
"""

from ....canonical.facts import TaxId
from ..event import read_customer_ref


def read(event):
    """Return the number; None for one of the account itself, or of an application."""
    customer = read_customer_ref(event.data)
    if not customer:
        return None
    deleted = event.type == "customer.tax_id.deleted"
    return [_read(event, event.data, customer, deleted)]


def read_listed(event, customer):
    """Return the numbers in a customer's list, which is there where it was expanded."""
    return [
        _read(event, tax_id, customer)
        for tax_id in event.data.objects("tax_ids.data")
        if tax_id.has("id")
    ]


def is_vat(tax_id):
    """Return whether a tax id is a VAT number; a US EIN, say, is none."""
    return tax_id.text("type", "").endswith("_vat") and tax_id.has("value")


def _read(event, tax_id, customer, deleted=False):
    return TaxId(
        external_id=tax_id.ref("id"),
        customer=customer,
        version=event.version,
        type=tax_id.text("type"),
        value=tax_id.text("value"),
        country_code=tax_id.text("country", "").upper(),
        is_vat=is_vat(tax_id),
        is_eu=tax_id.text("type") == "eu_vat",
        verified=tax_id.text("verification.status", "") == "verified",
        created_at=tax_id.moment("created"),
        deleted=deleted,
    )
