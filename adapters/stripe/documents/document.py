"""What the lines of invoices and credit notes have in common, in both shapes."""

from .line_tax import read_taxes


def read_amounts(event, line):
    """Return ``net`` and ``taxes`` of a line.

    Stripe's ``amount`` is before discounts, and holds inclusive taxes:
    https://docs.stripe.com/api/invoice-line-item/object
    """
    taxes, inclusive = read_taxes(event, line)
    net = line.integer("amount") - inclusive
    net -= sum_discounts(line, "discount_amounts", "pretax_credit_amounts")
    return {"net": net, "taxes": taxes}


def sum_discounts(data, discounts, credits_):
    """Return the sum of discounts, and of credits that lower what is taxed.

    :param discounts, credits_: the keys of the two lists.
    """
    return sum(part.integer("amount") for part in data.objects(discounts)) + sum(
        part.integer("amount")
        for part in data.objects(credits_)
        if not part.has("discount")  # this list names those once more
    )


def read_lines_complete(data):
    """Return whether the payload holds all lines, and not their first page."""
    return not data.flag("lines.has_more")
