"""Golden cases of what stands only at the head of a document: shipping, a discount or a
tax that no line has, and credit notes of shipping or of tax alone. As in ``case.py``.

A tax alone is booked as its base with the tax, and that base taken away without any: so
the report shows the base that the tax is of, and income stays as it was.

Covers adapters/stripe/documents/head, adapters/stripe/documents/head_tax,
adapters/stripe/documents/line_tax and handlers/documents/document.
"""

from .case import Case

SHIPPED = """
M-12 out_invoice {state}
    AR +130.90{open}
    REV -100.00 {{19% VAT}}
    REV -10.00 {{19% VAT}}
    TAX -20.90
"""
#: 25 % off 300.00, and the tax of what is left.
DISCOUNTED = """
M-13 out_invoice {state}
    AR +267.75{open}
    REV -200.00 {{19% VAT}}
    REV -100.00 {{19% VAT}}
    REV +75.00 {{19% VAT}}
    TAX -42.75
"""
#: One of two lines is taxed, and the head alone tells.
PART_TAXED = """
M-14 out_invoice {state}
    AR +169.00{open}
    REV -100.00
    REV -100.00 {{19% VAT}}
    REV -50.00
    REV +100.00
    TAX -19.00
"""
SHIPPING_CREDITED = """
M-14 out_refund paid
    AR -11.90
    REV +10.00 {19% VAT}
    TAX +1.90
"""
TAX_CREDITED = """
M-15 out_refund paid
    AR -19.00
    REV -100.00
    REV +100.00 {19% VAT}
    TAX +19.00
"""
SHIPPING_BACK = """
M-13 entry
    AR -130.90
    SC +130.90
M-16 entry
    AR +11.90
    SC -11.90
M-16 out_refund paid
    AR -11.90
    REV +10.00 {19% VAT}
    TAX +1.90
"""
_BACK = (
    "invoice.finalized-shipping_paid",
    "charge.succeeded-shipping",
    "basil:invoice_payment.paid-shipping",
    "credit_note.created-shipping_paid",
    "refund.created-shipping",
)
_SHIPPED = ("invoice.finalized-shipping", "credit_note.created-shipping")
_LINE = ("invoice.finalized-head_discount", "credit_note.created-tax_line")
_ALONE = ("invoice.finalized-head_tax", "credit_note.created-tax_alone")


def _open(books, amount):
    """Return the books of an invoice of which ``amount`` is open."""
    state = "partial" if amount not in books else "not_paid"
    return books.format(state=state, open=f" open {amount}")


CASES = {
    "shipping": Case(_SHIPPED[:1], _open(SHIPPED, "+130.90")),
    "shipping_credited": Case(_SHIPPED, _open(SHIPPED, "+119.00") + SHIPPING_CREDITED),
    "shipping_credited_first": Case(
        _SHIPPED[::-1], _open(SHIPPED, "+119.00") + SHIPPING_CREDITED
    ),
    "shipping_refunded": Case(
        _BACK, SHIPPED.format(state="paid", open="") + SHIPPING_BACK
    ),
    "shipping_refunded_backwards": Case(
        _BACK[::-1], SHIPPED.format(state="paid", open="") + SHIPPING_BACK
    ),
    "head_discount": Case(_LINE[:1], _open(DISCOUNTED, "+267.75")),
    "head_of_one_amount": Case(
        ("invoice.finalized-oldest",),
        _open(DISCOUNTED, "+267.75").replace("M-13", "M-15"),
        shapes=("before",),
    ),
    "head_tax_of_a_part": Case(_ALONE[:1], _open(PART_TAXED, "+169.00")),
    "tax_credited_on_a_line": Case(_LINE, _open(DISCOUNTED, "+248.75") + TAX_CREDITED),
    "tax_credited_at_the_head": Case(
        _ALONE, _open(PART_TAXED, "+150.00") + TAX_CREDITED
    ),
    "tax_credited_and_voided": Case(
        (*_ALONE, "credit_note.voided-tax_alone"),
        _open(PART_TAXED, "+169.00")
        + TAX_CREDITED
        + """
M-17 out_invoice reversed
    AR +19.00
    REV -100.00 {19% VAT}
    REV +100.00
    TAX -19.00
""",
    ),
}
