import json

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import SECRET
from ..support.webhook import SaasHttpCommon


@tagged("post_install", "-at_install")
class TestWebhookLog(SaasHttpCommon):
    """Whatever becomes of a request, the log shows neither payload nor secret."""

    def test_log_holds_no_secrets(self):
        payload = stripe_fixtures.load("basil", "invoice.finalized")
        forgery = f"t=1,v1={SECRET}"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.env.cr.execute(
            """ALTER TABLE saas_subscription_event
               ADD CONSTRAINT test_refuse CHECK (external_id <> 'evt_refused')
               NOT VALID"""
        )
        with self.assertLogs("odoo", "INFO") as logs:
            for status, request in (
                (200, {"body": payload}),
                (200, {"body": payload}),
                (400, {"body": {**payload, "id": "no id"}}),
                (400, {"body": json.dumps(payload)[:-1].encode()}),
                (401, {"body": payload, "signature": forgery}),
                (401, {"body": payload, "signature": forgery, "headers": form}),
                (404, {"body": payload, "token": "nobody"}),
                (413, {"body": json.dumps(payload).encode() + b" " * 1024 * 1024}),
                (503, {"body": {**payload, "id": "evt_refused"}}),
            ):
                response = self.post_webhook(**request)
                self.assertEqual(response.status_code, status)
            self.drain()
        self.assertTrue([line for line in logs.output if "controllers.webhook" in line])
        for line in logs.output:
            for value in (*_personal_values(payload), SECRET, SECRET[6:]):
                self.assertNotIn(value, line)


def _personal_values(payload):
    obj = payload["data"]["object"]
    keys = ("customer_email", "customer_name", "customer_phone", "invoice_pdf")
    return [*(obj[key] for key in keys), obj["customer_address"]["line1"]]
