"""How requests of the standard interface are verified and cut into events. Covers
adapters/standard/signature, adapters/standard/cloud_event,
adapters/standard/events_of_request and adapters/standard/arrivals.
"""

import base64
import json
import time
from datetime import UTC, datetime, timedelta

from werkzeug.datastructures import Headers

from odoo.tests import BaseCase, tagged

from ...adapters.standard import cloud_event, events_of_request, signature
from ...canonical.border.inbound import Inbound
from ...canonical.envelope import parse
from ...canonical.errors import Malformed, Unauthentic
from .common import (
    BATCH,
    OTHER_SECRET,
    SECRET,
    sign,
    write_event,
)

_TOLERANCE = 300


def _write_request(body=b"{}", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Inbound("POST", "https://odoo.example/saas/webhook/t", Headers(named), body)


def _sign_request(body=b"{}", secret=SECRET, **changes):
    signed = {
        name.replace("-", "_"): value
        for name, value in sign(body, secret, changes.pop("message_id", None)).items()
    }
    return _write_request(body, **{**signed, **changes})


@tagged("post_install", "-at_install")
class TestStandardSignature(BaseCase):
    """Only who has a secret gets in, and nothing else that is odd raises another
    error.
    """

    def _assert_refused(self, inbound, secrets=(SECRET,), tolerance=_TOLERANCE):
        with self.assertRaises(Unauthentic):
            signature.verify(secrets, inbound, tolerance)

    def test_forms_of_a_secret(self):
        """What people copy along, and what they leave out, does no harm."""
        bare = SECRET.removeprefix("whsec_")
        forms = (SECRET, f"v1,{SECRET}", bare, f" {SECRET}\n", bare.rstrip("="))
        for form in forms:
            signature.verify([form], _sign_request(), _TOLERANCE)

    def test_two_secrets_at_once(self):
        """While one is rolled, either lets a sender in; a removed one doesn't."""
        for secret in (SECRET, OTHER_SECRET):
            inbound = _sign_request(secret=secret)
            signature.verify([SECRET, OTHER_SECRET], inbound, _TOLERANCE)
        self._assert_refused(_sign_request(secret=OTHER_SECRET))
        self._assert_refused(_sign_request(), secrets=())

    def test_several_signatures(self):
        """The sender may sign with its old and its new secret, and in ways that are not
        known here.
        """
        old = _sign_request(secret=OTHER_SECRET, message_id="m")
        new = _sign_request(message_id="m")
        both = f"v1a,xyz {old.header('Webhook-Signature')} " + new.header(
            "Webhook-Signature"
        )
        inbound = _sign_request(message_id="m", Webhook_Signature=both)
        signature.verify([SECRET], inbound, _TOLERANCE)

    def test_odd_secrets(self):
        """Whatever was pasted as a secret, it lets nobody in and stops nobody else."""
        odd = ("", "whsec_", "whsec_é", "v1,", "whsec_!!", "a" * 10**5, "whsec_YQ==")
        self._assert_refused(_sign_request(), secrets=odd)
        signature.verify([*odd, SECRET], _sign_request(), _TOLERANCE)

    def test_odd_headers(self):
        now = str(int(time.time()))
        for changes in (
            {"Webhook_Id": ""},
            {"Webhook_Id": "é"},
            {"Webhook_Timestamp": ""},
            {"Webhook_Timestamp": f"{now}.0"},
            {"Webhook_Timestamp": f"+{now}"},
            {"Webhook_Timestamp": f" {now}"},
            {"Webhook_Timestamp": "nan"},
            {"Webhook_Timestamp": "-1"},
            {"Webhook_Timestamp": "9" * 500},
            {"Webhook_Timestamp": "١٧٠٠٠٠٠٠٠٠"},
            {"Webhook_Signature": ""},
            {"Webhook_Signature": "garbage"},
            {"Webhook_Signature": "v1,a,b"},
            {"Webhook_Signature": "v1,é"},
            {"Webhook_Signature": "v1,"},
            {"Webhook_Signature": "," * 1000},
        ):
            self._assert_refused(_sign_request(**changes))
        signed = _sign_request()
        self._assert_refused(Inbound("POST", signed.url, signed.headers, b"\xff\xfe{}"))
        self._assert_refused(Inbound("POST", signed.url, signed.headers, b"{} "))

    def test_window(self):
        """The window is the source's: narrower than the library's, or wider; and as
        wide to both sides.
        """
        for seconds, tolerance, is_in in (
            (-40, 60, True),
            (40, 60, True),
            (-80, 60, False),
            (80, 60, False),
            (-800, 900, True),
            (800, 900, True),
        ):
            moment = datetime.now(UTC).replace(microsecond=0)
            headers = sign(b"{}", moment=moment + timedelta(seconds=seconds))
            inbound = Inbound("POST", "", Headers(headers), b"{}")
            if is_in:
                signature.verify([SECRET], inbound, tolerance)
            else:
                self._assert_refused(inbound, tolerance=tolerance)

    def test_new_secrets(self):
        """A secret made here is one of the specification's, and new each time."""
        made = {signature.make_secret() for _number in range(20)}
        self.assertEqual(len(made), 20)
        for secret in made:
            self.assertRegex(secret, r"^whsec_[A-Za-z0-9+/]{43}=$")
            self.assertEqual(len(signature.read_key(secret)), 32)


@tagged("post_install", "-at_install")
class TestStandardEvents(BaseCase):
    """One event, a batch and headers come to the same: events that tell everything by
    themselves, in the bytes that came.
    """

    def _split(self, body, **headers):
        items, is_batch = events_of_request.split(_write_request(body, **headers))
        for item in items:
            # What is told of an item's content is what its bytes say.
            if item.value is not None:
                self.assertEqual(item.value, parse(item.body))
        return [item.body for item in items], is_batch

    def _assert_malformed(self, body, **headers):
        with self.assertRaises(Malformed):
            for part in self._split(body, **headers)[0]:
                cloud_event.read(parse(part))

    def test_bytes_are_kept(self):
        """A number keeps its zeros, a text its escapes, an object its spaces."""
        event = write_event("invoice.issued", {})
        one = (
            json.dumps(event, indent=3)
            .encode()
            .replace(b'"data": {}', b'"data": { "x" : 1.50e1, "y":"\\u00e9" }')
        )
        other = b'{"b":[ 1,2 ],"c":"\xc3\xa9"}'
        self.assertEqual(self._split(one), ([one], False))
        batch = b" [ " + one + b" ,\n" + other + b"]\t"
        for headers in ({"Content_Type": BATCH}, {"Content_Type": "application/json"}):
            self.assertEqual(self._split(batch, **headers), ([one, other], True))
        self.assertEqual(self._split(b"[]"), ([], True))

    def test_in_headers(self):
        """Attributes in headers become those of one event around the same data."""
        data = b'{"amount": 1.50, "text": "\\u00e9"}'
        headers = {
            "Content_Type": "application/json; charset=utf-8",
            "ce_specversion": "1.0",
            "ce_id": "a%20b",
            "ce_source": "https://app.example/x",
            "ce_type": "payment.succeeded",
            "ce_time": "2026-11-02T09:30:00+02:00",
            "ce_sequence": "7",
            "ce_saasversion": "1",
            "ce_traceparent": "00-1",
        }
        [body], is_batch = self._split(data, **headers)
        self.assertFalse(is_batch)
        self.assertIn(data, body)
        event = cloud_event.read(parse(body))
        self.assertEqual(
            (event.id, event.source, event.type, event.version, event.sequence),
            ("a b", "https://app.example/x", "payment.succeeded", "1", 7),
        )
        self.assertEqual(event.time, datetime(2026, 11, 2, 7, 30, tzinfo=UTC))
        # What a tracing system changes is no part of the event.
        again = self._split(data, **{**headers, "ce_traceparent": "00-2"})
        self.assertEqual(again, ([body], False))
        for lacking in ("ce_id", "ce_source", "ce_type", "ce_time"):
            self._assert_malformed(data, **{**headers, lacking: ""})
        for body in (b'1, "id": "x"', b"{", b'{"a": 1}}', b"\x00"):
            self._assert_malformed(body, **headers)

    def test_identity(self):
        """Only source and id together name an event, and nobody can make two names
        that look alike.
        """
        names = [
            ("https://a.example", "1"),
            ("https://b.example", "1"),
            ("https://a.example/1", " 1"),
            ("https://a.example/1", "1"),
            ("x" * 500, "1"),
            ("x" * 500, "2"),
            ("s", "y" * 500),
            ("s", "sha256:" + "0" * 64),
        ]
        events = [write_event("a.b", {}, source=s, id=i) for s, i in names]
        known = {cloud_event.read(event).identity for event in events}
        self.assertEqual(len(known), len(names))
        self.assertLessEqual(max(map(len, known)), 255)

    def test_needs(self):
        """What CloudEvents asks for is asked for; the library would make up an id."""
        whole = write_event("invoice.issued", {})
        cloud_event.read(whole)
        for key in ("specversion", "id", "source", "type", "time"):
            for wrong in (None, "", 7, [], {}, "a\x00b", "\ud800"):
                with self.assertRaises(Malformed, msg=f"{key}: {wrong!r}"):
                    cloud_event.read({**whole, key: wrong})
        for changes in (
            {"specversion": "0.3"},
            {"source": "a b"},
            {"time": "2026-11-02"},
            {"time": "2026-11-02T09:30:00"},
            {"time": "1795599000"},
            {"time": "0001-01-01T00:00:00+23:59"},
            {"time": "2026-11-02T09:30:60Z"},
            {"sequence": -1},
            {"sequence": "1.5"},
            {"sequence": True},
            {"Upper": 1},
            {"with_underscore": 1},
            {"": 1},
            {"dataschema": ""},
            {"data": None, "data_base64": "%%"},
            {"data": None, "data_base64": 5},
            {"data": None, "data_base64": base64.b64encode(b"no json").decode()},
        ):
            with self.assertRaises(Malformed, msg=str(changes)):
                cloud_event.read({**whole, **changes})

    def test_data_in_base64(self):
        data = base64.b64encode(b'{"a": 1}').decode()
        event = write_event("invoice.issued", None, data_base64=data)
        self.assertEqual(cloud_event.read(event).data, {"a": 1})

    def test_no_events(self):
        for body in (b"", b"7", b'"text"', b"null", b"[", b"[1,]", b"[1 2]", b"[]x"):
            self._assert_malformed(body)
        self._assert_malformed(b"[" * 50000)
        self._assert_malformed(b'{"a":' * 50000, Content_Type=BATCH)
        self._assert_malformed(b"{}", Content_Type="application/cloudevents+avro")

    def test_version(self):
        """It is what the schema's address says, or our own attribute, or the default;
        two that differ are none.
        """

        def read(event_type, **attributes):
            return cloud_event.read(write_event(event_type, {}, **attributes)).version

        base = "https://odoo.example/saas/schema/"
        self.assertEqual(read("invoice.issued"), "1")
        self.assertEqual(read("contract.won"), "1")
        self.assertEqual(read("usage.recorded"), "1")
        self.assertEqual(read("of.somebody"), "")
        self.assertEqual(read("invoice.issued", saasversion="7"), "7")
        self.assertEqual(read("invoice.issued", saasversion=1), "1")
        schema = f"{base}invoice.issued/1"
        self.assertEqual(read("invoice.issued", dataschema=schema), "1")
        relative = "/saas/schema/invoice.issued/2"
        self.assertEqual(read("invoice.issued", dataschema=relative), "2")
        for attributes in (
            {"dataschema": f"{base}invoice.voided/1"},
            {"dataschema": "https://schemas.example/invoice"},
            {"dataschema": schema, "saasversion": "2"},
            {"saasversion": "x" * 100},
            {"saasversion": "a b"},
        ):
            self.assertEqual(read("invoice.issued", **attributes), cloud_event.UNKNOWN)
