import http.client
import json

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from odoo.tests import BaseCase, tagged

from ...controllers.border import is_private
from ..support import stripe_fixtures
from ..support.common import SECRET
from ..support.live import LiveCase
from ..support.webhook import WebhookMixin


@tagged("post_install", "-at_install")
class TestPlainHttp(LiveCase):
    """Events that others on the way could read and replay are refused: what comes over
    plain http, unless it never left the machine.
    """

    @classmethod
    def get_options(cls):
        return ("--proxy-mode",)

    def _post_forwarded(self, **forwarded):
        """Send an event as a proxy passes it on; return status and text."""
        body = json.dumps(stripe_fixtures.load("basil", "customer.created")).encode()
        headers = {
            "Content-Type": "application/json",
            "Stripe-Signature": WebhookMixin.sign(body, SECRET),
            **{f"X-Forwarded-{name.title()}": v for name, v in forwarded.items()},
        }
        link = http.client.HTTPConnection("127.0.0.1", self.server.http_port, 30)
        try:
            link.request("POST", f"/saas/webhook/{self.token}", body, headers)
            response = link.getresponse()
            return response.status, response.read().decode()
        finally:
            link.close()

    def test_proxied(self):
        outside = {"host": "odoo.example.com", "for": "203.0.113.9"}
        for forwarded in (
            {**outside, "proto": "http"},
            {**outside, "proto": ""},
            # Whoever comes first in the list says what they like.
            {**outside, "proto": "http", "for": "127.0.0.1, 203.0.113.9"},
            {**outside, "proto": "http", "for": "2001:db8::1"},
            {**outside, "proto": "http", "for": "nonsense"},
            # Odoo is not told enough to believe a proxy.
            {"proto": "http"},
            {"proto": "HTTP", "for": "203.0.113.9"},
        ):
            with self.subTest(forwarded=forwarded):
                status, text = self._post_forwarded(**forwarded)
                self.assertEqual(status, 403)
                self.assertIn("proxy_mode", text)
        self.assertEqual(
            self.sql("SELECT count(*) FROM saas_subscription_event"), [(0,)]
        )
        self.assertIn("plain http was refused", self.read_log())
        for forwarded in (
            {**outside, "proto": "https"},
            {"host": "odoo.example.com", "for": "127.0.0.1", "proto": "http"},
            {"host": "odoo.example.com", "for": "::1", "proto": "http"},
            {},
        ):
            with self.subTest(forwarded=forwarded):
                self.assertEqual(self._post_forwarded(**forwarded)[0], 200)


@tagged("post_install", "-at_install")
class TestPrivate(BaseCase):
    """The rule, for peers that a test can't be."""

    def _is_private(self, address, scheme="http", **headers):
        builder = EnvironBuilder(
            method="POST",
            base_url=f"{scheme}://odoo.example.com",
            environ_base={"REMOTE_ADDR": address} if address else {},
            headers=headers,
        )
        return is_private(Request(builder.get_environ()))

    def test_peers(self):
        for address in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"):
            self.assertTrue(self._is_private(address), address)
            self.assertFalse(
                self._is_private(address, **{"X-Forwarded-Proto": "http"}), address
            )
        for address in ("203.0.113.9", "10.0.0.1", "::", "2001:db8::1", "", "unix:"):
            self.assertFalse(self._is_private(address), address)
            self.assertTrue(self._is_private(address, "https"), address)
            # Without a proxy that Odoo was told of, anybody can write this.
            self.assertFalse(
                self._is_private(address, **{"X-Forwarded-Proto": "https"}), address
            )
