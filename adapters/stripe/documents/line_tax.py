"""Reads taxes as lines, shipping and heads of documents state them, in both shapes:
before and since basil.
"""

from ....canonical.facts import UNTAXED, TaxAmount, TaxRateDetails
from ..catalogue.tax_rate import read_details, read_percentage

#: What a customer's own status means for lines that state no reason.
#: https://docs.stripe.com/tax/zero-tax
_EXEMPTIONS = {"reverse": "reverse_charge", "exempt": "customer_exempt"}


def read_taxes(event, line):
    """Return the taxes of a line, and the sum of those its amount includes."""
    if event.is_basil:
        taxes = _read_basil(line.objects("taxes"))
    else:
        taxes = _read_before(line.objects("tax_amounts"), line.objects("tax_rates"))
    taxes = _keep(event, taxes)
    return taxes, sum(tax.amount for tax in taxes if tax.inclusive)


def read_shipping_taxes(event, cost):
    """Return the taxes of shipping, with whole rates; none if they were not expanded.
    https://docs.stripe.com/api/invoices/object#invoice_object-shipping_cost
    """
    taxes = []
    for tax in cost.objects("taxes"):
        whole = isinstance(tax.value.get("rate"), dict)
        details = read_details(tax.object("rate")) if whole else None
        taxes.append(
            TaxAmount(
                rate=tax.ref("rate", ""),
                inclusive=bool(details and details.inclusive),
                details=details,
                **_read_common(tax),
            )
        )
    return _keep(event, taxes)


def read_head_taxes(event, data):
    """Return a document's sums by rate, of whatever they are. What is older than rates
    has one percentage, and one amount.
    """
    rates = data.objects("default_tax_rates")
    if event.is_basil:
        taxes = _read_basil(data.objects("total_taxes"))
    else:
        listed = data.objects("total_tax_amounts") or data.objects("tax_amounts")
        taxes = _read_before(listed, rates)
    if taxes or event.is_basil or not data.integer("tax", 0):
        return taxes
    details = TaxRateDetails(percentage=read_percentage(data, "tax_percent"))
    return [TaxAmount(amount=data.integer("tax"), details=details)]


def _keep(event, taxes):
    """Return the taxes that say anything, with the reasons of the customer's status."""
    exemption = _EXEMPTIONS.get(event.data.text("customer_tax_exempt", ""))
    if exemption:
        taxes = _exempt(taxes, exemption)
    return tuple(
        tax for tax in taxes if tax.rate or tax.amount or tax.reason in UNTAXED
    )


def _read_basil(listed):
    return [
        TaxAmount(
            rate=tax.ref("tax_rate_details.tax_rate", ""),
            inclusive=tax.text("tax_behavior", "exclusive") == "inclusive",
            **_read_common(tax),
        )
        for tax in listed
    ]


def _read_before(listed, rates):
    """Read taxes of the shape before basil. It has the whole rates beside it, or in the
    amounts where a person asked Stripe to expand them.
    """
    details = {rate.ref("id"): rate for rate in rates}
    taxes = []
    for tax in listed:
        rate = tax.ref("tax_rate", "")
        if isinstance(tax.value.get("tax_rate"), dict):
            details[rate] = tax.object("tax_rate")
        taxes.append(
            TaxAmount(
                rate=rate,
                inclusive=tax.flag("inclusive"),
                details=read_details(details[rate]) if rate in details else None,
                **_read_common(tax),
            )
        )
    return taxes


def _read_common(tax):
    return {
        "amount": tax.integer("amount"),
        "reason": tax.text("taxability_reason", ""),
        "taxable": tax.integer("taxable_amount", None),
    }


def _exempt(taxes, exemption):
    """Return taxes with the reason that the customer's status gives to those that
    state none. With rates of one's own Stripe charges nothing and gives no reason; a
    line without any rate is meant as well: the document says so to the customer.
    """
    if not taxes:
        return [TaxAmount(amount=0, reason=exemption)]
    return [
        tax
        if tax.amount or tax.reason in UNTAXED
        else tax.model_copy(update={"reason": exemption})
        for tax in taxes
    ]
