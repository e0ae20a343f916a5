"""Lists Stripe's objects by the day they were made, a page at a time.
https://docs.stripe.com/api/pagination
"""

from datetime import UTC, datetime

from odoo import models

from ...canonical.errors import Quarantine
from ...canonical.page import Page
from .event import StripeEvent

#: Stripe's object that each kind is listed by, in the order to compare them.
_OBJECTS = {
    "customer": "customer",
    "subscription": "subscription",
    "invoice": "invoice",
    "payment": "charge",
    "credit_note": "credit_note",
    "refund": "refund",
    "payout": "payout",
}


class SaasAdapterStripe(models.AbstractModel):
    _inherit = "saas.adapter.stripe"

    _listed_kinds = tuple(_OBJECTS)

    def _read_page(self, source, kind, since, until, after=""):
        period = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
        objects, cursor = self._fetch_page(
            source, _OBJECTS[kind], {"created": period}, after or None
        )
        made = min((data["created"] for data in objects), default=None)
        return Page(
            tuple(objects), cursor or "", made and datetime.fromtimestamp(made, UTC)
        )

    def _read_object(self, source, kind, external_id):
        if kind == "payment" and external_id.startswith("pi_"):
            # Money goes by its intent's id; its charge tells the rest of it.
            charges, _more = self._fetch_page(
                source, "charge", {"payment_intent": external_id}
            )
            paid = (data for data in charges if data.get("status") == "succeeded")
            return next(paid, None)
        try:
            [data] = self._fetch(source, kind, external_id)
        except Quarantine as error:
            if getattr(error.__cause__, "http_status", None) == 404:
                return None
            raise
        # Of a deleted customer Stripe tells its id, and that it is deleted.
        return None if data.get("deleted") else data

    def _get_object_id(self, payload):
        return StripeEvent(payload).data.text("id")
