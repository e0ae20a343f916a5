"""Reads Stripe's lists, a page at a time.
https://docs.stripe.com/api/pagination
"""

from dataclasses import replace
from datetime import UTC, datetime

from odoo import models

from ...canonical.kinds import Kind
from ...canonical.page import Page
from .resources import RESOURCES, expand, get_list_path

#: The most that Stripe gives in one page.
PAGE = 100
#: Stripe's object that each kind is listed by, in the order to compare them.
_OBJECTS = {
    Kind.CUSTOMER: "customer",
    Kind.SUBSCRIPTION: "subscription",
    Kind.INVOICE: "invoice",
    Kind.PAYMENT: "charge",
    Kind.CREDIT_NOTE: "credit_note",
    Kind.REFUND: "refund",
    Kind.PAYOUT: "payout",
}


class SaasAdapterStripe(models.AbstractModel):
    """Reads lists: of what was made in a period, and by other filters."""

    _inherit = "saas.adapter.stripe"

    _listed_kinds = tuple(_OBJECTS)

    def _read_period(self, source, kind, since, until, after=""):
        period = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
        return self._list(source, _OBJECTS[kind], {"created": period}, after)

    def _read_page(self, source, kind, filters, after=""):
        if kind in (Kind.OPENING_INVOICE, Kind.CREDIT_OPENING):
            return self._read_openings(source, kind, filters, after)
        page = self._list(source, kind, filters, after)
        whole = [self._complete_prices(source, data) for data in page.objects]
        return replace(page, objects=tuple(whole))

    def _list(self, source, kind, filters, after):
        """Return a page of a list. To compare subscriptions, nobody needs the parts of
        their prices that Stripe leaves out there.
        """
        resource = RESOURCES[kind]
        path, params = get_list_path(resource, filters)
        params |= expand(f"data.{name}" for name in resource.expand)
        if after:
            params["starting_after"] = after
        page = self._request(source, path, limit=PAGE, **params)
        objects = [self._complete(source, resource, data) for data in page["data"]]
        more = page.get("has_more") and objects
        return make_page(objects, objects[-1]["id"] if more else "")

    def _read_whole(self, source, kind, filters):
        """Return all objects of a list, complete: for one that is short."""
        objects, after = [], ""
        while True:
            page = self._read_page(source, kind, filters, after)
            objects += page.objects
            after = page.cursor
            if not after:
                return objects


def make_page(objects, cursor=""):
    """Return a :class:`~...canonical.page.Page` of Stripe's objects."""
    made = [data["created"] for data in objects if _is_timestamp(data.get("created"))]
    return Page(
        tuple(objects),
        cursor,
        datetime.fromtimestamp(min(made), UTC) if made else None,
        datetime.fromtimestamp(max(made), UTC) if made else None,
    )


def _is_timestamp(value):
    """Return whether a moment is a Unix timestamp: Stripe's second API states it as a
    text.
    """
    return isinstance(value, int)
