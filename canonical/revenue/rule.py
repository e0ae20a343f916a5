"""What is to be booked: what each month should have earned, less what is booked for
it.

Nothing applies a change. A new version, a credit, a month that was locked and a run
that is begun again are all the same: the difference is what is missing, or nothing.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .months import add_months

_NOTHING = (0, 0)


class Policy(StrEnum):
    """Where a difference of a month that has passed is booked."""

    #: All in the month of the run; its rows name the month that they are for.
    CATCH_UP = "catch_up"
    #: Each in the month that it is for, or in the first one after it that is open.
    RESTATE = "restate"


@dataclass(frozen=True)
class Due:
    """What is to be booked for a month, and in which one."""

    month: date
    booked_month: date
    amount: int
    balance: int


def find_due(shares, booked, month, is_locked, policy):
    """Return what is to be booked of a schedule in a run.

    A row names the month that it is for, so what stood in a locked month is known to be
    booked later on: opening that month again changes nothing by itself.

    :param shares: pairs of amounts by month, those of the newest version.
    :param booked: pairs by the month that they were booked *for*.
    :param month: up to which is recognised.
    :param is_locked: says whether nothing may be booked in a month.
    """
    due = []
    for each in sorted(m for m in shares.keys() | booked.keys() if m <= month):
        pair = zip(shares.get(each, _NOTHING), booked.get(each, _NOTHING), strict=True)
        amount, balance = (target - done for target, done in pair)
        if not amount and not balance:
            continue
        into = find_booked_month(each, month, is_locked, policy)
        if into:
            due.append(Due(each, into, amount, balance))
    return due


def find_booked_month(month, until, is_locked, policy):
    """Return the month in which something that is for ``month`` is booked, or None if
    none is open up to the run's month ``until``.
    """
    into = month if policy == Policy.RESTATE else until
    while into <= until:
        if not is_locked(into):
            return into
        into = add_months(into, 1)
    return None
