"""Makes movements of what GoCardless' balance has more or less because of an object.

GoCardless lists no movements. It has what it collected from the moment a payment is
confirmed, and pays it out some days later: the items of a payout name the objects whose
movements it holds.
"""

from ....canonical.categories import Category
from ....canonical.facts import ListedMovement
from ..event import read_currency

#: What stands behind an object's id, by what its money did.
CAME = "paid"
WENT_BACK = "back"
LEFT = "sent"
CAME_BACK = "returned"
_CATEGORIES = {
    CAME: Category.CHARGE,
    WENT_BACK: Category.CHARGE_FAILURE,
    LEFT: Category.REFUND,
    CAME_BACK: Category.REFUND_FAILURE,
}
_ADDING = (CAME, CAME_BACK)


def name_movement(ref, how):
    """Return the id of an object's movement."""
    return f"{ref}/{how}"


def read_moved(data, how, object_ids, moved_at):
    """Return the fact that the money of an object moved: as much as the object states.

    :param object_ids: all known ids of it, the main one first.
    """
    amount = data.integer("amount") if how in _ADDING else -data.integer("amount")
    return ListedMovement(
        external_id=name_movement(object_ids[0], how),
        category=_CATEGORIES[how],
        type=how,
        object_ids=tuple(object_ids),
        amount=amount,
        net=amount,
        moved_at=moved_at,
        available_at=moved_at,
        is_available=True,
        **read_currency(data),
    )
