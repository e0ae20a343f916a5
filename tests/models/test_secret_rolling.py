from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import OTHER_SECRET, SECRET
from ..support.webhook import SaasHttpCommon


@tagged("post_install", "-at_install")
class TestSecretRolling(SaasHttpCommon):
    """A secret is rolled as Stripe does it: for a day it signs with both, and before
    and after with one. No event is refused in between, and none after the old one's
    end by it. https://docs.stripe.com/webhooks#roll-endpoint-secrets
    """

    def _post(self, number, *secrets):
        body = stripe_fixtures.load("basil", "customer.created")
        return self.post_webhook({**body, "id": f"evt_{number}"}, secrets=secrets)

    def test_no_gap(self):
        now = fields.Datetime.now()
        old = self.source.secret_ids
        self.assertEqual(self._post(1, SECRET).status_code, 200)
        # The new one is there before Stripe begins to use it.
        self.source.secret_ids = [Command.create({"new_value": OTHER_SECRET})]
        old.valid_until = now + timedelta(hours=24)
        for number, secrets in enumerate(
            ((SECRET,), (SECRET, OTHER_SECRET), (OTHER_SECRET, SECRET), (OTHER_SECRET,))
        ):
            self.assertEqual(self._post(f"b{number}", *secrets).status_code, 200)
        # The day is over.
        old.write(
            {
                "valid_from": now - timedelta(days=2),
                "valid_until": now - timedelta(seconds=1),
            }
        )
        self.assertEqual(self._post(6, OTHER_SECRET).status_code, 200)
        self.assertEqual(self._post(7, SECRET).status_code, 401)
        stored = self.env["saas.subscription.event"].search([])
        self.assertEqual(
            sorted(stored.mapped("external_id")),
            ["evt_1", "evt_6", "evt_b0", "evt_b1", "evt_b2", "evt_b3"],
        )

    def test_thin_event_over_http(self):
        thin = {
            "id": "evt_thin",
            "object": "v2.core.event",
            "type": "v1.invoice.paid",
            "created": "2026-11-02T10:01:02.123Z",
            "livemode": False,
            "snapshot_event": "evt_snapshot",
        }
        self.assertEqual(self.post_webhook(thin).status_code, 200)
        self.assertEqual(self.post_webhook({**thin, "created": 1}).status_code, 400)
        events = self.env["saas.subscription.event"].search([])
        self.assertEqual(events.mapped("event_type"), ["v1.invoice.paid"])
