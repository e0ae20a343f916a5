"""Golden cases of money that turns out otherwise: it fails after it had succeeded, pays
another invoice, or leaves later than it was asked for.

As in ``case.py``. Covers handlers/payments/payment_failure, handlers/payments/day and
handlers/payments/allocation.
"""

from .case import MAIN_PAID, PAID, UNEXPLAINED, Case

LATE = ("customer.created", "charge.succeeded-late", "charge.failed-late")
TAKEN_BACK = """
M-25 entry
    AR -45.00
    SC +45.00
M-27 entry
    AR +45.00
    SC -45.00
"""
MOVED = (
    "invoice.finalized-moved",
    "invoice.finalized-moved_to",
    "charge.succeeded-moved",
    "invoice_payment.paid-moved",
    "invoice_payment.detached",
    "invoice_payment.paid-moved_to",
)
PAYS_ANOTHER = """
M-25 entry
    AR -119.00
    SC +119.00
M-25 out_invoice not_paid
    AR +119.00 open +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
M-25 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
"""
LEFT = (
    MAIN_PAID
    + """
M-28 entry
    AR +10.00 open +10.00
    SC -10.00
"""
)

CASES = {
    "failed_late": Case(LATE, TAKEN_BACK),
    "failed_late_backwards": Case((LATE[0], *LATE[:0:-1]), TAKEN_BACK),
    "failed_late_told_twice": Case((*LATE, *LATE[1:]), TAKEN_BACK),
    # Its money was in the balance, whoever tells of that.
    "failed_only": Case((LATE[0], LATE[2]), TAKEN_BACK),
    "detached": Case(
        MOVED[:1] + MOVED[2:5],
        """
M-25 entry
    AR -119.00 open -119.00
    SC +119.00
M-25 out_invoice not_paid
    AR +119.00 open +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
""",
        shapes=("basil",),
    ),
    "pays_another": Case(MOVED, PAYS_ANOTHER, shapes=("basil",)),
    "pays_another_of_an_unknown_whole": Case(
        MOVED[:2] + MOVED[3:], PAYS_ANOTHER, shapes=("basil",)
    ),
    "refund_left_later": Case(
        (*PAID, "refund.created-waiting", "refund.updated-left"),
        LEFT,
        activities=(UNEXPLAINED,),
    ),
    "refund_left_later_backwards": Case(
        (*PAID, "refund.updated-left", "refund.created-waiting"),
        LEFT,
        activities=(UNEXPLAINED,),
    ),
}
