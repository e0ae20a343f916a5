"""Stripe's objects as JSON, as far as all API versions agree on them.
https://docs.stripe.com/api
"""

from ..units import stamp
from .balance import BalanceShape
from .customers import CustomerShape
from .documents import DocumentShape
from .moved import MovedShape
from .payments import PaymentShape

#: Of a list inside an object, an event holds the first entries only.
FIRST_PAGE = 10


class Shape(CustomerShape, DocumentShape, PaymentShape, BalanceShape, MovedShape):
    """Writes the objects of one Stripe account. Subclasses add what differs between
    the versions before 2025-03-31.basil and those since.

    ``page`` is how many entries of a list are shown: None: all.
    """

    def __init__(self, entity, page=FIRST_PAGE):
        self.entity = entity
        self.page = page

    def event(
        self,
        event_id,
        event_type,
        moment,
        data,
        livemode=True,
        previous=None,
        account=None,
    ):
        """Return an event about an object; ``account`` is one that is connected."""
        whose = {"account": account} if account else {}
        changes = {"previous_attributes": previous} if previous is not None else {}
        return {
            "id": event_id,
            "object": "event",
            **whose,
            "api_version": self.entity.api_version,
            "created": stamp(moment),
            "data": {"object": data, **changes},
            "livemode": livemode,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": event_type,
        }

    def list(self, data, url="/v1/list"):
        shown = data[: self.page]
        return {
            "object": "list",
            "data": shown,
            "has_more": len(shown) < len(data),
            "total_count": len(data),
            "url": url,
        }
