import json
import time
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..support.common import OTHER_SECRET, SECRET
from .webhook_common import WebhookCommon


@tagged("post_install", "-at_install")
class TestWebhookSignatures(WebhookCommon):
    """Who signs with a secret that is valid now is let in, and nobody else."""

    def test_two_secrets(self):
        self.source.secret_ids = [Command.create({"new_value": OTHER_SECRET})]
        for number, secret in enumerate((SECRET, OTHER_SECRET)):
            body = {**self.payload, "id": f"evt_{number}"}
            self.assertAnswer(self.post_webhook(body, secrets=[secret]), 200)

    def test_two_signatures(self):
        """Stripe signs with both secrets while one is rolled; we know only one."""
        for number, secrets in enumerate(
            ((SECRET, OTHER_SECRET), (OTHER_SECRET, SECRET))
        ):
            body = {**self.payload, "id": f"evt_{number}"}
            self.assertAnswer(self.post_webhook(body, secrets=secrets), 200)

    def test_secret_out_of_time(self):
        now = fields.Datetime.now()
        day = timedelta(days=1)
        for valid_from, valid_until in (
            (now - 2 * day, now - day),
            (now + day, False),
        ):
            self.source.secret_ids.write(
                {"valid_from": valid_from, "valid_until": valid_until}
            )
            self.assertAnswer(self.post_webhook(self.payload), 401)
        self.source.secret_ids.write(
            {"valid_from": now - day, "valid_until": now + day}
        )
        self.assertAnswer(self.post_webhook(self.payload), 200)

    def test_no_secret(self):
        self.source.secret_ids.unlink()
        self.assertAnswer(self.post_webhook(self.payload), 401)
        self.assertAnswer(self.post_webhook(self.payload, secrets=[""]), 401)
        self.assertAnswer(self.post_webhook(self.payload, signature=""), 401)

    def test_time_window(self):
        now = time.time()
        for offset in (-400, 400, -(10**9), 10**9):
            response = self.post_webhook(self.payload, timestamp=now + offset)
            self.assertAnswer(response, 401)
        for number, offset in enumerate((-200, 200)):
            body = {**self.payload, "id": f"evt_{number}"}
            self.assertAnswer(self.post_webhook(body, timestamp=now + offset), 200)

    def test_bad_signatures(self):
        body = json.dumps(self.payload).encode()
        good = self.sign(body, SECRET)
        moment, value = good.split(",v1=")
        for signature in (
            "",
            "nonsense",
            "t=,v1=",
            "t=1",
            f"{moment}",
            f"v1={value}",
            f"{moment},v0={value}",
            f"{moment},v1={value[:-1]}",
            f"{moment},v1={value.upper()}",
            f"{moment},v1={'ü' * 64}".encode(),
            f"t=abc,v1={value}",
            f"t={'9' * 5000},v1={value}",
            f"t={int(moment[2:]) + 1},v1={value}",
            f"{moment},t={int(moment[2:]) + 10**6},v1={'0' * 64}",
            self.sign(body + b" ", SECRET),
            self.sign(body, OTHER_SECRET),
        ):
            with self.subTest(signature=signature):
                self.assertAnswer(self.post_webhook(body, signature=signature), 401)
        # Read as the library reads it, so this is the signed time after all.
        response = self.post_webhook(body, signature=f"t=+{moment[2:]},v1={value}")
        self.assertAnswer(response, 200)
