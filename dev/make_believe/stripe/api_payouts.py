"""Payouts: what an account has is sent to its bank. Knows no Odoo.
https://docs.stripe.com/api/payouts
"""

from .shapes import collecting

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
