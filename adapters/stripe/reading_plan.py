"""Which lists a recovery and a first import read."""

import time

from odoo import models

from ...canonical.kinds import Kind

#: How long Stripe keeps events, in seconds. https://docs.stripe.com/api/events/list
KEPT = 30 * 24 * 3600


class SaasAdapterStripe(models.AbstractModel):
    """Says which of Stripe's lists are read, and in which order."""

    _inherit = "saas.adapter.stripe"

    def _get_reading_plan(self, source, kind, since):
        since = int(since.timestamp())
        # Older ones aren't there; asking for them only would show a wrong progress.
        events = (Kind.EVENT, {"created": {"gte": max(since, int(time.time()) - KEPT)}})
        if kind == "recovery":
            return [events]
        return [
            (Kind.CUSTOMER, {}),
            (Kind.SUBSCRIPTION, {}),
            (Kind.OPENING_INVOICE, {"status": "open"}),
            (Kind.OPENING_INVOICE, {"status": "uncollectible"}),
            (Kind.CREDIT_OPENING, {}),
            # What has happened since to what was open then.
            events,
        ]
