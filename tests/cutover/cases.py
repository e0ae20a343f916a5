"""What a cut-over leaves to book, written from the accounting rules alone. See
``golden/case.py`` for how to read the books.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """Events since Stripe knows the account, and the books from the cut-over on. What
    is settled with an entry, as an opening item is, Odoo calls reversed.

    ``OPEN`` is the opening account, ``M`` the fixtures' month. ``ignored`` and
    ``waiting`` name the events that end so, both as ``before_cutover``.
    """

    day: str
    deliver: tuple
    books: str
    ignored: tuple = ()
    waiting: tuple = ()
    shapes: tuple = ("before", "basil")
    #: whether a person is asked about disputed funds of the old books
    handover: bool = False


MAIN = (
    "invoice.finalized",
    "payment_intent.succeeded",
    "charge.succeeded",
    "basil:invoice_payment.paid",
    "invoice.paid",
    "invoice.payment_succeeded",
)
CREDIT = ("invoice.finalized-to_credit", "credit_note.created-pre_payment")

CASES = {
    "paid_before": Case("03", MAIN, "", ignored=MAIN),
    "paid_since": Case(
        "02",
        MAIN,
        """
M-02 entry
    AR -119.00
    SC +119.00
M-02 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
""",
    ),
    "open_then_failed": Case(
        "04",
        ("invoice.payment_failed",),
        """
M-04 entry
    AR +119.00 open +119.00
    OPEN -119.00
""",
    ),
    "open_then_partly_paid": Case(
        "12",
        ("invoice.finalized-eur", "invoice_payment.paid-partial"),
        """
M-12 entry
    AR +148.75 (+119.00 EUR) open +69.00
    OPEN -148.75 (-119.00 EUR)
M-12 entry
    AR -62.50 (-50.00 EUR)
    SC +62.50 (+50.00 EUR)
""",
        shapes=("basil",),
    ),
    "partly_paid_before": Case(
        "13",
        ("invoice.finalized-eur", "invoice_payment.paid-partial"),
        """
M-13 entry
    AR +86.25 (+69.00 EUR) open +69.00
    OPEN -86.25 (-69.00 EUR)
""",
        ignored=("invoice_payment.paid-partial",),
        shapes=("basil",),
    ),
    "open_then_voided": Case(
        "05",
        ("invoice.finalized-to_void", "invoice.voided"),
        """
M-05 entry
    AR +119.00
    OPEN -119.00
M-06 entry
    AR -119.00
    OPEN +119.00
""",
    ),
    "voided_before": Case(
        "07",
        ("invoice.finalized-to_void", "invoice.voided"),
        "",
        ignored=("invoice.finalized-to_void", "invoice.voided"),
    ),
    "open_then_credited": Case(
        "12",
        CREDIT,
        """
M-12 entry
    AR +238.00 open +178.50
    OPEN -238.00
M-13 out_refund reversed
    AR -59.50
    REV +50.00 {19% VAT}
    TAX +9.50
""",
    ),
    "credited_before_voided_since": Case(
        "14",
        (*CREDIT, "credit_note.voided"),
        """
M-14 entry
    AR +178.50 open +178.50
    OPEN -178.50
""",
        ignored=("credit_note.created-pre_payment",),
        waiting=("credit_note.voided",),
    ),
    "refunded_since": Case(
        "10",
        (*MAIN, "refund.created", "charge.refunded"),
        """
M-12 entry
    AR +30.00 open +30.00
    SC -30.00
""",
        ignored=MAIN,
    ),
    "refunded_before": Case(
        "13",
        (*MAIN, "refund.created"),
        "",
        ignored=(*MAIN, "refund.created"),
    ),
    "credited_since_payment": Case(
        "10",
        (*MAIN, "refund.created-credited", "credit_note.created-post_payment"),
        """
M-14 entry
    AR +59.50
    SC -59.50
M-14 out_refund paid
    AR -59.50
    REV +50.00 {19% VAT}
    TAX +9.50
""",
        ignored=MAIN,
    ),
    "moved_before": Case(
        "03",
        (*MAIN, "pulled.balance_transaction-charge"),
        "",
        ignored=(*MAIN, "pulled.balance_transaction-charge"),
    ),
    "refunded_since_with_movements": Case(
        "10",
        (
            *MAIN,
            "pulled.balance_transaction-charge",
            "refund.created",
            "pulled.balance_transaction-refund",
        ),
        """
M-12 entry
    AR +30.00 open +30.00
    SC -30.00
""",
        ignored=(*MAIN, "pulled.balance_transaction-charge"),
    ),
    "adjusted_before_and_since": Case(
        "26",
        (
            "pulled.customer_balance_transaction-adjustment",
            "pulled.customer_balance_transaction-debit",
        ),
        """
M-26 entry
    BAL +7.00
    ADJ -7.00
""",
        ignored=("pulled.customer_balance_transaction-adjustment",),
        shapes=("basil",),
    ),
    "open_with_balance_then_voided": Case(
        "17",
        ("invoice.finalized-balance_to_void", "invoice.voided-balance"),
        """
M-17 entry
    AR +69.00
    OPEN -69.00
M-18 entry
    AR -69.00
    OPEN +69.00
M-18 entry
    BAL -50.00
    OPEN +50.00
""",
    ),
    "uncollectible_since": Case(
        "19",
        ("invoice.marked_uncollectible",),
        """
M-19 entry
    AR +119.00
    OPEN -119.00
M-20 entry
    AR -119.00
    BAD +119.00
""",
    ),
}
