"""What rarer facts of invoices do to the books, written from the accounting rules
alone. See ``case.py`` for how to read them; BAL is what customers have to their
credit, and ADJ the other side of adjustments.

Covers adapters/stripe/documents/credit_change and
handlers/documents/credit_adjustment.
"""

from .case import MAIN_OPEN, NOT_FINALIZED, OUTSIDE, Case

BALANCE = """
M-16 entry
    AR -50.00
    BAL +50.00
M-16 out_invoice partial
    AR +119.00 open +69.00
    REV -100.00 {19% VAT}
    TAX -19.00
"""
BALANCE_VOIDED = """
M-16 entry
    AR -50.00
    BAL +50.00
M-16 out_invoice reversed
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
M-18 entry
    AR +50.00
    BAL -50.00
M-18 out_refund paid
    AR -119.00
    REV +100.00 {19% VAT}
    TAX +19.00
"""
OVERPAID = """
M-17 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
M-19 entry
    AR +31.00
    BAL -31.00
M-19 entry
    AR -150.00
    SC +150.00
"""
OUTSIDE_OPEN = """
M-10 out_invoice not_paid
    AR +119.00 open +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
"""
EUR_OPEN = """
M-11 out_invoice not_paid
    AR +148.75 (+119.00 EUR) open +119.00
    REV -125.00 (-100.00 EUR) {19% VAT}
    TAX -23.75 (-19.00 EUR)
"""

CASES = {
    # -- customer balance -----------------------------------------------------
    "balance_applied": Case(("invoice.finalized-balance",), BALANCE),
    "balance_given_back": Case(
        ("invoice.finalized-balance_to_void", "invoice.voided-balance"), BALANCE_VOIDED
    ),
    "balance_given_back_first": Case(
        ("invoice.voided-balance", "invoice.finalized-balance_to_void"), BALANCE_VOIDED
    ),
    "too_small": Case(
        ("invoice.finalized-too_small",),
        """
M-16 entry
    AR -0.30
    BAL +0.30
M-16 out_invoice paid
    AR +0.30
    REV -0.30
""",
    ),
    "overpaid": Case(
        ("invoice_payment.paid-overpaid", "invoice.overpaid"),
        OVERPAID,
        shapes=("basil",),
    ),
    "overpaid_first": Case(
        ("invoice.overpaid", "invoice_payment.paid-overpaid", "invoice.overpaid"),
        OVERPAID,
        shapes=("basil",),
    ),
    "adjustments": Case(
        (
            "customer.created",
            "pulled.customer_balance_transaction-adjustment",
            "pulled.customer_balance_transaction-debit",
            "pulled.customer_balance_transaction-applied",
        ),
        """
M-25 entry
    BAL -25.00
    ADJ +25.00
M-26 entry
    BAL +7.00
    ADJ -7.00
""",
        shapes=("basil",),
    ),
    "adjustment_of_unknown_customer": Case(
        ("pulled.customer_balance_transaction-adjustment",),
        "",
        waiting=("pulled.customer_balance_transaction",),
        shapes=("basil",),
    ),
    # -- money that went past the source ---------------------------------------
    "payment_record": Case(
        ("invoice_payment.paid-outside", "invoice.paid-out_of_band"),
        OUTSIDE_OPEN,
        activities=(OUTSIDE,),
        shapes=("basil",),
    ),
    "payment_record_of_unknown_invoice": Case(
        ("invoice_payment.paid-outside",),
        "",
        waiting=("invoice_payment.paid",),
        shapes=("basil",),
    ),
    # -- nothing to book ------------------------------------------------------
    "draft": Case(("invoice.updated-draft", "invoice.deleted"), ""),
    "draft_after_finalized": Case(
        ("invoice.finalized", "invoice.updated-draft"), MAIN_OPEN
    ),
    "not_finalized": Case(
        ("customer.created", "invoice.finalization_failed"),
        "",
        activities=(NOT_FINALIZED,),
    ),
    "finalized_after_all": Case(
        (
            "customer.created",
            "invoice.finalization_failed-mended",
            "invoice.finalized-balance",
        ),
        BALANCE,
    ),
    "finalized_before_its_failure": Case(
        ("invoice.finalized-balance", "invoice.finalization_failed-mended"), BALANCE
    ),
    "not_finalized_but_deleted": Case(
        (
            "customer.created",
            "invoice.deleted",
            "invoice.finalization_failed-deleted",
        ),
        "",
    ),
    "told_again": Case(
        (
            "invoice.finalized-eur",
            "invoice.sent",
            "invoice.updated",
            "invoice.will_be_due",
            "invoice.overdue",
        ),
        EUR_OPEN,
    ),
}
