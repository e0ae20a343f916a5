"""Reads GoCardless' lists, a page at a time: the newest first.
https://developer.gocardless.com/api-reference/#api-usage-cursor-pagination
"""

from odoo import models

from ...canonical.kinds import Kind
from ...canonical.page import Page
from ...canonical.reader import Reader
from .event import write_moment
from .fetch import NAMES

#: Each payment of a page is asked for its events, so pages are short.
_PAGE = {"payments": 50, "refunds": 50}
_LONGEST_PAGE = 500


class SaasAdapterGoCardless(models.AbstractModel):
    """Reads lists: of what was made in a period, and by other filters."""

    _inherit = "saas.adapter.gocardless"

    _listed_kinds = (Kind.CUSTOMER, Kind.PAYMENT, Kind.REFUND, Kind.PAYOUT)

    def _read_period(self, source, kind, since, until, after=""):
        period = {
            "created_at[gte]": write_moment(since),
            "created_at[lt]": write_moment(until),
        }
        return self._read_page(source, kind, period, after)

    def _read_page(self, source, kind, filters, after=""):
        name = "events" if kind == Kind.EVENT else NAMES[kind]
        more = {"after": after} if after else {}
        limit = _PAGE.get(name, _LONGEST_PAGE)
        objects, cursor = self._get_list(source, name, limit=limit, **filters, **more)
        made = [Reader(data).iso_moment("created_at") for data in objects]
        if name != "events":
            objects = self._complete_all(source, name, objects)
        return Page(
            tuple(objects),
            cursor or "",
            min(made, default=None),
            max(made, default=None),
        )
