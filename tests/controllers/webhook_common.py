"""What tests of the webhook share."""

from odoo.tools import mute_logger

from ..support import stripe_fixtures
from ..support.webhook import SaasHttpCommon

REFUSED = "odoo.addons.saas_billing_sync.controllers.webhook"


class WebhookCommon(SaasHttpCommon):
    """An event to send, and what is kept of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payload = stripe_fixtures.load("basil", "invoice.finalized")

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger(REFUSED))

    def _events(self):
        return self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)]
        )

    def _jobs(self):
        return self.env["queue.job"].search(
            [("identity_key", "=", self.source._get_drain_key())]
        )

    def assertAnswer(self, response, status):
        """Check the status, and that nothing is stored unless it is 200."""
        self.assertEqual(response.status_code, status, response.text)
        self.assertTrue(response.headers["Content-Type"].startswith("text/plain"))
        self.assertLess(len(response.text), 30)
        if status != 200:
            self.assertFalse(self._events())
            self.assertFalse(self._jobs())
