"""What a movement of the money that a source holds for us is to the books."""

from enum import StrEnum


class Category(StrEnum):
    """The categories of movements that are understood here.

    An adapter translates its source's words into these. A movement of any other
    category keeps the source's word, is stored and books nothing: it shows as not
    handled until a person has looked at it. The words are stored with each movement,
    so they never change.
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
