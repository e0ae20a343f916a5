"""What a cut-over leaves to book of disputes and payouts. See ``cases.py``."""

from .cases import Case

DISPUTED = (
    "charge.captured",
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.updated",
    "charge.dispute.closed",
)
APPEALED = (
    "charge.succeeded-disputed",
    "charge.dispute.created-appeal",
    "charge.dispute.updated-appeal",
    "charge.dispute.closed-appeal_lost",
    "charge.dispute.funds_reinstated-appeal",
    "charge.dispute.closed-appeal_won",
)
BOUNCED = ("payout.paid-bounced", "payout.failed")

CASES = {
    "disputed_before": Case("13", DISPUTED, "", ignored=DISPUTED),
    "paid_before_disputed_since": Case(
        "05",
        DISPUTED,
        """
M-06 entry
    SC -75.00
    FEE +15.00
    DISP +60.00
M-12 entry
    DISP -60.00
    CB +60.00
""",
        ignored=DISPUTED[:1],
    ),
    "withdrawn_before_lost_since": Case(
        "10",
        DISPUTED,
        """
M-12 entry
    DISP -60.00
    CB +60.00
""",
        ignored=DISPUTED[:4],
        handover=True,
    ),
    "withdrawn_before_won_since": Case(
        "09",
        APPEALED,
        """
M-10 entry
    DISP -40.00
    CB +40.00
M-16 entry
    SC +55.00
    FEE -15.00
    DISP -40.00
M-17 entry
    DISP +40.00
    CB -40.00
""",
        ignored=APPEALED[:3],
        handover=True,
    ),
    "lost_before_won_since": Case(
        "12",
        APPEALED,
        """
M-16 entry
    SC +55.00
    FEE -15.00
    DISP -40.00
M-17 entry
    DISP +40.00
    CB -40.00
""",
        ignored=APPEALED[:4],
        handover=True,
    ),
    "payout_before": Case("12", BOUNCED, "", ignored=BOUNCED),
    "payout_failed_since": Case(
        "10", BOUNCED, "", ignored=BOUNCED[:1], waiting=BOUNCED[1:]
    ),
    "payout_since": Case(
        "09",
        BOUNCED,
        """
M-09 entry
    SC -10.00
    TRF +10.00
M-11 entry
    SC +10.00
    TRF -10.00
""",
    ),
}
