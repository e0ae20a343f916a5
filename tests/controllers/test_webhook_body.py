import http.client
import json
from contextlib import suppress

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support import stripe_fixtures
from ..support.common import SECRET
from ..support.webhook import SaasHttpCommon

_MIB = 1024 * 1024
_REFUSED = "odoo.addons.saas_billing_sync.controllers.webhook"


@tagged("post_install", "-at_install")
class TestWebhookBody(SaasHttpCommon):
    """Bodies that are too large, no JSON, or no event: never a 5xx, nothing kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payload = stripe_fixtures.load("basil", "invoice.finalized")

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger(_REFUSED))

    def assertRefused(self, response, status):
        self.assertEqual(response.status_code, status, response.text)
        self.assertFalse(self.env["saas.subscription.event"].search([]))

    def _padded(self, size):
        """Return an event of a given size in bytes."""
        body = json.dumps(self.payload).encode()
        return body + b" " * (size - len(body))

    def test_size(self):
        self.assertRefused(self.post_webhook(self._padded(_MIB + 1)), 413)
        # Nobody's time is spent on a signature.
        response = self.post_webhook(self._padded(_MIB + 1), signature="")
        self.assertRefused(response, 413)
        self.assertEqual(self.post_webhook(self._padded(_MIB)).status_code, 200)

    def test_size_without_content_type(self):
        response = self.post_webhook(
            self._padded(_MIB + 1), headers={"Content-Type": None}
        )
        self.assertRefused(response, 413)

    def _send(self, body, headers, chunks=None):
        """Send a request whose headers say what a proper client wouldn't."""
        self.env.flush_all()
        self.env.cr.clear()
        host = self.base_url().partition("//")[2]
        with self.allow_requests(all_requests=True):
            connection = http.client.HTTPConnection(host, timeout=12)
            connection.putrequest("POST", f"/saas/webhook/{self.source.token}")
            connection.putheader("Content-Type", "application/json")
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            # It may answer without reading on.
            with suppress(BrokenPipeError, ConnectionResetError):
                for chunk in chunks or [body]:
                    connection.send(chunk)
            try:
                response = connection.getresponse()
                return response.status
            except ConnectionResetError:
                return None
            finally:
                connection.close()

    def test_length_missing(self):
        body = json.dumps(self.payload).encode()
        signature = {"Stripe-Signature": self.sign(body, SECRET)}
        self.assertEqual(self._send(b"", signature), 401)

    def test_length_false(self):
        body = json.dumps(self.payload).encode()
        signature = {"Stripe-Signature": self.sign(body, SECRET)}
        for length in ("10", "0", "-5", "many", "1e3"):
            with self.subTest(length=length):
                status = self._send(body, {**signature, "Content-Length": length})
                self.assertIn(status, (400, 401, None))
        huge = {**signature, "Content-Length": "9" * 30}
        self.assertEqual(self._send(body, huge), 413)
        self.assertFalse(self.env["saas.subscription.event"].search([]))

    def test_chunked(self):
        """Without a length the limit holds for what is read."""
        chunked = {"Transfer-Encoding": "chunked"}
        part = b" " * 65536
        chunks = [b"%x\r\n%s\r\n" % (len(part), part)] * 17 + [b"0\r\n\r\n"]
        self.assertIn(self._send(None, chunked, chunks), (413, None))
        body = json.dumps(self.payload).encode()
        signed = {**chunked, "Stripe-Signature": self.sign(body, SECRET)}
        broken = self._send(None, signed, [b"zz\r\n" + body])
        self.assertIn(broken, (400, 401))
        self.assertFalse(self.env["saas.subscription.event"].search([]))
        chunks = [b"%x\r\n%s\r\n" % (len(body), body), b"0\r\n\r\n"]
        self.assertEqual(self._send(None, signed, chunks), 200)

    def test_not_an_event(self):
        """Signed, and still nothing to store."""
        event = self.payload
        for body in (
            b"",
            b" ",
            b"hello",
            b"null",
            b"true",
            b"1",
            b'"evt_1"',
            b"[]",
            b"[[]]",
            b"{}",
            b"{",
            b"{}{}",
            b"\xef\xbb\xbf{}",
            json.dumps([event]).encode(),
            json.dumps(event)[:-1].encode(),
            json.dumps({**event, "x": float("nan")}).encode(),
            json.dumps({**event, "x": float("-inf")}).encode(),
            b"[" * 100_000 + b"]" * 100_000,
            b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
            json.dumps({**event, "x": _nested(65)}).encode(),
            json.dumps(event)[:-1].encode() + b', "x": ' + b"9" * 5000 + b"}",
        ):
            with self.subTest(body=body[:40]):
                self.assertRefused(self.post_webhook(body), 400)

    def test_wrong_envelope(self):
        for key, values in {
            "id": (None, "", 1, True, [], {}, "evt 1", "evt_\u0000", "evt_\ud800", "é"),
            "type": (None, "", 1, [], "Invoice", "a b", "a" * 200, "a\u0000"),
            "created": (None, "", "1", 1.5, True, -1, 0, 10**30, 10**300, []),
            "object": (None, "", "invoice", "v2.core.event", 1, {}),
            "livemode": ("false", 0, 1, [], {}),
            "api_version": (1, [], {}, "\u0000", "\ud800"),
            "account": (1, [], {}, "\u0000"),
        }.items():
            for value in values:
                with self.subTest(key=key, value=value):
                    body = {**self.payload, key: value}
                    self.assertRefused(self.post_webhook(body), 400)

    def test_not_utf_8(self):
        """What is no UTF-8 can't have been signed by Stripe: it isn't authentic."""
        for encoding in ("utf-16", "latin-1", "utf-32"):
            body = json.dumps({**self.payload, "x": "ü"}, ensure_ascii=False)
            response = self.post_webhook(body.encode(encoding))
            self.assertRefused(response, 401)
        self.assertRefused(self.post_webhook(b'{"id": "\xff\xfe"}'), 401)

    def test_odd_texts(self):
        """They are kept as they are; what the database can't hold is left out later."""
        payload = {**self.payload, "id": "evt_odd"}
        obj = payload["data"]["object"]
        payload["data"] = {
            "object": {**obj, "customer_name": "\u0000", "number": "\ud800"}
        }
        self.assertEqual(self.post_webhook(payload).status_code, 200)
        deep = {**self.payload, "id": "evt_deep", "x": _nested(60)}
        self.assertEqual(self.post_webhook(deep).status_code, 200)
        self.drain()
        events = self.env["saas.subscription.event"].search([], order="id")
        self.assertState(events, "done")
        self.assertTrue(all(events.mapped("payload")))

    def test_content_types(self):
        """The bytes count, whatever they are called: a form, too, is not taken apart
        before its signature is checked.
        """
        for number, content_type in enumerate(
            (
                "text/plain",
                "application/xml",
                "application/octet-stream",
                "application/x-www-form-urlencoded",
                "multipart/form-data",  # without a boundary it is none
                "multipart/form-data; boundary=x",
                None,
            )
        ):
            body = {**self.payload, "id": f"evt_{number}"}
            response = self.post_webhook(body, headers={"Content-Type": content_type})
            self.assertEqual(response.status_code, 200, content_type)
        self.assertEqual(
            self.env["saas.subscription.event"].search_count([]), number + 1
        )


def _nested(depth):
    value = 1
    for _level in range(depth):
        value = {"x": value}
    return value
