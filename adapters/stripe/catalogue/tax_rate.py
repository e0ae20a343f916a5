"""``tax_rate.created`` and ``updated``, and rates that lines hold as whole objects.
https://docs.stripe.com/api/tax_rates/object
"""

from decimal import Decimal

from ....canonical.facts import PERCENTAGE_PLACES, TaxRate, TaxRateDetails

#: A percentage with more digits is none, and would not fit on the way.
_LARGEST = 10**6


def read(event):
    """Return one fact about a tax rate, in a list."""
    data = event.data
    return [
        TaxRate(
            external_id=data.ref("id"),
            version=event.version,
            details=read_details(data),
        )
    ]


def read_details(data):
    """Return what a tax rate's object says. The percentage is the one really used:
    Stripe's ``percentage`` counts jurisdictions in that don't tax.
    """
    return TaxRateDetails(
        percentage=_read_percentage(data),
        inclusive=data.flag("inclusive"),
        country=data.text("country", "").upper(),
        state=data.text("state", "").upper(),
        jurisdiction=data.text("jurisdiction", ""),
        tax_type=data.text("tax_type", ""),
        display_name=data.text("display_name", ""),
        active=data.flag("active", True),
    )


def _read_percentage(data):
    if data.text("rate_type", "percentage") != "percentage":
        return None  # a flat amount, such as a fee for a delivery
    percentage = read_percentage(data, "effective_percentage")
    if percentage is None:  # versions before 2022 have only this
        percentage = read_percentage(data, "percentage")
    return percentage


def read_percentage(data, path):
    """Return the percentage at ``path``, with the places that facts keep; or None."""
    percentage = data.decimal(path, None)
    if percentage is None or abs(percentage) > _LARGEST:
        return percentage
    return percentage.quantize(Decimal(1).scaleb(-PERCENTAGE_PLACES))
