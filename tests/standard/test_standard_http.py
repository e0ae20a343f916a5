"""The standard interface over real HTTP: signers of others, what is answered, and the
schema that is served. Covers controllers/schema.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from cloudevents.core.bindings.http import to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from odoo.tests import HttpCase, tagged

from ...canonical.schema.examples import EXAMPLES
from ...canonical.schema.versions import TYPES, Version
from ..support.live import dev
from .common import (
    BATCH,
    SECRET,
    STRUCTURED,
    StandardCommon,
    sign,
    write_event,
    write_example,
)

_SIGNERS = Path(__file__).with_name("signers.js")


class StandardHttpCommon(StandardCommon, HttpCase):
    """The fixtures, and HTTP on top."""

    def post(self, body, content_type=STRUCTURED, **headers):
        """Send a request; return the response."""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        signed = sign(body) if "Webhook-Id" not in headers else {}
        return self.url_open(
            f"/saas/webhook/{self.source.token}",
            data=body,
            headers={"Content-Type": content_type, **signed, **headers},
            method="POST",
        )

    def find_events(self, *ids):
        """Return the events with CloudEvents' ids."""
        return (
            self.env["saas.subscription.event"]
            .search([("source_id", "=", self.source.id), ("external_id", "like", " ")])
            .filtered(lambda event: event.external_id.partition(" ")[2] in ids)
        )


@tagged("post_install", "-at_install")
class TestStandardSigners(StandardHttpCommon):
    """Whoever signs by the specification gets in, whatever library they use, and what
    they tell is booked.
    """

    def test_python(self):
        """The libraries of CloudEvents and of Standard Webhooks, in both modes."""
        for write, mode in ((to_structured, "structured"), (to_binary, "binary")):
            given = write_example("invoice.issued", id=f"I-{mode}", number=mode)
            data = given.pop("data")
            given["time"] = datetime.fromisoformat(given["time"])
            given |= {"id": f"py-{mode}", "datacontenttype": "application/json"}
            message = write(CloudEvent(given, data), JSONFormat())
            response = self.url_open(
                f"/saas/webhook/{self.source.token}",
                data=message.body,
                headers={**message.headers, **sign(message.body)},
                method="POST",
            )
            self.assertEqual(response.status_code, 200, mode)
        self._check("py-structured", "py-binary")

    def test_javascript(self):
        """``standardwebhooks`` and ``svix`` sign what ``cloudevents`` writes."""
        node = dev("machine.node")
        node.prepare()
        text = json.dumps(write_example("invoice.issued"))
        requests = json.loads(node.evaluate(_SIGNERS.read_text(), SECRET, text))
        self.assertEqual(len(requests), 4)
        for request in requests:
            response = self.url_open(
                f"/saas/webhook/{self.source.token}",
                data=request["body"].encode(),
                headers=request["headers"],
                method="POST",
            )
            self.assertEqual(response.status_code, 200, request)
        ids = [request["headers"]["Webhook-Id"][4:] for request in requests]
        self._check(*ids)

    def _check(self, *ids):
        self.drain()
        events = self.find_events(*ids)
        self.assertEqual(len(events), len(ids))
        self.assertState(events, "done")
        moves = self.env["account.move"].search(
            [("saas_source_id", "=", self.source.id)]
        )
        self.assertEqual(moves.mapped("amount_total"), [119.0] * len(ids))


