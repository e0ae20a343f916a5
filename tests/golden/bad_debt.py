"""Golden cases of invoices that were given up, with and without relief of their tax.

As in ``case.py``; BAD is what was given up. Covers handlers/documents/write_off.
"""

from .case import Case

GIVEN_UP = """
M-17 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
M-20 entry
    AR -119.00
    BAD +119.00
"""
RECOVERED = (
    GIVEN_UP
    + """
M-22 entry
    AR +119.00
    BAD -119.00
M-22 entry
    AR -119.00
    SC +119.00
"""
)
#: Paid after all, but nobody said that it was given up: then there is no loss.
ONLY_PAID = """
M-17 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
M-22 entry
    AR -119.00
    SC +119.00
"""
GIVEN_UP_VOIDED = """
M-17 out_invoice reversed
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
M-20 entry
    AR -119.00
    BAD +119.00
M-23 entry
    AR +119.00
    BAD -119.00
M-23 out_refund paid
    AR -119.00
    REV +100.00 {19% VAT}
    TAX +19.00
"""
RELIEF = """
M-17 out_invoice reversed
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
M-20 out_refund paid
    AR -119.00
    TAX +19.00
    BAD +100.00 {19% VAT}
"""
RELIEF_RECOVERED = """
M-17 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
M-20 out_refund paid
    AR -119.00
    TAX +19.00
    BAD +100.00 {19% VAT}
M-22 entry
    AR -119.00
    SC +119.00
M-22 out_invoice reversed
    AR +119.00
    TAX -19.00
    BAD -100.00 {19% VAT}
"""
RECOVERY = (
    "invoice.marked_uncollectible",
    "before:charge.succeeded-recovered",
    "basil:invoice_payment.paid-recovered",
    "invoice.paid-recovered",
)

CASES = {
    "uncollectible": Case(("invoice.marked_uncollectible",), GIVEN_UP),
    "uncollectible_paid": Case(RECOVERY, RECOVERED),
    "uncollectible_paid_backwards": Case(RECOVERY[::-1], RECOVERED),
    "uncollectible_unheard_of": Case(RECOVERY[1:], ONLY_PAID),
    "uncollectible_voided": Case(
        ("invoice.marked_uncollectible-to_void", "invoice.voided-uncollectible"),
        GIVEN_UP_VOIDED,
    ),
    "uncollectible_voided_first": Case(
        ("invoice.voided-uncollectible", "invoice.marked_uncollectible-to_void"),
        GIVEN_UP_VOIDED,
    ),
    "uncollectible_in_part": Case(
        ("invoice_payment.paid-lost_part", "invoice.marked_uncollectible-partial"),
        """
M-17 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
M-18 entry
    AR -50.00
    SC +50.00
M-21 entry
    AR -69.00
    BAD +69.00
""",
        shapes=("basil",),
    ),
    "tax_relief": Case(
        ("invoice.marked_uncollectible",),
        RELIEF,
        setup=(("bad_debt_tax_relief", True),),
    ),
    "tax_relief_in_part": Case(
        ("invoice_payment.paid-lost_part", "invoice.marked_uncollectible-partial"),
        """
M-17 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
M-18 entry
    AR -50.00
    SC +50.00
M-21 out_refund paid
    AR -69.00
    TAX +11.02
    BAD +57.98 {19% VAT}
""",
        shapes=("basil",),
        setup=(("bad_debt_tax_relief", True),),
    ),
    "tax_relief_paid": Case(
        RECOVERY, RELIEF_RECOVERED, setup=(("bad_debt_tax_relief", True),)
    ),
    "tax_relief_paid_backwards": Case(
        RECOVERY[::-1], RELIEF_RECOVERED, setup=(("bad_debt_tax_relief", True),)
    ),
}
