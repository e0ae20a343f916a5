"""By how much objects of a source change what it holds, in its minor units."""

from ..canonical.kinds import Kind
from ..handlers.clearing.movement_object import OBJECTS

#: Objects that are documents.
DOCUMENTS = (Kind.INVOICE, Kind.CREDIT_NOTE)


def get_minor(kind, fact):
    """Return the amount that a fact states of its object, in minor units."""
    if kind in DOCUMENTS:
        return getattr(fact, "total", getattr(fact, "amount", 0))
    if kind == Kind.DISPUTE:
        return sum(part.net for part in fact.movements) or fact.amount
    if kind == Kind.MOVEMENT:
        return _get_own_part(fact)
    return fact.amount


def _get_own_part(fact):
    """Return the part of a movement that no other object's entry has, in minor units:
    its fee, or all of it where no object is known that moved it.
    """
    if fact.category not in OBJECTS:
        return fact.net
    # A dispute's entry has the fee as well.
    return 0 if OBJECTS[fact.category] == Kind.DISPUTE else -fact.fee


def get_moved(source, kind, fact):
    """Return by how much an object changes what the source holds, in minor units; None
    where that is not known, or is another object's.
    """
    minor = get_minor(kind, fact)
    if kind == Kind.PAYMENT:
        return minor
    if kind == Kind.PAYOUT and source.env["saas.cutover"]._came_back_since(
        source, fact
    ):
        return minor
    if kind in (Kind.REFUND, Kind.PAYMENT_FAILURE, Kind.PAYOUT):
        return -minor
    if kind == Kind.DISPUTE:
        return sum(part.net for part in fact.movements)
    return minor if kind in (Kind.MOVEMENT, Kind.HELD_CASH_CHANGE) else None
