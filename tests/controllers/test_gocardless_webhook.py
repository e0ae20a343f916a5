"""GoCardless' requests over HTTP."""

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...dev.make_believe.gocardless.account import Account
from ...dev.make_believe.gocardless.webhooks import make_requests, sign
from ..support.common import SECRET
from ..support.webhook import SaasHttpCommon
from .webhook_common import REFUSED


@tagged("post_install", "-at_install")
class TestGoCardlessWebhook(SaasHttpCommon):
    """Many events come at once, and only who has the secret may send them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gocardless = cls.env["saas.source"].create(
            {
                "name": "GoCardless",
                "adapter": "gocardless",
                "company_id": cls.company.id,
                "secret_ids": [Command.create({"new_value": SECRET})],
            }
        )

    def _post(self, body, headers):
        address = f"/saas/webhook/{self.gocardless.token}"
        return self.url_open(address, data=body, headers=headers)

    def _get_stored(self):
        return self.env["saas.subscription.event"].search(
            [("source_id", "=", self.gocardless.id)]
        )

    def test_many_events_at_once(self):
        """A full request is stored as one delivery, and once however often it comes."""
        account = Account()
        _ref, mandate = account.add_customer(company_name="Northlight Ltd")
        for number in range(247):
            account.add_payment(mandate, 100 + number)
        events = list(account.objects["events"].values())
        [(body, headers)] = make_requests(events, SECRET)
        for _time in range(2):
            self.assertEqual(self._post(body, headers).status_code, 204)
        stored = self._get_stored()
        self.assertEqual(
            sorted(stored.mapped("external_id")), sorted(e["id"] for e in events)
        )
        self.assertEqual(len(stored), 250)
        self.assertEqual(len(stored.delivery_id), 1)

    @mute_logger(REFUSED)
    def test_who_may_send(self):
        """What makes the library raise is a refusal, and no error."""
        body = b'{"events": []}'
        good = sign(body, SECRET)
        for headers in (
            {},
            {"Webhook-Signature": ""},
            {"Webhook-Signature": "\xe9"},
            {"Webhook-Signature": good[:-1]},
            {"Webhook-Signature": sign(body, "other")},
        ):
            with self.subTest(headers):
                self.assertEqual(self._post(body, headers).status_code, 401)
        for odd in (b"{", b"[]", b'{"events": 5}', b"\xff"):
            with self.subTest(odd):
                headers = {"Webhook-Signature": sign(odd, SECRET)}
                self.assertEqual(self._post(odd, headers).status_code, 400)
        self.assertFalse(self._get_stored())
        headers = {"Webhook-Signature": good}
        self.assertEqual(self._post(body, headers).status_code, 204)
