"""What each fact does to the books, written from the accounting rules alone.

Odoo calls a credit note "reversed" that an entry settles, and its invoice "paid".
In the texts ``M`` is the fixtures' month. An amount is a debit (+) or a credit (-).
AR is receivables, REV income, TAX output tax, and SC what the source holds for us.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """Events and the books that come of them.

    A fixture named ``basil:…`` or ``before:…`` is delivered in that shape only.
    ``activities`` counts what a person is asked to look at; ``waiting`` names the
    events that stay parked; all others end as done.
    """

    deliver: tuple
    books: str
    shapes: tuple = ("before", "basil")
    activities: tuple = ()
    waiting: tuple = field(default=())
    tz: str = "UTC"
    #: how the source is set up, as pairs of a field and its value
    setup: tuple = ()

    def fixtures(self, shape):
        """Return the names of the fixtures to deliver in a shape."""
        for name in self.deliver:
            only, _colon, rest = name.rpartition(":")
            if only in ("", shape):
                yield rest


#: The same 119.00 by every event there is for it.
PAID = (
    "invoice.finalized",
    "payment_intent.succeeded",
    "charge.succeeded",
    "basil:invoice_payment.paid",
    "invoice.paid",
    "invoice.payment_succeeded",
)
MAIN_OPEN = """
M-02 out_invoice not_paid
    AR +119.00 open +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
"""
MAIN_PAID = """
M-02 entry
    AR -119.00
    SC +119.00
M-02 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
"""
#: Paid, but nothing says yet by whom: the money is open credit.
MAIN_APART = """
M-02 entry
    AR -119.00 open -119.00
    SC +119.00
M-02 out_invoice not_paid
    AR +119.00 open +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
"""
VOIDED = """
M-04 out_invoice reversed
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
M-06 out_refund paid
    AR -119.00
    REV +100.00 {19% VAT}
    TAX +19.00
"""
ZERO = """
M-10 out_invoice paid
    AR +0.00
    REV +0.00
"""
BOUNCED = (
    MAIN_PAID
    + """
M-12 entry
    AR +20.00
    SC -20.00
M-15 entry
    AR -20.00
    SC +20.00
"""
)
CREDIT_OPEN = """
M-10 out_invoice partial
    AR +238.00 open +178.50
    REV -200.00 {19% VAT}
    TAX -38.00
M-13 out_refund paid
    AR -59.50
    REV +50.00 {19% VAT}
    TAX +9.50
"""
CREDIT_VOIDED = """
M-10 out_invoice not_paid
    AR +238.00 open +238.00
    REV -200.00 {19% VAT}
    TAX -38.00
M-13 out_refund paid
    AR -59.50
    REV +50.00 {19% VAT}
    TAX +9.50
M-14 out_invoice reversed
    AR +59.50
    REV -50.00 {19% VAT}
    TAX -9.50
"""
POST_PAYMENT = (
    MAIN_PAID
    + """
M-14 entry
    AR +59.50
    SC -59.50
M-14 out_refund paid
    AR -59.50
    REV +50.00 {19% VAT}
    TAX +9.50
"""
)
PLAIN_REFUND = (
    MAIN_PAID
    + """
M-12 entry
    AR +30.00 open +30.00
    SC -30.00
"""
)
JPY_PAID = """
M-11 entry
    AR -119.00 (-11900 JPY)
    SC +119.00 (+11900 JPY)
M-11 out_invoice paid
    AR +119.00 (+11900 JPY)
    REV -100.00 (-10000 JPY) {19% VAT}
    TAX -19.00 (-1900 JPY)
"""
EUR_PARTIAL = """
M-11 out_invoice partial
    AR +148.75 (+119.00 EUR) open +69.00
    REV -125.00 (-100.00 EUR) {19% VAT}
    TAX -23.75 (-19.00 EUR)
M-12 entry
    AR -62.50 (-50.00 EUR)
    SC +62.50 (+50.00 EUR)
"""
#: Activities of the addon, by their names in the tests below.
FAILED, UNEXPLAINED = "payment_failed", "refund_without_credit_note"
OUTSIDE, NOT_FINALIZED = "paid_outside", "not_finalized"

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
