"""Golden cases of charges that are captured late, in part or never, of disputes, and of
payments that somebody doubts.

As in ``case.py``. FEE is what the source keeps, DISP disputed funds, and CB what was
lost of them.

Covers adapters/stripe/clearing/dispute, handlers/clearing/dispute and
handlers/clearing/dispute_entry. Covers adapters/stripe/notices/risk and
handlers/notices/risk.
"""

from .case import MAIN_PAID, PAID, Case

DISPUTE = "dispute"

CAPTURED = """
M-04 entry
    AR -60.00 open -60.00
    SC +60.00
"""
WITHDRAWN = (
    CAPTURED
    + """
M-06 entry
    SC -75.00
    FEE +15.00
    DISP +60.00
"""
)
LOST = (
    WITHDRAWN
    + """
M-12 entry
    DISP -60.00
    CB +60.00
"""
)
CAPTURED_BY = ("customer.created", "charge.captured")
_APPEAL = (
    "charge.dispute.created-appeal",
    "charge.dispute.closed-appeal_lost",
    "charge.dispute.updated-appeal",
)
_WON = (
    "charge.dispute.funds_reinstated-appeal",
    "charge.dispute.closed-appeal_won",
)
DISPUTED = """
M-05 entry
    AR -40.00 open -40.00
    SC +40.00
"""
APPEALED = (
    DISPUTED
    + """
M-08 entry
    SC -55.00
    FEE +15.00
    DISP +40.00
M-10 entry
    DISP -40.00
    CB +40.00
"""
)
APPEAL_WON = (
    APPEALED
    + """
M-16 entry
    SC +55.00
    FEE -15.00
    DISP -40.00
M-17 entry
    DISP +40.00
    CB -40.00
"""
)

_WARNED = "radar.early_fraud_warning.created"

CASES = {
    # -- charges --------------------------------------------------------------
    "charge_captured_in_part": Case(
        (
            "customer.created",
            "charge.succeeded-uncaptured",
            "charge.captured",
            "charge.updated",
        ),
        CAPTURED,
    ),
    "charge_updated_first": Case(
        ("customer.created", "charge.updated", "charge.captured"), CAPTURED
    ),
    "charge_without_money": Case(
        (
            "customer.created",
            "charge.succeeded-uncaptured",
            "charge.pending",
            "charge.failed",
            "charge.expired",
            "payment_intent.payment_failed",
        ),
        "",
    ),
    # -- refunds --------------------------------------------------------------
    "refund_canceled": Case((*PAID, "refund.updated-canceled"), MAIN_PAID),
    # -- disputes -------------------------------------------------------------
    "dispute_opened": Case(
        (*CAPTURED_BY, "charge.dispute.created"), CAPTURED, activities=(DISPUTE,)
    ),
    "dispute_of_unknown_payment": Case(
        ("charge.dispute.funds_withdrawn",),
        "",
        waiting=("charge.dispute.funds_withdrawn",),
    ),
    "dispute_withdrawn": Case(
        (*CAPTURED_BY, "charge.dispute.funds_withdrawn", "charge.dispute.created"),
        WITHDRAWN,
        activities=(DISPUTE,),
    ),
    "dispute_answered": Case(
        (
            *CAPTURED_BY,
            "charge.dispute.updated",
            "charge.dispute.created",
            "charge.dispute.funds_withdrawn",
        ),
        WITHDRAWN,
    ),
    "dispute_lost": Case(
        (
            *CAPTURED_BY,
            "charge.dispute.created",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.updated",
            "charge.dispute.closed",
        ),
        LOST,
    ),
    "dispute_lost_at_once": Case((*CAPTURED_BY, "charge.dispute.closed"), LOST),
    "dispute_appealed": Case(
        ("customer.created", "charge.succeeded-disputed", *_APPEAL), APPEALED
    ),
    "dispute_won_on_appeal": Case(
        ("customer.created", "charge.succeeded-disputed", *_APPEAL, *_WON),
        APPEAL_WON,
    ),
    "dispute_won_on_appeal_backwards": Case(
        (
            "customer.created",
            "charge.succeeded-disputed",
            *_WON[::-1],
            *_APPEAL[::-1],
        ),
        APPEAL_WON,
    ),
    "inquiry": Case(
        (*PAID, "charge.dispute.created-inquiry"), MAIN_PAID, activities=(DISPUTE,)
    ),
    "inquiry_closed": Case(
        (*PAID, "charge.dispute.closed-inquiry", "charge.dispute.created-inquiry"),
        MAIN_PAID,
    ),
    # -- what is doubted, which books nothing ---------------------------------
    "fraud_warning": Case((*CAPTURED_BY, _WARNED), CAPTURED),
    "fraud_warning_first": Case((_WARNED, *CAPTURED_BY), CAPTURED),
    "fraud_warning_alone": Case((_WARNED,), "", waiting=(_WARNED,)),
    "fraud_warning_too_late": Case(
        (*CAPTURED_BY, "radar.early_fraud_warning.updated", _WARNED), CAPTURED
    ),
    "review_approved": Case((*PAID, "review.opened", "review.closed"), MAIN_PAID),
    "review_closed_first": Case((*PAID, "review.closed", "review.opened"), MAIN_PAID),
    "review_found_a_fraud": Case(
        (*PAID, "review.opened", "review.closed-fraud"), MAIN_PAID
    ),
}
