"""What the lines of invoices and credit notes have in common, in both shapes."""

from .line_tax import read_taxes


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


def read_lines_complete(data):
    """Return whether the payload holds all lines, and not their first page."""
    return not data.flag("lines.has_more")