@tagged("post_install", "-at_install")
class TestStandardAnswers(StandardHttpCommon):
    def test_batch(self):
        """Number 17 of 1,000 is no event: it is shown to a person alone."""
        events = [write_example("invoice.issued", id=f"I-{n}") for n in range(30)]
        del events[16]["source"]
        others = [write_event("com.example.seat", {"n": n}) for n in range(970)]
        events += others
        self.assertEqual(self.post(events, BATCH).status_code, 200)
        self.assertEqual(self.post(events, BATCH).status_code, 200)
        self.drain()
        stored = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)]
        )
        self.assertEqual(len(stored), 1000)
        strange = stored.filtered(lambda event: event.event_type == "unreadable")
        self.assertState(strange, "quarantined", "invalid_payload")
        self.assertEqual(len(strange), 1)
        self.assertIn("source", strange.detail)
        foreign = self.find_events(*(event["id"] for event in others))
        self.assertState(foreign, "ignored", "unsupported_type")
        self.assertState(stored - strange - foreign, "done")
        self.assertEqual(len(stored - strange - foreign), 29)

    def test_usage_is_one_event(self):
        """The usage records of a request are one event, also when it comes again."""
        events = [write_example("usage.recorded", quantity=str(n)) for n in range(200)]
        events.insert(7, write_example("customer.upserted"))
        wrong = write_example("usage.recorded", quantity="many")
        for _time in range(2):
            self.assertEqual(self.post([*events, wrong], BATCH).status_code, 200)
        self.drain()
        stored = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)]
        )
        states = sorted((e.event_type, e.state, e.reason) for e in stored)
        self.assertEqual(
            states,
            [
                ("customer.upserted", "done", False),
                ("usage.recorded", "done", False),
                ("usage.recorded", "quarantined", "invalid_payload"),
            ],
        )

    def test_unknown_version(self):
        """Alone it is refused with what is taken; in a batch a person sees the same."""
        event = write_event("invoice.issued", {}, "7")
        response = self.post(event)
        self.assertEqual(response.status_code, 400)
        sentence = "There is no version 7 of invoice.issued. The versions taken are: 1."
        self.assertEqual(response.text, sentence)
        self.assertFalse(self.find_events(event["id"]))
        good = write_example("invoice.issued")
        self.assertEqual(self.post([event, good], BATCH).status_code, 200)
        self.drain()
        self.assertState(self.find_events(good["id"]), "done")
        strange = self.find_events(event["id"])
        self.assertState(strange, "quarantined", "invalid_payload")
        self.assertEqual(strange.detail, sentence)

    def test_type_of_somebody(self):
        """A type that is not ours is kept, and left aside in sight."""
        event = write_event("com.example.signup", {"a": 1})
        self.assertEqual(self.post(event).status_code, 200)
        self.drain()
        self.assertState(self.find_events(event["id"]), "ignored", "unsupported_type")

    def test_same_identity(self):
        """The same bytes are one event; other bytes under its name are a person's to
        judge; the same id of another source is another event.
        """
        event = write_example("customer.upserted")
        other = {**event, "source": "https://other.example/"}
        changed = {**event, "data": {**event["data"], "name": "Somebody else"}}
        for told in (event, event, other, changed, changed):
            self.assertEqual(self.post(told).status_code, 200)
        self.drain()
        stored = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)], order="id"
        )
        self.assertEqual(
            [(e.state, e.reason) for e in stored],
            [("done", False), ("done", False), ("quarantined", "id_reused")],
        )

    def test_old_version(self):
        """Who uses a version that will end is told so in the answer, and is in a list;
        after its last day it is refused, and who still sends it is in the list too.
        """
        today = datetime.now(UTC).date()
        self._retire(today - timedelta(days=10), today + timedelta(days=20))
        now = datetime.now(UTC).isoformat()
        event = {**write_example("customer.upserted"), "time": now}
        response = self.post(event)
        self.assertEqual(response.status_code, 200)
        since = datetime.combine(today - timedelta(days=10), datetime.min.time(), UTC)
        self.assertEqual(response.headers["Deprecation"], f"@{int(since.timestamp())}")
        last = f"{today + timedelta(days=20):%a, %d %b %Y} 23:59:59 GMT"
        self.assertEqual(response.headers["Sunset"], last)
        self.assertEqual(self._read_old(), [("customer.upserted", "1", False)])
        self.assertNotIn("Sunset", self.post(write_example("invoice.issued")).headers)
        self._retire(today - timedelta(days=60), today - timedelta(days=1))
        event = {**write_example("customer.upserted"), "time": now}
        response = self.post(event)
        self.assertEqual(response.status_code, 400)
        self.assertEqual(
            response.text,
            "Version 1 of customer.upserted is not taken any more. The versions taken "
            "are: 2.",
        )
        self.assertEqual(self._read_old(), [("customer.upserted", "1", True)])
        # Nor what happened while it was taken, and is sent now.
        event["time"] = (datetime.now(UTC) - timedelta(days=30)).isoformat()
        self.assertEqual(self.post(event).status_code, 400)

    def test_old_version_in_a_batch(self):
        """There as well what was sent after the last day is refused, whatever time it
        states; the others of the batch are booked.
        """
        today = datetime.now(UTC).date()
        earlier = (datetime.now(UTC) - timedelta(days=30)).isoformat()
        self._retire(today - timedelta(days=10), today)
        taken = {**write_example("customer.upserted"), "time": earlier}
        self.assertEqual(self.post([taken], BATCH).status_code, 200)
        self.assertEqual(self._read_old(), [("customer.upserted", "1", False)])
        self.drain()
        self.assertState(self.find_events(taken["id"]), "done")
        self._retire(today - timedelta(days=60), today - timedelta(days=1))
        refused = {**write_example("customer.upserted"), "time": earlier}
        good = write_example("invoice.issued")
        self.assertEqual(self.post([refused, good], BATCH).status_code, 200)
        self.assertEqual(self._read_old(), [("customer.upserted", "1", True)])
        self.drain()
        self.assertState(self.find_events(good["id"]), "done")
        strange = self.find_events(refused["id"])
        self.assertState(strange, "quarantined", "invalid_payload")
        self.assertIn("Version 1 of customer.upserted is not taken", strange.detail)

    def _retire(self, deprecated_on, sunset_on):
        model = TYPES["customer.upserted"]["1"].model
        versions = {"1": Version(model, deprecated_on, sunset_on), "2": Version(model)}
        patched = patch.dict(TYPES, {"customer.upserted": versions})
        patched.start()
        self.addCleanup(patched.stop)

    def _read_old(self):
        self.env.invalidate_all()
        return [
            (old.event_type, old.version, old.is_refused)
            for old in self.source.sender_version_ids
        ]

    def test_odd_requests(self):
        """Through the whole of Odoo: never a 5xx, whatever a header or body has."""
        event = write_example("invoice.issued")
        good = sign(json.dumps(event).encode())
        for headers in (
            {**good, "Webhook-Signature": "garbage"},
            {**good, "Webhook-Signature": "v1,a,b"},
            {**good, "Webhook-Signature": b"v1,\xff\xfe"},
            {**good, "Webhook-Timestamp": "nan"},
            {**good, "Webhook-Timestamp": "9" * 300},
            {**good, "Webhook-Id": b"\xe9"},
        ):
            self.assertEqual(self.post(event, **headers).status_code, 401, headers)
        for body in (b"", b"{", b"[" * 9000, b"7", b"[1,]", b"null", b"{}"):
            for kind in (STRUCTURED, BATCH, "application/json", "text/plain", ""):
                self.assertEqual(self.post(body, kind).status_code, 400, (body, kind))
        self.assertEqual(self.post([], BATCH).status_code, 200)
        events = [write_event("a.b", {}) for _number in range(1001)]
        self.assertEqual(self.post(events, BATCH).status_code, 413)


@tagged("post_install", "-at_install")
class TestStandardServed(StandardHttpCommon):
    def test_schemas(self):
        """Each schema is served to anybody, and the list of them."""
        listed = self.url_open("/saas/schema").json()
        self.assertEqual({*listed}, {*TYPES})
        for (event_type, version), data in EXAMPLES.items():
            response = self.url_open(listed[event_type][version])
            self.assertEqual(response.status_code, 200)
            self.assertEqual(
                response.headers["Content-Type"], "application/schema+json"
            )
            self.assertEqual(response.json()["examples"], [data])
        for path in ("invoice.issued/2", "no.type/1", "invoice.issued/..%2f1"):
            self.assertEqual(self.url_open(f"/saas/schema/{path}").status_code, 404)
