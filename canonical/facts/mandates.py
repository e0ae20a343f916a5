"""Facts about customers' authorities to collect money, which book nothing."""

from datetime import date
from typing import Literal

from ..kinds import Kind
from .base import ExternalId, Fact, Name

#: Ranks of a mandate's states; of two snapshots of one version, the higher one counts.
MANDATE_RANK = {
    "pending": 1,
    "submitted": 2,
    "active": 3,
    "suspended": 4,
    "consumed": 5,
    "expired": 5,
    "cancelled": 5,
    "failed": 5,
}
#: States of a mandate in which it may be debited, now or soon, the best first.
USABLE_MANDATES = ("active", "submitted", "pending")


class Mandate(Fact):
    """A customer's authority to collect money. ``scheme`` is the network's name at the
    source, ``reference`` what the customer's bank shows. ``state`` is None where the
    source has one that is not known: it stays what it was.

    A mandate may come back to life, so the later version counts, whatever its rank.
    """

    kind = Kind.MANDATE

    customer: ExternalId
    state: (
        Literal[
            "pending",
            "submitted",
            "active",
            "suspended",
            "consumed",
            "expired",
            "cancelled",
            "failed",
        ]
        | None
    )
    scheme: Name = ""
    reference: Name = ""
    next_collection_on: date | None = None
