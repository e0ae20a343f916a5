"""Which lists a recovery and a first import read."""

import time

from odoo import models

#: As long as Stripe keeps events, in seconds. https://docs.stripe.com/api/events/list
KEPT = 30 * 24 * 3600


class SaasAdapterStripe(models.AbstractModel):
    _inherit = "saas.adapter.stripe"

    def _get_pull_plan(self, source, kind, since):
        since = int(since.timestamp())
        # Older ones aren't there; asking for them only would show a wrong progress.
        events = ("event", {"created": {"gte": max(since, int(time.time()) - KEPT)}})
        if kind == "recovery":
            return [events]
        return [
            ("customer", {}),
            ("subscription", {}),
            ("opening_invoice", {"status": "open"}),
            ("opening_invoice", {"status": "uncollectible"}),
            ("opening_balance", {}),
            # What has happened since to what was open then.
            events,
        ]
