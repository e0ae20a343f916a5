"""Reads the taxes of a line, in both shapes of an invoice: before and since basil."""

from ....canonical.facts import UNTAXED, TaxAmount
from ..catalogue.tax_rate import read_details

#: What a customer's own status means for lines that state no reason.
#: https://docs.stripe.com/tax/zero-tax
_EXEMPTIONS = {"reverse": "reverse_charge", "exempt": "customer_exempt"}


def read_taxes(event, line):
    """Return the taxes of a line, and the sum of those its amount includes."""
    taxes = _read_basil(line) if event.is_basil else _read_before(line)
    exemption = _EXEMPTIONS.get(event.data.text("customer_tax_exempt", ""))
    if exemption:
        taxes = _exempt(taxes, exemption)
    inclusive = sum(tax.amount for tax in taxes if tax.inclusive)
    kept = (tax for tax in taxes if tax.rate or tax.amount or tax.reason in UNTAXED)
    return tuple(kept), inclusive


def _read_basil(line):
    return [
        TaxAmount(
            rate=tax.ref("tax_rate_details.tax_rate", ""),
            inclusive=tax.text("tax_behavior", "exclusive") == "inclusive",
            **_read_common(tax),
        )
        for tax in line.objects("taxes")
    ]


def _read_before(line):
    """Read a line of the shape before basil. It has the whole rates beside it, or in
    the amounts where a person asked Stripe to expand them.
    """
    details = {rate.text("id"): rate for rate in line.objects("tax_rates")}
    taxes = []
    for tax in line.objects("tax_amounts"):
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
