"""Which lists a recovery and a first import read."""

from odoo import models

from ...canonical.kinds import Kind
from .event import write_moment


class SaasAdapterGoCardless(models.AbstractModel):
    """Says which of GoCardless' lists are read, and in which order."""

    _inherit = "saas.adapter.gocardless"

    def _get_reading_plan(self, source, kind, since):
        # The events say what has happened, and what they are of is fetched then.
        events = (Kind.EVENT, {"created_at[gte]": write_moment(since)})
        if kind == "recovery":
            return [events]
        return [(Kind.CUSTOMER, {}), (Kind.MANDATE, {}), events]
