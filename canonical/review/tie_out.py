"""The four amounts that a document has: what the subscription says it costs, what the
source's document states, what the books have, and what the money came to. Pure rules of
which of them differ.
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Pair(StrEnum):
    """Two amounts that have to be equal, by what differs where they aren't."""

    AGREED = "tie_agreed"
    STATED = "tie_stated"
    PAID = "tie_paid"


#: The pairs, as differences store them.
PAIRS = tuple(pair.value for pair in Pair)


class Sides(NamedTuple):
    """The four amounts of a document, in its currency, below zero for what gives back.
    None stands for what nobody tells.

    ``paid`` is what payments have settled of it in the books, and ``received`` what the
    movements of these payments come to at the gateway. ``is_open``: something of it is
    still to be paid.
    """

    agreed: Decimal | None
    stated: Decimal | None
    booked: Decimal
    paid: Decimal
    received: Decimal | None
    is_open: bool = False


def find_gaps(sides):
    """Return the pairs that differ, each with its two amounts: first what others say,
    then what was made of it.
    """
    made = sides.booked if sides.stated is None else sides.stated
    pairs = (
        (Pair.AGREED, sides.agreed, made),
        (Pair.STATED, sides.stated, sides.booked),
        (Pair.PAID, sides.received, sides.paid),
    )
    return [
        (pair, theirs, ours)
        for pair, theirs, ours in pairs
        if theirs is not None and theirs != ours
    ]


def find_state(sides):
    """Return the state of a document: ``differs``, ``waits`` or ``equal``."""
    if find_gaps(sides):
        return "differs"
    return "waits" if sides.is_open or sides.received is None else "equal"
