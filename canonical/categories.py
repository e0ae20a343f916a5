"""What a movement of the money that a source holds for us, and a fee on it, is to the
books.
"""

from enum import StrEnum


class Category(StrEnum):
    """The categories of movements that are understood here.

    An adapter translates its source's words into these. A movement of any other
    category keeps the source's word, is stored and books nothing, until a person
    chooses the account on its other side. The words are stored with each movement, so
    they never change.
    """

    #: A payment came into the balance.
    CHARGE = "charge"
    #: A payment by bank debit failed after it had come into the balance.
    CHARGE_FAILURE = "charge_failure"
    #: The part of a payment that was authorised and not captured was taken back.
    NOT_CAPTURED = "partial_capture_reversal"
    REFUND = "refund"
    #: A refund could not be delivered, and its money came back.
    REFUND_FAILURE = "refund_failure"
    #: A customer's bank took a payment back.
    DISPUTE = "dispute"
    #: A customer's bank gave a disputed payment back.
    DISPUTE_REVERSAL = "dispute_reversal"
    PAYOUT = "payout"
    #: A payout could not be delivered, and its money came back.
    PAYOUT_REVERSAL = "payout_reversal"
    FEE = "fee"
    #: A fee that card networks ask, passed on by the source.
    NETWORK_COST = "network_cost"
    #: A tax on fees, which states no base to compute it from.
    TAX = "tax"
    #: A tax that the source keeps from the money and pays to the state.
    WITHHELD_TAX = "tax_withholding"
    #: Money from the company's bank came into the balance.
    TOPUP = "topup"
    #: A top-up was taken back by the bank.
    TOPUP_REVERSAL = "topup_reversal"
    #: Money was handed to an account that is connected to this one.
    TRANSFER = "transfer"
    TRANSFER_REVERSAL = "transfer_reversal"
    #: Money came from the platform that this account is connected to, or went back.
    TRANSFER_RECEIVED = "transfer_received"
    #: A platform earned a fee on a payment of a connected account.
    APPLICATION_FEE = "platform_earning"
    APPLICATION_FEE_REFUND = "platform_earning_refund"
    #: A part of the balance was held back, below zero, or became free again.
    RESERVE = "reserve"
    #: The other half of a movement into the reserve or out of it, which a source lists
    #: as well: what the reserve itself has more or less.
    RESERVE_SIDE = "reserve_side"
    #: The source has lent money, or has taken a part of it back for what is owed.
    LOAN = "financing_payout"
    LOAN_REVERSAL = "financing_payout_reversal"
    REPAYMENT = "financing_paydown"
    REPAYMENT_REVERSAL = "financing_paydown_reversal"


class FeeKind(StrEnum):
    """The kinds of fees that are understood here.

    Only ``PROCESSING`` is the source's own service, so it alone is under the reverse
    charge or has the input tax that the source states. An adapter translates its
    source's words into these; what it doesn't know is ``UNKNOWN``, which is booked
    without any tax, and a person is asked.
    """

    #: The source's own service.
    PROCESSING = "processing"
    #: What the platform or application keeps that the payment was made through.
    APPLICATION = "application"
    #: What a payment method or card network asks, passed on as it is.
    PASSED_THROUGH = "passed_through"
    #: A tax on the source's own service, as the source states it.
    TAX = "tax"
    #: A tax that the source has to keep from its customers and pays for them.
    WITHHELD_TAX = "withheld_tax"
    #: The cost of money that the source has lent.
    FINANCING = "financing"
    UNKNOWN = "unknown"
