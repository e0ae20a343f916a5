"""``payout.*``, and the movements of money that a sender holds."""

from datetime import UTC, datetime, time

from ...canonical.categories import Category
from ...canonical.facts import ListedMovement, Payout, PayoutContents
from .cloud_event import join
from .currency import read_money


def name_movement(kind, external_id):
    """Return the id of the movement of an object: a sender's objects have none."""
    return join(kind, external_id)


def list_movement(kind, category, data, amount, moved_at, object_id, fee=None):
    """Return one fact about a movement of the money that the sender holds, in a list;
    nothing if it names no fee, for then it holds none.

    :param amount: minor units, below zero where the sender has less.
    """
    fee = getattr(data, "fee", fee)
    if fee is None:
        return []
    return [
        ListedMovement(
            external_id=name_movement(kind, data.id),
            category=category,
            type=kind,
            amount=amount,
            fee=fee,
            net=amount - fee,
            moved_at=moved_at,
            is_available=True,
            object_ids=(object_id,),
            **read_money(data),
        )
    ]


def read_paid(_event, data):
    """Return a fact about a payout, and where the sender tells what is in it also its
    movement and that list, by which it is proved.
    """
    arrives_at = datetime.combine(data.arrives_on, time.min, UTC)
    payout = Payout(
        external_id=data.id,
        amount=data.amount,
        state="paid",
        automatic=data.contains is not None,
        arrives_at=arrives_at,
        bank_texts=(data.id, *data.bank_texts),
        **read_money(data),
    )
    if data.contains is None:
        return [payout]
    return [
        payout,
        *list_movement(
            "payout", Category.PAYOUT, data, -data.amount, arrives_at, data.id, fee=0
        ),
        PayoutContents(
            external_id=data.id,
            transactions=(
                name_movement("payout", data.id),
                *(name_movement(part.type, part.id) for part in data.contains),
            ),
        ),
    ]
