"""What happens to an account's money without its customers: what it has is sent to its
bank, and payments are doubted, by a card's issuer or in a review. Knows no Odoo.
https://docs.stripe.com/api/payouts
https://docs.stripe.com/radar/reviews
https://docs.stripe.com/disputes/measuring#early-fraud-warnings
"""

from .shapes import collecting, risks

#: How long a payout is on its way, in seconds.
_TRANSIT = 2 * 24 * 3600


def pay_out(desk, currency):
    """Send all that has come in of a currency to the bank, and tell it until it is
    clear what is in it; return the payout, or None if nothing is there.
    """
    parts = [
        part
        for part in desk.list("balance_transaction")
        if part["currency"] == currency and not part["_payout"]
    ]
    if not parts:
        return None
    ref = desk.make_id("po")
    paid = collecting.payout(
        ref,
        desk.now(),
        amount=sum(part["net"] for part in parts),
        arrival_date=desk.now() + _TRANSIT,
        currency=currency,
        livemode=desk.livemode,
    )
    moved = collecting.payout_movement(ref.replace("po_", "txn_"), desk.now(), paid)
    paid["balance_transaction"] = moved["id"]
    desk.put(moved, *({**part, "_payout": ref} for part in parts))
    desk.tell("payout.created", paid)
    paid["status"] = "paid"
    desk.tell("payout.paid", paid)
    paid["reconciliation_status"] = "completed"
    desk.tell("payout.reconciliation_completed", paid)
    return paid


def warn(desk, payment, fraud_type="made_with_stolen_card"):
    """Have a card's issuer warn of a payment intent; return the warning."""
    paid = desk.get(payment)
    made = risks.warning(
        desk.make_id("issfr"),
        desk.now(),
        paid,
        fraud_type=fraud_type,
        livemode=desk.livemode,
    )
    desk.tell("radar.early_fraud_warning.created", made)
    return made


def spend_warning(desk, warning):
    """Have a warning come too late: its payment is disputed, or refunded in full."""
    known = {**desk.get(warning), "actionable": False}
    desk.tell("radar.early_fraud_warning.updated", known)
    return known


def review(desk, payment, reason="rule"):
    """Have somebody look at a payment intent; return the review."""
    made = risks.review(
        desk.make_id("prv"),
        desk.now(),
        desk.get(payment),
        opened_reason=reason,
        reason=reason,
        livemode=desk.livemode,
    )
    desk.tell("review.opened", made)
    return made


def close_review(desk, review, reason="approved"):
    """Have a review end, because of any word of Stripe's open list."""
    known = desk.get(review)
    known |= {"open": False, "closed_reason": reason, "reason": reason}
    desk.tell("review.closed", known)
    return known
