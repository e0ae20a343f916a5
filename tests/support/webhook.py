"""Requests to the webhook over real HTTP, signed as Stripe signs."""

import json
import time

from stripe import WebhookSignature

from odoo.tests import HttpCase

from .common import SECRET, SaasCommon


class WebhookMixin:
    """Requests to the webhook over real HTTP."""

    def post_webhook(
        self,
        body,
        *,
        secrets=(SECRET,),
        timestamp=None,
        signature=None,
        token=None,
        headers=None,
    ):
        """Send a signed request; return the response.

        :param body: bytes, or what to make JSON of.
        :param secrets: as Stripe does, one signature is sent for each.
        :param signature: the header to send instead; ``""`` sends none.
        """
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if signature is None:
            signature = self.sign(body, *secrets, timestamp=timestamp)
        sent = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        if signature:
            sent["Stripe-Signature"] = signature
        return self.url_open(
            f"/saas/webhook/{token or self.source.token}",
            data=body,
            headers=sent,
            method="POST",
        )

    @staticmethod
    def sign(body, *secrets, timestamp=None):
        """Return Stripe's header for a body, with a ``v1`` value for each secret."""
        timestamp = int(timestamp or time.time())
        # Bytes that are no UTF-8 can't be signed as what they are.
        text = body.decode("utf-8", "replace")
        headers = [
            WebhookSignature.generate_signature_header(text, secret, timestamp)
            for secret in secrets
        ]
        values = [header.partition(",")[2] for header in headers]
        return ",".join([f"t={timestamp}", *values])


class SaasHttpCommon(WebhookMixin, SaasCommon, HttpCase):
    """As core's payment tests do: the fixtures, and HTTP on top."""
