import json

from odoo.tests import tagged

from ...canonical.display.texts import LONGEST_DETAIL, fit, showable
from ...canonical.reasons import State
from ..support import stripe_fixtures
from ..support.screens import ScreensMixin
from ..support.webhook import SaasHttpCommon

#: Texts that a database, an answer, a sheet or a reader's eye can't take.
_ODD = {
    "surrogate": "a\ud800b",
    "pair_turned": "\udc00\ud800",
    "nul": "a\x00b",
    "control": "a\x01\x0b\x1b[31mb",
    "no_character": "a\uffff\ufffeb",
    "turned": "a\u202egpj.exe",
    "formula": "=1+1",
    "entity": "<b>&amp;</b>",
    "astral": "😀\U0010ffff",
    "line_ends": "a\r\n\u2028b",
}


@tagged("post_install", "-at_install")
class TestReadable(ScreensMixin, SaasHttpCommon):
    """What the inbox took in can be opened, listed, searched and exported."""

    def setUp(self):
        super().setUp()
        self.log_in()

    def _send(self, name, number, change):
        """Send a changed event as a source does; return what was stored."""
        event = stripe_fixtures.load("basil", name)
        event["id"] = f"evt_{name.replace('.', '_')}_{number}"
        change(event)
        response = self.post_webhook(json.dumps(event).encode())
        self.assertEqual(response.status_code, 200)
        return self.env["saas.subscription.event"].search(
            [("external_id", "=", event["id"])]
        )

    def test_odd_texts(self):
        """As a value and as a key: in what is masked, in what is shown, and in what a
        reason or a reference quotes.
        """
        events = self.env["saas.subscription.event"]
        for case, text in _ODD.items():

            def as_value(event, text=text):
                event["data"]["object"].update(number=text, status=text)

            def as_key(event, text=text):
                event["data"]["object"][text] = {text: text}

            def as_id(event, text=text):
                event["data"]["object"]["customer"] = text

            def as_refund_of(event, text=text):
                event["data"]["object"].update(payment_intent=None, charge=text)

            for number, change in enumerate((as_value, as_key, as_id)):
                events |= self._send("invoice.finalized", f"{case}{number}", change)
            events |= self._send("refund.created", f"{case}3", as_refund_of)
        self.drain()
        self.assertNotIn("received", events.mapped("state"))
        self.assertFalse(any(events.mapped("trace")))
        self.assertReadable(events)
        for event in events:
            for text in (event.payload, event.detail, event.waiting_for):
                self.assertEqual(showable(text or ""), text or "")
        for column in ("detail", "waiting_for", "external_id"):
            found = self.read_list([(column, "ilike", "a"), ("id", "in", events.ids)])
            expected = events.filtered(lambda e, c=column: "a" in (e[c] or "").lower())
            self.assertEqual({row["id"] for row in found}, set(expected.ids))
        self.assertWhole()

    def test_what_is_shown_is_the_senders(self):
        """JSON can write what can't be shown, so what is seen is what was sent."""
        event = self._send(
            "invoice.finalized",
            "odd",
            lambda event: event["data"]["object"].update(
                {"\ud800": None, "lines\x00": None}
            ),
        )
        shown = json.loads(event.payload)["data"]["object"]
        self.assertEqual(shown["total"], 11900)

    def test_large(self):
        """A body of the largest size: the screen shows its beginning, and says so."""

        def add_numbers(event):
            event["lines"] = [[[[0] * 1000] * 10] * 10]

        event = self._send("invoice.finalized", "large", add_numbers)
        text = self.read_form(event)["payload"]
        self.assertLess(len(text), 210_000)
        self.assertIn(f"an event of {len(event._get_body())} bytes", text)
        self.assertReadable(event)

    def test_long_texts(self):
        """Whatever quotes a text of others is cut, and says how much is missing."""
        long = "x" * 500_000
        cut = f"… ({len(long) - LONGEST_DETAIL} more characters)"
        event = self._send(
            "invoice.finalized", "long", lambda event: event.update(type="invoice.paid")
        )
        event._set_state(State.QUARANTINED, None, long, waiting_for=long, trace=long)
        for text in (event.detail, event.waiting_for, event.log_ids[0].detail):
            self.assertLess(len(text), 2 * LONGEST_DETAIL + 200)
        self.assertTrue(event.detail.endswith(cut))
        self.assertLess(len(event.trace), 21_000)
        self.source._on_pull_failed(long)
        self.assertLess(len(self.source.message_ids[0].body), LONGEST_DETAIL + 500)
        self.assertEqual(fit("ab", 1), "a… (1 more characters)")
        self.assertEqual((fit(None), fit(""), fit("ab", 2)), (None, "", "ab"))
        self.assertReadable(event)
        self.assertWhole()

    def test_long_ids(self):
        """An id that is none is refused at the door, or by its reason."""
        payload = stripe_fixtures.load("basil", "invoice.finalized")
        for key in ("account", "api_version"):
            for text in ("a" * 300, "a b", "\x01"):
                response = self.post_webhook({**payload, key: text})
                self.assertEqual(response.status_code, 400, (key, text))
        notice = {
            "id": "evt_notice",
            "object": "v2.core.event",
            "type": "v1.invoice.paid",
            "created": "2026-11-02T10:01:02.123Z",
            "livemode": False,
            "snapshot_event": "e" * 300,
            "related_object": {"id": "i" * 300, "type": "invoice"},
        }
        self.assertEqual(self.post_webhook(notice).status_code, 200)
        self.drain()
        event = self.env["saas.subscription.event"].search([])
        self.assertState(event, "quarantined", "invalid_payload")
        self.assertReadable(event)
