"""Golden cases of payouts and of what else moves the clearing account.

As in ``case.py``. FEE is what the source keeps, DISP disputed funds, TRF the account of
internal transfers, where the bank's line meets a payout; GAIN and LOSS are the
company's accounts for exchange differences.

Covers handlers/clearing/movement_entry and handlers/clearing/payout.
"""

from .case import EUR_PARTIAL, JPY_PAID, MAIN_PAID, PAID, Case
from .disputes import CAPTURED_BY, DISPUTED, WITHDRAWN

_TXN = "pulled.balance_transaction"

PAYOUT_RETURNED = """
M-09 entry
    SC -10.00
    TRF +10.00
M-11 entry
    SC +10.00
    TRF -10.00
"""
CHARGE_FEE = (
    MAIN_PAID
    + """
M-02 entry
    SC -3.75
    FEE +3.75
"""
)
REFUND_BOUNCED = (
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

CASES = {
    # -- payouts --------------------------------------------------------------
    "payout_on_its_way": Case(("payout.created", "payout.updated"), ""),
    "payout_paid": Case(
        (
            "payout.paid",
            "payout.created",
            "payout.reconciliation_completed",
            "payout.updated",
            "pulled.payout",
        ),
        """
M-19 entry
    SC -218.91
    TRF +218.91 open +218.91
""",
        shapes=("basil",),
        # A day and no moment, whatever the time zone.
        tz="America/Los_Angeles",
    ),
    "payout_negative": Case(
        ("payout.paid-negative",),
        """
M-12 entry
    SC +5.00
    TRF -5.00 open -5.00
""",
    ),
    "payout_returned": Case(("payout.paid-bounced", "payout.failed"), PAYOUT_RETURNED),
    "payout_returned_backwards": Case(
        ("payout.failed", "payout.paid-bounced"), PAYOUT_RETURNED
    ),
    "payout_failed_before_paid": Case(("payout.failed",), ""),
    "payout_canceled": Case(("payout.canceled",), ""),
    # -- balance transactions -------------------------------------------------
    "fee_of_charge": Case((*PAID, f"{_TXN}-charge"), CHARGE_FEE),
    "fee_before_its_charge": Case((f"{_TXN}-charge", *PAID), CHARGE_FEE),
    "fee_of_unknown_charge": Case((f"{_TXN}-charge",), "", waiting=(_TXN,)),
    "fee_with_tax": Case(
        ("customer.created", "charge.succeeded-disputed", f"{_TXN}-fee_tax"),
        DISPUTED
        + """
M-05 entry
    SC -1.46
    FEE +0.23
    FEE +1.23
""",
    ),
    "fees_alone": Case(
        (f"{_TXN}-stripe_fee", f"{_TXN}-tax_fee", f"{_TXN}-network_cost"),
        """
M-15 entry
    SC -0.12
    FEE +0.12
M-15 entry
    SC -0.48
    FEE +0.48
M-15 entry
    SC -2.50
    FEE +2.50
""",
    ),
    "fee_of_dispute_once": Case(
        (
            *CAPTURED_BY,
            f"{_TXN}-dispute",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.updated",
        ),
        WITHDRAWN,
    ),
    "refund_moves_nothing_twice": Case(
        (
            *PAID,
            "refund.created-bounced",
            "refund.failed",
            f"{_TXN}-refund_bounced",
            f"{_TXN}-refund_failure",
        ),
        REFUND_BOUNCED,
    ),
    "settled_in_another_currency": Case(
        (
            "invoice.finalized-jpy",
            "charge.succeeded-jpy",
            "invoice.paid-jpy",
            f"{_TXN}-jpy",
        ),
        JPY_PAID
        + """
M-11 entry
    SC -119.00 (-11900 JPY)
    SC -3.71
    SC +117.50
    FEE +3.71
    LOSS +1.50
""",
    ),
    "settled_with_a_gain": Case(
        (
            f"{_TXN}-eur",
            "invoice.finalized-eur",
            "invoice_payment.paid-partial",
            "charge.succeeded-partial",
        ),
        EUR_PARTIAL
        + """
M-12 entry
    SC -62.50 (-50.00 EUR)
    SC -2.13
    SC +63.10
    FEE +2.13
    GAIN -0.60
""",
        shapes=("basil",),
    ),
}
