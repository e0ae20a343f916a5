"""What the lines of invoices and credit notes have in common, in both shapes."""

from ...canonical.facts import TaxAmount


def read_amounts(event, line):
    """Return ``net`` and ``taxes`` of a line.

    Stripe's ``amount`` is before discounts, and holds inclusive taxes:
    https://docs.stripe.com/api/invoice-line-item/object
    """
    taxes, inclusive = read_taxes(event, line)
    net = line.integer("amount") - inclusive
    net -= sum(part.integer("amount") for part in line.objects("discount_amounts"))
    net -= sum(
        part.integer("amount")
        for part in line.objects("pretax_credit_amounts")
        if part.text("type", "") != "discount"  # this list names those once more
    )
    return {"net": net, "taxes": taxes}


def read_taxes(event, line):
    """Return the taxes of a line, and the sum of those its amount includes."""
    if event.is_basil:
        stated = [
            (
                tax.ref("tax_rate_details.tax_rate", ""),
                tax.integer("amount"),
                tax.text("tax_behavior", "exclusive") == "inclusive",
            )
            for tax in line.objects("taxes")
        ]
    else:
        stated = [
            (tax.ref("tax_rate", ""), tax.integer("amount"), tax.flag("inclusive"))
            for tax in line.objects("tax_amounts")
        ]
    taxes = tuple(
        TaxAmount(rate=rate, amount=amount)
        for rate, amount, _inclusive in stated
        if rate or amount
    )
    return taxes, sum(amount for _rate, amount, inclusive in stated if inclusive)


def read_lines_complete(data):
    """Return whether the payload holds all lines, and not their first page."""
    return not data.flag("lines.has_more")
