"""Golden cases of money that customers send ahead, and of charges captured in part.

As in ``case.py``. BAL is what customers have to their credit.

Covers handlers/payments/held_cash.
"""

from .case import UNEXPLAINED, Case
from .disputes import CAPTURED_BY, LOST, WITHDRAWN

_CHANGE = "customer_cash_balance_transaction.created"
_TXN = "pulled.balance_transaction"
_CUSTOMER = "customer.created"
#: Asked for where a lost dispute's day is not known.
UNDATED = "dispute_undated"

FUNDED = """
M-20 entry
    SC +200.00
    BAL -200.00
"""
PAYMENT = """
M-22 entry
    AR -150.00 open -150.00
    SC +150.00
"""
#: Both parts leave the balance when the payment is made, and no earlier.
APPLIED = (
    FUNDED
    + PAYMENT
    + """
M-22 entry
    SC -100.00
    BAL +100.00
M-22 entry
    SC -50.00
    BAL +50.00
"""
)
REVERSED = """
M-08 entry
    AR -60.00 open -60.00
    SC +60.00
M-08 entry
    SC -2.62
    FEE +2.62
M-08 entry
    SC +0.58
    FEE -0.58
"""
_APPLIED = (f"{_CHANGE}-applied_first", f"{_CHANGE}-applied_second")
_NO_PAYMENT = (f"{_CHANGE}-applied_unpaid", f"{_CHANGE}-unapplied")

CASES = {
    "cash_funded": Case(
        (
            _CUSTOMER,
            f"{_CHANGE}-funded",
            "pulled.customer_cash_balance_transaction",
            "cash_balance.funds_available",
        ),
        FUNDED,
    ),
    "cash_of_unknown_customer": Case((f"{_CHANGE}-funded",), "", waiting=(_CHANGE,)),
    "cash_applied_and_not_paid": Case(
        (_CUSTOMER, f"{_CHANGE}-funded", *_APPLIED, *_NO_PAYMENT), FUNDED
    ),
    "cash_paid": Case(
        (_CUSTOMER, f"{_CHANGE}-funded", *_APPLIED, "charge.succeeded-transfer"),
        APPLIED,
    ),
    "cash_paid_backwards": Case(
        (
            _CUSTOMER,
            "charge.succeeded-transfer",
            *_APPLIED[::-1],
            *_NO_PAYMENT[::-1],
            f"{_CHANGE}-funded",
        ),
        APPLIED,
    ),
    "cash_refunded": Case(
        (
            _CUSTOMER,
            "charge.succeeded-transfer",
            "refund.created-to_cash",
            f"{_CHANGE}-refunded",
        ),
        PAYMENT
        + """
M-23 entry
    AR +30.00 open +30.00
    SC -30.00
M-23 entry
    SC +30.00
    BAL -30.00
""",
        activities=(UNEXPLAINED,),
    ),
    "cash_returned": Case(
        (
            _CUSTOMER,
            f"{_CHANGE}-return_canceled",
            f"{_CHANGE}-return",
            f"{_CHANGE}-funding_reversed",
        ),
        """
M-24 entry
    SC -80.00
    BAL +80.00
M-25 entry
    SC +80.00
    BAL -80.00
M-26 entry
    SC -10.00
    BAL +10.00
""",
    ),
    # -- captured in part, with both movements ---------------------------------
    "reversal_of_what_was_not_captured": Case(
        (
            f"{_TXN}-not_captured",
            _CUSTOMER,
            "charge.captured-reversed",
            f"{_TXN}-authorized",
        ),
        REVERSED,
    ),
    "reversal_of_unknown_payment": Case((f"{_TXN}-not_captured",), "", waiting=(_TXN,)),
    # -- a dispute that was only read ------------------------------------------
    "dispute_lost_on_an_unknown_day": Case(
        (*CAPTURED_BY, "pulled.dispute"), WITHDRAWN, activities=(UNDATED,)
    ),
    "dispute_lost_and_read_first": Case(
        (*CAPTURED_BY, "pulled.dispute", "charge.dispute.closed"), LOST
    ),
    "dispute_lost_and_read_again": Case(
        (*CAPTURED_BY, "charge.dispute.closed", "pulled.dispute"), LOST
    ),
}
