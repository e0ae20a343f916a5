"""Golden cases of guests: money of people who are no customers at the source, what goes
back to them, and a refund of which nothing says what it gives back.

As in ``case.py``. Covers handlers/customers/payer, handlers/payments/stray and
adapters/stripe/payments/payer.
"""

from .case import UNEXPLAINED, Case

#: One sum, by both events there are for it.
PAID = ("charge.succeeded-guest", "payment_intent.succeeded-guest")
OPEN = """
M-26 entry
    AR -60.00 open -60.00
    SC +60.00
"""
FEE = """
M-26 entry
    SC -2.04
    FEE +2.04
"""
REFUND = """
M-27 entry
    AR +15.00 open +15.00
    SC -15.00
"""
LOST = """
M-28 entry
    SC -60.00
    FEE +15.00
    DISP +45.00
M-29 entry
    DISP -45.00
    CB +45.00
"""
STRAY = """
M-27 entry
    AR +7.00 open +7.00
    SC -7.00
"""
EVERYTHING = (
    *PAID,
    "pulled.balance_transaction-guest",
    "refund.created-guest",
    "pulled.balance_transaction-refund_guest",
    "charge.dispute.funds_withdrawn-guest",
    "charge.dispute.closed-guest",
)
_STRAYED = ("refund.created-stray", "pulled.balance_transaction-refund_stray")

CASES = {
    "guest": Case(PAID[:1], OPEN),
    "guest_intent_first": Case(PAID[::-1], OPEN),
    "guest_told_twice": Case((*PAID, *PAID), OPEN),
    "guest_intent_alone": Case(PAID[1:], "", waiting=("payment_intent.succeeded",)),
    "guest_everything": Case(
        EVERYTHING, OPEN + FEE + REFUND + LOST, activities=(UNEXPLAINED,)
    ),
    "guest_everything_backwards": Case(
        EVERYTHING[::-1], OPEN + FEE + REFUND + LOST, activities=(UNEXPLAINED,)
    ),
    "refund_of_nothing_named": Case(_STRAYED, STRAY, activities=(UNEXPLAINED,)),
    "refund_of_nothing_named_backwards": Case(
        _STRAYED[::-1], STRAY, activities=(UNEXPLAINED,)
    ),
}
