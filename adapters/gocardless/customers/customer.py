"""Reads customers. GoCardless sends no events of them: each is fetched with what it
pays. https://developer.gocardless.com/api-reference/#core-endpoints-customers
"""

from ....canonical.facts import Address, Customer


def read(event):
    """Return a fact about a customer, in a list: a company goes by its own name, a
    person by both of theirs.
    """
    data = event.data
    person = f"{data.text('given_name', '')} {data.text('family_name', '')}".strip()
    return [
        Customer(
            external_id=data.ref("id"),
            customer=data.ref("id"),
            version=event.version,
            name=data.text("company_name", "") or person,
            email=data.text("email", ""),
            phone=data.text("phone_number", ""),
            address=_read_address(data),
        )
    ]


def _read_address(data):
    """Return the address; a third line goes with the second."""
    more = [data.text("address_line2", ""), data.text("address_line3", "")]
    return Address(
        street=data.text("address_line1", ""),
        street2=", ".join(filter(None, more)),
        city=data.text("city", ""),
        zip=data.text("postal_code", ""),
        state_code=data.text("region", ""),
        country_code=data.text("country_code", "").upper(),
    )
