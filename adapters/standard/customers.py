"""``customer.*``, and customers as documents name them."""

from ...canonical.facts import (
    Address,
    Alias,
    Customer,
    CustomerMerged,
    Exemption,
    Payer,
    TaxNumber,
)


def read_upserted(event, data):
    """Return one fact about a customer, in a list."""
    return [
        Customer(
            **_read_person(data),
            external_id=data.id,
            customer=data.id,
            version=event.order,
            vat_numbers=tuple(data.vat_numbers),
            registration_number=data.registration_number,
            also_known_as=tuple(
                Alias(system=known.system, id=known.id) for known in data.also_known_as
            ),
            parent=data.parent,
            tax_numbers=_read_tax_numbers(data),
            tax_exempt=data.tax_exempt,
            exemption=_read_exemption(data),
            e_invoice_address=data.e_invoice_address,
            language=data.language,
            residency_region=data.residency_region,
            currency=data.currency,
            deleted=data.deleted,
        )
    ]


def read_merged(event, data):
    """Return a fact for each customer that is another one from now on."""
    return [
        CustomerMerged(
            external_id=merged, customer=data.id, winner=data.id, version=event.order
        )
        for merged in dict.fromkeys(data.merged_ids)
        if merged != data.id
    ]


def read_party(data):
    """Return the customer that a document names."""
    return Customer(
        **_read_person(data),
        external_id=data.id,
        customer=data.id,
        vat_numbers=tuple(data.vat_numbers),
        stub=True,
    )


def read_payer(data):
    """Return who paid, without being a customer."""
    return Payer(**_read_person(data))


def _read_tax_numbers(data):
    """Return the tax numbers that a customer lists, or None if it says nothing."""
    if data.tax_numbers is None:
        return None
    return tuple(
        TaxNumber(
            type=number.type,
            value=number.value,
            country_code=number.country,
            is_vat=number.is_vat,
            is_eu=number.is_eu,
            verified=number.verified,
        )
        for number in data.tax_numbers
    )


def _read_exemption(data):
    given = data.exemption
    return given and Exemption(
        reason=given.reason, certificate=given.certificate, ends_on=given.ends_on
    )


def _read_person(data):
    address = data.address
    return {
        "name": data.name,
        "email": data.email,
        "phone": data.phone,
        "address": Address(
            street=address.line1,
            street2=address.line2,
            city=address.city,
            zip=address.postal_code,
            state_code=address.state,
            country_code=address.country,
        ),
    }
