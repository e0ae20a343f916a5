"""Golden cases of money that moves at the source without a customer: top-ups, connected
accounts, reserves and loans. Told by events, by the list of movements, or by both.

As in ``case.py``. TRF is the account of internal transfers, DUE what connected accounts
owe, EARN application fees earned, RES the reserve at the source, LOAN what the source
has lent, INT what that costs, and WHT tax withheld.

Covers adapters/stripe/clearing/moving, adapters/stripe/clearing/financing,
handlers/clearing/movement_account, handlers/clearing/movement_notice and
handlers/clearing/loan_cost.
"""

from .case import Case

_TXN = "pulled.balance_transaction"
_LOAN_COST = "capital.financing_transaction.created"

TOPUP = """
M-20 entry
    SC +500.00
    TRF -500.00 open -500.00
"""
TOPUP_BACK = """
M-20 entry
    SC +100.00
    TRF -100.00 open -100.00
M-22 entry
    SC -100.00
    TRF +100.00 open +100.00
"""
TRANSFER = """
M-21 entry
    SC -200.00
    DUE +200.00
"""
TRANSFER_BACK = (
    TRANSFER
    + """
M-22 entry
    SC +50.00
    DUE -50.00
"""
)
EARNED = """
M-21 entry
    SC +12.00
    EARN -12.00
M-23 entry
    SC -2.00
    EARN +2.00
"""
RESERVED = """
M-21 entry
    SC -30.00
    RES +30.00
M-24 entry
    SC +30.00
    RES -30.00
"""
LENT = """
M-20 entry
    SC +1000.00
    LOAN -1000.00
M-24 entry
    SC -110.00
    LOAN +110.00
"""
LENT_AT_A_COST = (
    LENT
    + """
M-24 entry
    LOAN -10.00
    INT +10.00
"""
)
WITHHELD = """
M-23 entry
    SC -7.00
    WHT +7.00
"""
PAID_OUT = """
M-26 entry
    SC -1243.00
    TRF +1243.00 open +1243.00
"""
_TOPUPS_BACK = ("topup.succeeded-to_reverse", "topup.reversed")
_TOPUP_MOVEMENTS = (f"{_TXN}-topup_to_reverse", f"{_TXN}-topup_reversal")
_TRANSFERS = ("transfer.created", "transfer.reversed", "transfer.updated")
_TRANSFER_MOVEMENTS = (
    f"{_TXN}-connect_transfer",
    f"{_TXN}-connect_transfer_reversal",
)
_FEES = ("application_fee.created", "application_fee.refunded")
_FEE_MOVEMENTS = (f"{_TXN}-application_fee", f"{_TXN}-application_fee_refund")
_LOANS = (f"{_TXN}-loan", f"{_TXN}-repayment")

CASES = {
    # -- top-ups --------------------------------------------------------------
    "topup_on_its_way": Case(("topup.created",), ""),
    "topup_told_alone": Case(("topup.succeeded",), "", waiting=("topup.succeeded",)),
    "topup_event_first": Case(
        ("topup.created", "topup.succeeded", f"{_TXN}-topup"), TOPUP
    ),
    "topup_movement_first": Case(
        (f"{_TXN}-topup", "topup.succeeded", "topup.created"), TOPUP
    ),
    "topup_read_only": Case((f"{_TXN}-topup",), TOPUP),
    "topup_day_of_its_movement": Case(
        (f"{_TXN}-topup", "topup.succeeded"),
        TOPUP.replace("M-20", "M-19"),
        tz="Pacific/Pago_Pago",
    ),
    "topup_taken_back": Case((*_TOPUPS_BACK, *_TOPUP_MOVEMENTS), TOPUP_BACK),
    "topup_taken_back_movements_first": Case(
        (*_TOPUP_MOVEMENTS[::-1], *_TOPUPS_BACK), TOPUP_BACK
    ),
    "topup_taken_back_told_alone": Case(
        (*_TOPUPS_BACK, _TOPUP_MOVEMENTS[0]),
        """
M-20 entry
    SC +100.00
    TRF -100.00 open -100.00
""",
        waiting=("topup.reversed",),
    ),
    # -- connected accounts ---------------------------------------------------
    "transfer": Case(("transfer.created", _TRANSFER_MOVEMENTS[0]), TRANSFER),
    "transfer_taken_back": Case((*_TRANSFERS, *_TRANSFER_MOVEMENTS), TRANSFER_BACK),
    "transfer_taken_back_backwards": Case(
        (*_TRANSFER_MOVEMENTS[::-1], *_TRANSFERS[::-1]), TRANSFER_BACK
    ),
    "transfer_taken_back_before_it_is_known": Case(
        (_TRANSFER_MOVEMENTS[1],), "", waiting=(_TXN,)
    ),
    "application_fee": Case((*_FEES, *_FEE_MOVEMENTS), EARNED),
    "application_fee_backwards": Case((*_FEE_MOVEMENTS[::-1], *_FEES[::-1]), EARNED),
    # -- reserves, loans, taxes -----------------------------------------------
    "reserve": Case((f"{_TXN}-reserve_hold", f"{_TXN}-reserve_release"), RESERVED),
    "reserve_on_both_sides": Case(
        (
            "reserve.hold.created",
            f"{_TXN}-reserve_side",
            f"{_TXN}-reserve_release",
            f"{_TXN}-reserve_hold",
        ),
        RESERVED,
        shapes=("basil",),
    ),
    "loan": Case(_LOANS, LENT),
    "loan_with_its_cost": Case((*_LOANS, _LOAN_COST), LENT_AT_A_COST),
    "loan_with_its_cost_first": Case((_LOAN_COST, *_LOANS), LENT_AT_A_COST),
    "loan_paid_out_has_no_cost": Case(
        (_LOAN_COST, f"{_LOAN_COST}-payout", *_LOANS),
        LENT_AT_A_COST,
        shapes=("basil",),
    ),
    "tax_withheld": Case((f"{_TXN}-withheld",), WITHHELD),
    # -- all of it in a payout ------------------------------------------------
    "paid_out": Case(
        (
            "payout.paid-platform",
            "pulled.payout_transactions-platform",
            f"{_TXN}-payout_platform",
            *_TOPUPS_BACK,
            *_TRANSFERS,
            *_FEES,
            "topup.succeeded",
            _LOAN_COST,
            *_LOANS,
            *_FEE_MOVEMENTS,
            *_TRANSFER_MOVEMENTS,
            *_TOPUP_MOVEMENTS,
            f"{_TXN}-topup",
            f"{_TXN}-withheld",
            f"{_TXN}-reserve_release",
            f"{_TXN}-reserve_hold",
        ),
        TOPUP
        + TOPUP_BACK
        + TRANSFER_BACK
        + EARNED
        + RESERVED
        + LENT_AT_A_COST
        + WITHHELD
        + PAID_OUT,
    ),
}
