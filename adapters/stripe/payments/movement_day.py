"""Reads from a balance transaction when the money of its object moved.
https://docs.stripe.com/api/balance_transactions/object
"""

from typing import get_args

from ....canonical.categories import Category
from ....canonical.facts import MovementDay
from ..clearing import movement

_CATEGORIES = get_args(MovementDay.model_fields["category"].annotation)


def read(event):
    """Return two facts, in a list: when the money of an object moved, where the object
    is booked by itself, and the movement.
    """
    movements = movement.read(event)
    return [
        *(
            MovementDay(
                external_id=fact.external_id,
                category=Category(fact.category),
                object_ids=fact.object_ids,
                moved_at=fact.moved_at,
            )
            for fact in movements
            if fact.category in _CATEGORIES and fact.object_ids
        ),
        *movements,
    ]
