"""Facts about what became of our orders to collect money, which book nothing."""

from datetime import datetime
from typing import Literal

from ..kinds import Kind
from ..payments.collecting import ORDER_LABEL, CollectionReason
from .base import ExternalId, Fact


class CollectionOutcome(Fact):
    """What a gateway tells of money that we ordered: ``external_id`` is the money's
    main id there, and ``order`` the key of the order, which its metadata holds.

    ``has_moved``: the money had come in and was taken back. A later ``told_at`` counts
    more than an earlier one. ``will_retry``: the gateway says that it will try again by
    itself.
    """

    kind = Kind.COLLECTION

    order: ExternalId
    state: Literal["pending", "succeeded", "failed", "canceled"]
    told_at: datetime
    has_moved: bool = False
    reason: CollectionReason | None = None
    will_retry: bool = False

    @property
    def order_key(self):
        """Return the id of the money: what is booked of it goes before."""
        return self.external_id

    @property
    def arrivals(self):
        """Nothing waits for this."""
        return []


def find_order(labels):
    """Return the key of the order that an object was made for, or None if it was made
    for none of ours.

    :param labels: the object's metadata, as pairs of key and text.
    """
    return dict(labels).get(ORDER_LABEL)
