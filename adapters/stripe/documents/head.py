"""Makes lines of what a document states at its head only: shipping, a discount, a tax.

Stripe spreads discounts and taxes over the lines of what it makes today, and shipping
is never a line. Older documents, and credit notes of shipping or tax alone, have heads
that their lines do not explain. https://docs.stripe.com/api/invoices/object
"""

from ....canonical.facts import DocumentLine, Head, TaxAmount
from .document import read_lines_complete, sum_discounts
from .head_tax import find_left, place, subtract
from .line_tax import read_head_taxes, read_shipping_taxes


def read_lines(event, data, read_line):
    """Return the lines of a document, and those that its head makes necessary.

    A head is believed only where the total needs it: if it explains the total neither
    as a whole nor by one of its parts, the lines stay as they are, and a person sees
    that they don't come to the total.

    :param read_line: takes an event and a line's reader, and returns the line.
    """
    given = [*data.objects("lines.data")]
    lines = [read_line(event, line) for line in given]
    if not read_lines_complete(data):
        return (*lines,)  # the rest is read, and then the head makes sense
    left = find_left(read_head_taxes(event, data), lines)
    if data.has("shipping_cost"):
        shipping, left = _read_shipping(event, data.object("shipping_cost"), left)
        lines += [shipping] if shipping.gross else []
    gap = data.integer("total") - sum(line.gross for line in lines)
    tax = sum(part.amount for part in left if not part.inclusive)
    discount = _find_discount(data, given, tax - gap)
    if gap == tax - discount:
        return _explain(lines, discount, left)
    if gap == -discount:
        return _explain(lines, discount, [])
    return _explain(lines, 0, left if gap == tax else [])


def _read_shipping(event, cost, left):
    """Return the line of shipping, and the taxes that nothing explains then.

    The taxes of shipping come only where they were asked for. Without them, what the
    lines leave of the document's taxes tells, if it is as much.
    """
    charged = cost.integer("amount_tax", 0)
    taxes = read_shipping_taxes(event, cost)
    if not taxes and charged and charged == sum(tax.amount for tax in left):
        taxes, left = (*left,), []
    elif sum(tax.amount for tax in taxes) != charged:
        taxes = (TaxAmount(amount=charged),)
    line = DocumentLine(
        external_id=Head.SHIPPING,
        product=Head.SHIPPING,
        price=cost.ref("shipping_rate", ""),
        description=_read_name(cost),
        net=cost.integer("amount_total") - charged,
        taxes=taxes,
    )
    # Whether the document's sums hold the taxes of shipping is nowhere said.
    rest = subtract(left, [line])
    return line, left if any(tax.amount < 0 for tax in rest) else rest


def _read_name(cost):
    """Return what the customer sees the shipping called, where the rate is whole."""
    if not isinstance(cost.value.get("shipping_rate"), dict):
        return ""
    return cost.text("shipping_rate.display_name", "")


def _find_discount(data, lines, needed):
    """Return how much the head's discounts are beyond those of the lines.

    The oldest documents name the coupon, and no amount: it is what the total needs, if
    that is what the coupon gives.
    """
    stated = sum_discounts(
        data, "total_discount_amounts", "total_pretax_credit_amounts"
    )
    if not stated:  # as credit notes name them
        stated = sum_discounts(data, "discount_amounts", "pretax_credit_amounts")
    if stated:
        given = sum(
            sum_discounts(line, "discount_amounts", "pretax_credit_amounts")
            for line in lines
        )
        return max(stated - given, 0)
    coupon = data.object("discount.coupon") if data.has("discount.coupon") else None
    if coupon is None or needed <= 0:
        return 0
    subtotal = data.integer("subtotal", 0)
    if coupon.has("percent_off"):
        error = abs(100 * needed - subtotal * coupon.decimal("percent_off"))
        return needed if error <= 100 else 0
    return needed if needed == min(coupon.integer("amount_off", 0), subtotal) else 0


def _explain(lines, discount, left):
    """Return the lines with a discount, above zero, and with the taxes ``left``."""
    if discount:
        lines = [
            *lines,
            DocumentLine(
                external_id=Head.DISCOUNT, product=Head.DISCOUNT, net=-discount
            ),
        ]
    return place(lines, left)
