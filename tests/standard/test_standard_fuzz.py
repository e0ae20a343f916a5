"""Requests to the standard interface that nobody should send. Covers
adapters/standard/harmless.
"""

import copy
import json
import random
import re
import socket
from collections import Counter
from http.client import HTTPResponse

from werkzeug.datastructures import Headers

from odoo.tests import tagged

from ...canonical.border.inbound import Inbound
from ...canonical.display.masking import mask
from ...canonical.errors import EventError, Malformed, Unauthentic
from ...canonical.reader import storable
from ...canonical.schema.examples import EXAMPLES
from ..support.common import FULL, SEED
from ..support.mutants import ODD_TEXTS, VALUES, paths
from .common import BATCH, STRUCTURED, StandardCommon, sign, write_example
from .test_standard_http import StandardHttpCommon

_COUNT = 10_000 if FULL else 500
_HEADERS = (
    *("Webhook-Id", "Webhook-Timestamp", "Webhook-Signature", "Content-Type"),
    *("ce-id", "ce-source", "ce-type", "ce-time", "ce-specversion", "ce-sequence"),
    *("ce-saasversion", "ce-dataschema", "ce-data", "ce-x_y", "ce-", "ce-é"),
)
_BITS = (
    *("", " ", ",", "v1,", "v1,a,b", "é", "\xff", "%", "%zz", "%00", "%ff", "%C3%A9"),
    *("nan", "-1", "9" * 400, "1e9", "a" * 3000, "1.0", "0.3", "2026-11-02T09:30:00Z"),
    *("2026-11-02", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "null"),
    *("application/json", "application/cloudevents+avro", BATCH, STRUCTURED, ";", "/"),
)


class Damaged:
    """Writes requests that are whole but for some of their parts."""

    def _build(self, rand):
        """Return a request that is whole but for some of its parts."""
        event = self._damage(rand, write_example(rand.choice([*EXAMPLES])[0]))
        headers = {"Content-Type": STRUCTURED}
        shape = rand.randrange(4)
        if shape == 0:
            events = [event, *(write_example("usage.recorded") for _n in range(3))]
            rand.shuffle(events)
            body, headers["Content-Type"] = _write(events), BATCH
        elif shape == 1 and isinstance(event, dict):
            body = _write(event.pop("data", None))
            headers["Content-Type"] = "application/json"
            headers |= {f"ce-{key}": _flat(value) for key, value in event.items()}
        else:
            body = _write(event)
        if rand.random() < 0.3:
            body = self._damage_bytes(rand, body)
        headers |= sign(body.decode("utf-8", "replace").encode())
        for _change in range(rand.choice((0, 0, 1, 1, 2, 5))):
            name = rand.choice(_HEADERS)
            headers[name] = rand.choice((*_BITS, headers.get(name, "")[:-1]))
        return Inbound("POST", "https://odoo.example/", Headers(headers), body)

    def _damage(self, rand, event):
        for _damage in range(rand.choice((0, 1, 1, 2, 4))):
            *way, last = rand.choice([*paths(event)])
            owner = event
            for key in way:
                owner = owner[key]
            if isinstance(owner, dict) and rand.random() < 0.2:
                owner[rand.choice(ODD_TEXTS)] = owner.pop(last)
            else:
                owner[last] = copy.deepcopy(rand.choice(VALUES + ODD_TEXTS))
        return event

    def _damage_bytes(self, rand, body):
        at = rand.randrange(len(body) + 1)
        return rand.choice(
            (
                b"",
                b"[]",
                b"[[]]",
                b"[null, 1, {}]",
                b"[" * 3000,
                b'{"records": [{}]}',
                body[:at],
                body[:at] + bytes([rand.randrange(256)]) + body[at + 1 :],
                body[:at] + b"\\ud800" + body[at:],
                body[at:] + body[:at],
                body + body,
                b"[" + body + b"," + body + b"]",
                body.replace(b": 1", b": 1e999"),
                body.replace(b": 1", b": NaN"),
            )
        )


