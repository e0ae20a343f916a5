"""Golden cases of what every account sees: invoices, the same money once, refunds and
plain credit notes. See ``case.py`` for how to read them.

Covers adapters/stripe/documents/document, adapters/stripe/documents/invoice,
handlers/payments/payment, handlers/payments/refund and handlers/payments/refund.
"""

from .case import (
    BOUNCED,
    CREDIT_OPEN,
    CREDIT_VOIDED,
    EUR_PARTIAL,
    FAILED,
    JPY_PAID,
    MAIN_APART,
    MAIN_OPEN,
    MAIN_PAID,
    OUTSIDE,
    PAID,
    PLAIN_REFUND,
    POST_PAYMENT,
    UNEXPLAINED,
    VOIDED,
    ZERO,
    Case,
)

CASES = {
    # -- contacts and contracts: nothing is booked ----------------------------
    "customer": Case(("customer.created", "customer.updated", "customer.deleted"), ""),
    "subscription": Case(
        (
            "customer.created",
            "customer.subscription.created",
            "customer.subscription.updated",
            "customer.subscription.deleted",
        ),
        "",
    ),
    # -- invoices -------------------------------------------------------------
    "finalized": Case(("invoice.finalized",), MAIN_OPEN),
    "finalized_twice": Case(("invoice.finalized", "invoice.finalized"), MAIN_OPEN),
    "paid_before_finalized": Case(("invoice.paid", "invoice.finalized"), MAIN_OPEN),
    "paid_without_money": Case(("invoice.payment_succeeded",), MAIN_OPEN),
    "paid_out_of_band": Case(
        ("invoice.paid-out_of_band",),
        """
M-10 out_invoice not_paid
    AR +119.00 open +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
""",
        activities=(OUTSIDE,),
    ),
    "failed": Case(
        ("invoice.payment_failed",),
        """
M-03 out_invoice not_paid
    AR +119.00 open +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
""",
        activities=(FAILED,),
    ),
    "voided": Case(("invoice.finalized-to_void", "invoice.voided"), VOIDED),
    "voided_first": Case(("invoice.voided", "invoice.finalized-to_void"), VOIDED),
    "voided_elsewhere": Case(
        ("invoice.finalized-to_void", "invoice.voided"),
        VOIDED.replace("M-06", "M-07"),
        tz="Europe/Berlin",
    ),
    "discount": Case(
        ("invoice.finalized-discount",),
        """
M-05 out_invoice not_paid
    AR +178.50 open +178.50
    REV -150.00 {19% VAT}
    TAX -28.50
""",
    ),
    "proration": Case(
        ("invoice.finalized-proration",),
        """
M-07 out_invoice not_paid
    AR +35.70 open +35.70
    REV -50.00 {19% VAT}
    REV +20.00 {19% VAT}
    TAX -5.70
""",
    ),
    "inclusive": Case(
        ("invoice.finalized-inclusive",),
        """
M-08 out_invoice not_paid
    AR +119.00 open +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
""",
    ),
    "negative": Case(
        ("invoice.finalized-negative",),
        """
M-09 entry
    AR +59.50
    BAL -59.50
M-09 out_refund reversed
    AR -59.50
    REV -30.00 {19% VAT}
    REV +80.00 {19% VAT}
    TAX +9.50
""",
    ),
    "zero": Case(("invoice.finalized-zero", "invoice.paid-zero"), ZERO),
    "zero_paid_only": Case(("invoice.paid-zero",), ZERO),
    "jpy": Case(
        ("invoice.finalized-jpy", "charge.succeeded-jpy", "invoice.paid-jpy"), JPY_PAID
    ),
    "eur": Case(
        ("invoice.finalized-eur",),
        """
M-11 out_invoice not_paid
    AR +148.75 (+119.00 EUR) open +119.00
    REV -125.00 (-100.00 EUR) {19% VAT}
    TAX -23.75 (-19.00 EUR)
""",
    ),
    # -- the same money once --------------------------------------------------
    "paid": Case(PAID, MAIN_PAID),
    "paid_backwards": Case(PAID[::-1], MAIN_PAID),
    "paid_twice": Case(PAID + PAID, MAIN_PAID),
    "charge": Case(
        ("invoice.finalized", "charge.succeeded"), MAIN_PAID, shapes=("before",)
    ),
    "charge_of_unknown_invoice": Case(
        ("invoice.finalized", "charge.succeeded"), MAIN_APART, shapes=("basil",)
    ),
    "intent": Case(
        ("invoice.finalized", "payment_intent.succeeded"),
        MAIN_PAID,
        shapes=("before",),
    ),
    "intent_of_unknown_invoice": Case(
        ("invoice.finalized", "payment_intent.succeeded"),
        MAIN_APART,
        shapes=("basil",),
    ),
    "invoice_payment": Case(
        ("invoice.finalized", "invoice_payment.paid"), MAIN_PAID, shapes=("basil",)
    ),
    "invoice_payment_first": Case(
        ("invoice_payment.paid", "invoice.finalized"), MAIN_PAID, shapes=("basil",)
    ),
    "invoice_names_payment": Case(
        ("charge.succeeded", "before:invoice.paid", "basil:invoice.paid-expanded"),
        MAIN_PAID,
    ),
    "charge_before_invoice": Case(
        ("customer.created", "charge.succeeded"),
        """
M-02 entry
    AR -119.00 open -119.00
    SC +119.00
""",
    ),
    "money_of_nobody": Case(
        ("charge.succeeded",), "", waiting=("charge.succeeded",), shapes=("basil",)
    ),
    "partial": Case(
        ("invoice.finalized-eur", "invoice_payment.paid-partial"),
        EUR_PARTIAL,
        shapes=("basil",),
    ),
    "partial_and_its_charge": Case(
        (
            "charge.succeeded-partial",
            "invoice.finalized-eur",
            "invoice_payment.paid-partial",
        ),
        EUR_PARTIAL,
        shapes=("basil",),
    ),
    # -- refunds --------------------------------------------------------------
    "refund": Case((*PAID, "refund.created"), PLAIN_REFUND, activities=(UNEXPLAINED,)),
    "refund_in_every_way": Case(
        (
            "charge.refunded",
            "refund.updated",
            *PAID,
            "refund.created",
            "charge.refunded",
        ),
        PLAIN_REFUND,
        activities=(UNEXPLAINED,),
    ),
    "refund_listed": Case(
        (*PAID, "charge.refunded-with_refunds", "refund.created"),
        PLAIN_REFUND,
        activities=(UNEXPLAINED,),
        shapes=("before",),
    ),
    "refund_total_alone": Case(
        (*PAID, "charge.refunded"), MAIN_PAID, waiting=("charge.refunded",)
    ),
    "refund_of_unknown_payment": Case(
        ("refund.created",), "", waiting=("refund.created",)
    ),
    "refund_pending": Case((*PAID, "refund.created-pending"), MAIN_PAID),
    "refund_bounced": Case((*PAID, "refund.created-bounced", "refund.failed"), BOUNCED),
    "refund_bounced_backwards": Case(
        (*PAID, "refund.failed", "refund.created-bounced"), BOUNCED
    ),
    # -- credit notes ---------------------------------------------------------
    "credit_before_payment": Case(
        ("invoice.finalized-to_credit", "credit_note.created-pre_payment"), CREDIT_OPEN
    ),
    "credit_before_its_invoice": Case(
        ("credit_note.created-pre_payment", "invoice.finalized-to_credit"), CREDIT_OPEN
    ),
    "credit_voided": Case(
        (
            "invoice.finalized-to_credit",
            "credit_note.created-pre_payment",
            "credit_note.voided",
        ),
        CREDIT_VOIDED,
    ),
    "credit_voided_first": Case(
        (
            "invoice.finalized-to_credit",
            "credit_note.voided",
            "credit_note.created-pre_payment",
        ),
        CREDIT_VOIDED,
    ),
    "credit_after_payment": Case(
        (*PAID, "credit_note.created-post_payment", "refund.created-credited"),
        POST_PAYMENT,
    ),
    "credit_after_its_refund": Case(
        (*PAID, "refund.created-credited", "credit_note.created-post_payment"),
        POST_PAYMENT,
    ),
    "credit_to_balance": Case(
        (*PAID, "credit_note.created-balance"),
        MAIN_PAID
        + """
M-15 entry
    AR +11.90
    BAL -11.90
M-15 out_refund reversed
    AR -11.90
    REV +10.00 {19% VAT}
    TAX +1.90
""",
    ),
}
