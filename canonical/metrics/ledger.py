"""What is to be added to the movements that are booked: the target minus the booked.

Nothing is ever changed or taken out. So a change that comes late, one that is taken
back and one that comes twice are alike: what is missing is added, and nothing if it is
all there. What concerns a day whose metrics are closed is counted on the first open
one.
"""

from datetime import timedelta
from typing import NamedTuple

from .movement import NOTHING, Movement


class Posting(NamedTuple):
    """A movement to be added, with the difference as its amounts. It is counted on
    ``day``. ``corrects``: of this place, something is booked already.
    """

    movement: Movement
    day: object
    corrects: bool


def find_postings(movements, booked, closed_until=None):
    """Return each :class:`Posting` that brings what is booked of a tenant to its
    movements, in the order in which they took effect.

    :param booked: a :class:`~.movement.Movement` for each place that has any, with the
        sum of what is booked, and the key and the day of the last one.
    :param closed_until: the last day whose metrics are closed; None if none is.
    """
    known = {movement.place: movement for movement in booked}
    target = {movement.place: movement for movement in movements}
    postings = []
    for place in sorted(known.keys() | target.keys(), key=_order):
        due = target[place].amounts if place in target else NOTHING
        done = known[place].amounts if place in known else NOTHING
        rest = due.less(done)
        if any(rest):
            movement = (target.get(place) or known[place])._replace(amounts=rest)
            day = find_open_day(movement.day, closed_until)
            postings.append(Posting(movement, day, place in known))
    return postings


def find_open_day(day, closed_until):
    """Return the day on which what concerns a day is counted."""
    if closed_until and day <= closed_until:
        return closed_until + timedelta(days=1)
    return day


def _order(place):
    # A place without a plan is none of those with one: they can't be compared.
    return (place.at, place.subscription, str(place.plan), place.currency, place.kind)
