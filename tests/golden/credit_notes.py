"""What credit notes do to the books where they are not of the plain kind, written from
the accounting rules alone. See ``case.py`` for how to read them.

Covers adapters/stripe/documents/credit_note and handlers/documents/credit_note.
"""

from .case import CREDIT_OPEN, MAIN_PAID, OUTSIDE, PAID, UNEXPLAINED, Case
from .invoices import OUTSIDE_OPEN

#: 100.00 were paid, so 138.00 of the credit settle the rest, 30.00 are refunded and
#: 10.50 are the customer's.
MIXED = """
M-17 out_invoice paid
    AR +238.00
    REV -200.00 {19% VAT}
    TAX -38.00
M-18 entry
    AR -100.00
    SC +100.00
M-20 entry
    AR +10.50
    BAL -10.50
M-20 entry
    AR +30.00
    SC -30.00
M-20 out_refund paid
    AR -178.50
    REV +150.00 {19% VAT}
    TAX +28.50
"""
MIXED_STORY = (
    "invoice.finalized-mixed",
    "invoice_payment.paid-mixed",
    "credit_note.created-mixed",
    "refund.created-mixed",
)
#: The second refund is of more than the credit note: 10.50 of it are unexplained.
REFUNDS = """
M-17 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
M-18 entry
    AR -119.00
    SC +119.00
M-21 entry
    AR +20.00
    SC -20.00
M-21 entry
    AR +50.00 open +10.50
    SC -50.00
M-21 out_refund paid
    AR -59.50
    REV +50.00 {19% VAT}
    TAX +9.50
"""
REFUNDS_STORY = (
    "invoice.finalized-to_refund",
    "invoice_payment.paid-to_refund",
    "refund.created-first",
    "refund.created-second",
    "credit_note.created-refunds",
)
REFUND_AND_BALANCE = (
    MAIN_PAID
    + """
M-21 entry
    AR +11.90
    SC -11.90
M-21 entry
    AR +11.90
    BAL -11.90
M-21 out_refund paid
    AR -23.80
    REV +20.00 {19% VAT}
    TAX +3.80
"""
)

CASES = {
    "credit_mixed": Case(MIXED_STORY, MIXED, shapes=("basil",)),
    "credit_mixed_backwards": Case(MIXED_STORY[::-1], MIXED, shapes=("basil",)),
    "credit_mixed_before_its_money": Case(
        (MIXED_STORY[0], *MIXED_STORY[:0:-1]), MIXED, shapes=("basil",)
    ),
    "credit_by_refunds": Case(
        REFUNDS_STORY, REFUNDS, shapes=("basil",), activities=(UNEXPLAINED,)
    ),
    "credit_by_refunds_backwards": Case(
        REFUNDS_STORY[::-1], REFUNDS, shapes=("basil",), activities=(UNEXPLAINED,)
    ),
    "credit_by_refund_and_balance": Case(
        (*PAID, "refund.created-half", "credit_note.created-refund_and_balance"),
        REFUND_AND_BALANCE,
        shapes=("before",),
    ),
    "credit_waits_for_the_refund_s_amount": Case(
        (*PAID, "credit_note.created-refund_and_balance"),
        MAIN_PAID,
        waiting=("credit_note.created",),
        shapes=("before",),
    ),
    "credit_to_balance_voided": Case(
        (*PAID, "credit_note.voided-balance", "credit_note.created-balance"),
        MAIN_PAID
        + """
M-15 entry
    AR +11.90
    BAL -11.90
M-15 out_refund paid
    AR -11.90
    REV +10.00 {19% VAT}
    TAX +1.90
M-24 entry
    AR -11.90
    BAL +11.90
M-24 out_invoice reversed
    AR +11.90
    REV -10.00 {19% VAT}
    TAX -1.90
""",
    ),
    "credit_outside": Case(
        ("invoice.paid-out_of_band", "credit_note.created-out_of_band"),
        OUTSIDE_OPEN
        + """
M-21 out_refund not_paid
    AR -11.90 open -11.90
    REV +10.00 {19% VAT}
    TAX +1.90
""",
        activities=(OUTSIDE, OUTSIDE),
    ),
    "credit_outside_voided": Case(
        (
            "invoice.paid-out_of_band",
            "credit_note.created-out_of_band",
            "credit_note.voided-out_of_band",
        ),
        OUTSIDE_OPEN
        + """
M-21 out_refund paid
    AR -11.90
    REV +10.00 {19% VAT}
    TAX +1.90
M-24 out_invoice reversed
    AR +11.90
    REV -10.00 {19% VAT}
    TAX -1.90
""",
        activities=(OUTSIDE,),
    ),
    "credit_updated": Case(
        (
            "invoice.finalized-to_credit",
            "credit_note.created-pre_payment",
            "credit_note.updated",
        ),
        CREDIT_OPEN,
    ),
}
