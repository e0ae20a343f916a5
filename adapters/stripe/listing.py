"""Lists Stripe's objects by the day they were made, a page at a time.
https://docs.stripe.com/api/pagination
"""

import time
from datetime import UTC, datetime

from odoo import models

from ...canonical.errors import Quarantine
from ...canonical.page import Page
from .const import API_VERSION
from .pulled import wrap

#: Path and parameters of the list of each kind. What Stripe leaves out unless it is
#: asked for is asked for; who wants subscriptions that are over has to say so.
_LISTS = {
    "customer": ("/v1/customers", {"expand": ["data.tax_ids"]}),
    "subscription": ("/v1/subscriptions", {"status": "all"}),
    "invoice": ("/v1/invoices", {"expand": ["data.payments"]}),
    "payment": ("/v1/charges", {}),
    "credit_note": ("/v1/credit_notes", {}),
    "refund": ("/v1/refunds", {}),
}

_PAGE_SIZE = 100


class SaasAdapterStripe(models.AbstractModel):
    _inherit = "saas.adapter.stripe"

    _listed_kinds = tuple(_LISTS)

    def _read_page(self, source, kind, since, until, cursor=""):
        path, params = _LISTS[kind]
        period = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
        after = {"starting_after": cursor} if cursor else {}
        page = self._retrieve(
            source, path, limit=_PAGE_SIZE, created=period, **params, **after
        )
        rows = page["data"]
        more = bool(rows) and page.get("has_more")
        return Page(
            payloads=tuple(self._wrap(source, row) for row in rows),
            cursor=rows[-1]["id"] if more else "",
            reached_at=datetime.fromtimestamp(rows[-1]["created"], UTC)
            if rows
            else None,
        )

    def _read_object(self, source, kind, external_id):
        path, params = _LISTS[kind]
        if kind == "payment" and not external_id.startswith(("ch_", "py_")):
            # The money's main id is that of its intent; its charge tells the rest.
            rows = self._retrieve(source, path, payment_intent=external_id)["data"]
            paid = [row for row in rows if row.get("status") == "succeeded"]
            return self._wrap(source, paid[0]) if paid else None
        inner = [name.removeprefix("data.") for name in params.get("expand", ())]
        try:
            data = self._retrieve(
                source, f"{path}/{external_id}", **({"expand": inner} if inner else {})
            )
        except Quarantine as error:
            if getattr(error.__cause__, "http_status", None) == 404:
                return None
            raise
        # A deleted customer can still be read: its id, and that it is deleted.
        return None if data.get("deleted") else self._wrap(source, data)

    def _wrap(self, source, data):
        livemode = data.get("livemode", source.livemode)
        return wrap(data, API_VERSION, livemode, int(time.time()))
