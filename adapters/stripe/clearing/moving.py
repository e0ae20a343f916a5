"""Reads events of objects that move money and have no entry of their own: top-ups,
transfers and application fees, https://docs.stripe.com/connect, and reserves.

Their balance transactions have the day and the amount in the currency of the balance.
So these book it, and an event only says that there is one.
"""

from ....canonical.facts import MovementNotice
from ....canonical.kinds import Kind


def read(event):
    """Return one fact about the balance transactions of an object and of what was
    taken back of it, in a list; nothing until it has moved money.
    """
    data = event.data
    backs = [*data.objects("reversals.data"), *data.objects("refunds.data")]
    named = [part.ref("balance_transaction", None) for part in (data, *backs)]
    movements = tuple(filter(None, named))
    # A top-up does not name the balance transaction that took it back.
    kind, status = (data.text(key, "") for key in ("object", "status"))
    is_taken_back = (kind, status) == ("topup", "reversed")
    if not movements and not is_taken_back:
        return []
    return [
        MovementNotice(
            external_id=data.ref("id"),
            movements=movements,
            awaited=Kind.TOPUP_REVERSAL if is_taken_back else None,
        )
    ]


def read_unnamed(event):
    """Return one fact in a list: money moved, and only Stripe's list of balance
    transactions says by which of them.
    """
    return [MovementNotice(external_id=event.data.ref("id"), is_unnamed=True)]