@tagged("post_install", "-at_install")
class TestStandardFuzz(Damaged, StandardCommon):
    """Whatever is sent is refused as malformed or as not authentic, or is stored; and
    what is stored can be read by the drain and shown on a screen. No other error comes.
    """

    def test_requests(self):
        rand = random.Random(SEED)
        adapter = self.env["saas.adapter.standard"]
        secrets = self.source._get_valid_secrets()
        counts = dict.fromkeys(("refused", "malformed", "stored", "unreadable"), 0)
        for number in range(_COUNT):
            inbound = self._build(rand)
            told = f"SEED={SEED} {number}: {inbound}"[:1500]
            try:
                adapter._verify_request(secrets, inbound, 300)
                arrivals = adapter._split(inbound)
                adapter._acknowledge(inbound, len(arrivals))
            except Unauthentic:
                counts["refused"] += 1
                continue
            except Malformed:
                counts["malformed"] += 1
                continue
            except Exception as error:
                raise AssertionError(told) from error
            for arrival in arrivals:
                counts["stored"] += 1
                self._check_arrival(adapter, arrival, counts, told)
        for what, count in counts.items():
            self.assertGreater(count, _COUNT // 60, f"{what}: {counts} SEED={SEED}")

    def _check_arrival(self, adapter, arrival, counts, told):
        """What is stored fits into the database, and the drain and the screens can do
        with it.
        """
        envelope, body = arrival
        for text in (envelope.external_id, envelope.event_type, envelope.api_version):
            self.assertTrue(storable(text) and len(text) <= 255, told)
        self.assertTrue(storable(envelope.customer), told)
        self.assertTrue(envelope.external_id and envelope.event_type, told)
        try:
            payload = adapter._parse(body)
            mask(payload, adapter._harmless)
            adapter._normalise(payload)
        except EventError:
            counts["unreadable"] += 1
        except Exception as error:
            raise AssertionError(f"{told} {body[:500]}") from error


@tagged("post_install", "-at_install")
class TestStandardHttpFuzz(Damaged, StandardHttpCommon):
    """The same over HTTP, through the whole of Odoo."""

    def test_requests_over_http(self):
        """None ends in a 5xx, and what is stored is judged by the drain."""
        rand = random.Random(SEED)
        self.source.rate_limit = self.source.max_backlog = 0
        counts = Counter()
        # A test takes requests by a cookie otherwise, which nobody sends here.
        with self.allow_requests(all_requests=True):
            for number in range(_COUNT):
                inbound = self._build(rand)
                status = self._send(inbound)
                counts[status] += 1
                self.assertLess(status, 500, f"SEED={SEED} {number}: {inbound}"[:1500])
        for status in (200, 400, 401):
            self.assertGreater(counts[status], _COUNT // 60, f"{counts} SEED={SEED}")
        self.env.invalidate_all()
        self.drain()
        stored = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)]
        )
        self.assertGreater(len(stored), _COUNT // 10)
        self.assertNotIn("received", stored.mapped("state"))
        self.assertNotIn("dead", stored.mapped("state"))

    def _send(self, inbound):
        """Send a request byte by byte as it was written, which no client library does;
        return the answer's status.
        """
        head = [
            f"POST /saas/webhook/{self.source.token} HTTP/1.1",
            "Host: 127.0.0.1",
            "Connection: close",
            f"Content-Length: {len(inbound.body)}",
        ]
        for header in inbound.headers:
            head.append(re.sub(r"[\r\n]", " ", ": ".join(header)))
        raw = "\r\n".join([*head, "", ""]).encode("utf-8", "surrogatepass")
        with socket.create_connection(("127.0.0.1", self.http_port()), 60) as link:
            link.sendall(raw + inbound.body)
            answer = HTTPResponse(link)
            answer.begin()
            answer.read()
            return answer.status


def _write(value):
    return json.dumps(value).encode()


def _flat(value):
    """Return a value as a header can have it."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("latin-1", "replace").decode("latin-1").replace("\n", " ")
