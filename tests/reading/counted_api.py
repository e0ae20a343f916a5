"""A system that doesn't push, over real HTTP on loopback: a list that is read by stamp
and id, access tokens as OAuth 2 has them, and a count of all calls.

In a test: ``api = CountedApi().start()``, ``api.put("T-1", stamp)``, ``api.stop()``.
Knows no Odoo.
"""

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

from ...dev.make_believe.served import Served

CLIENT, CLIENT_SECRET = "acme-client", "velvet-quarry-lantern-harbor"
USER, PASSWORD = "reader", "copper-meadow-willow-harbor"


@dataclass
class Call:
    """A request as it arrived, with the moment in seconds of a steady clock."""

    path: str
    params: dict
    headers: dict
    at: float
    status: int = 0


@dataclass
class Fault:
    """What the next calls of a path are answered with instead."""

    path: str
    status: int
    times: int = 1
    headers: dict = field(default_factory=dict)


class CountedApi(Served):
    """The list ``/things``, one object ``/things/ID``, and ``/oauth2/token``."""

    def __init__(self, port=0):
        self.calls, self.faults, self.things = [], [], {}
        #: tokens that are good now, and how many were ever given
        self.tokens, self.given = set(), 0
        self.expires_in, self.delay = 3600, 0
        self.refresh_token = "refresh-0"
        #: what signed assertions are checked with: a function of the assertion
        self.check_assertion = None
        self.lock = threading.Lock()
        self.open(_Handler, port)

    def reset(self):
        """Forget all but the address."""
        with self.lock:
            self.calls.clear()
            self.faults.clear()
            self.things.clear()
            self.tokens.clear()
            self.given, self.expires_in, self.delay = 0, 3600, 0
            self.refresh_token, self.check_assertion = "refresh-0", None

    def put(self, id_, stamp, **values):
        """Hold an object; ``stamp`` is a text as ISO 8601 has it, in UTC."""
        self.things[id_] = {"id": id_, "stamp": stamp, **values}

    def paths(self):
        return [call.path for call in self.calls]

    def most_in_a_second(self):
        """Return how many calls came in the busiest second, wherever it began."""
        times = sorted(call.at for call in self.calls)
        return max(
            (sum(at <= other < at + 1 for other in times) for at in times), default=0
        )

    # -- what is answered ---------------------------------------------------------

    def answer(self, call, body):
        """Return status, headers and the answer (plain JSON) of a call."""
        with self.lock:
            self.calls.append(call)
            for fault in self.faults:
                if call.path.startswith(fault.path) and fault.times:
                    fault.times -= 1
                    return fault.status, fault.headers, {"error": "to_order"}
            if call.path == "/oauth2/token":
                return self._give_token(call, dict(parse_qsl(body)))
            if not self._may(call.headers.get("authorization", "")):
                return 401, {}, {"error": "invalid_token"}
            return self._read(call)

    def _give_token(self, call, form):
        grant = form.get("grant_type", "")
        basic = _basic(CLIENT, CLIENT_SECRET) == call.headers.get("authorization")
        answer = {}
        if grant == "client_credentials":
            good = basic
        elif grant == "refresh_token":
            good = basic and form["refresh_token"] == self.refresh_token
            self.refresh_token = f"refresh-{self.given + 1}"
            answer["refresh_token"] = self.refresh_token
        else:
            good = self.check_assertion and self.check_assertion(form["assertion"])
        if not good:
            return 401, {}, {"error": "invalid_client"}
        self.given += 1
        token = f"access-{self.given}-nutmeg-orchard"
        self.tokens.add(token)
        answer |= {"access_token": token, "expires_in": self.expires_in}
        return 200, {}, answer

    def _may(self, header):
        if header == _basic(USER, PASSWORD):
            return True
        return header.removeprefix("Bearer ") in self.tokens

    def _read(self, call):
        if call.path != "/things":
            thing = self.things.get(call.path.rpartition("/")[2])
            return (200, {}, thing) if thing else (404, {}, {"error": "none"})
        place = (call.params.get("stamp", ""), call.params.get("id", ""))
        size = int(call.params.get("limit", 100))
        rows = sorted(
            (
                thing
                for thing in self.things.values()
                if (thing["stamp"], thing["id"]) > place
            ),
            key=lambda thing: (thing["stamp"], thing["id"]),
        )
        return 200, {}, {"things": rows[:size], "more": len(rows) > size}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._serve()

    def do_POST(self):
        self._serve()

    def _serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        address, api = urlsplit(self.path), self.server.api
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(
            address.path, dict(parse_qsl(address.query)), headers, time.monotonic()
        )
        if api.delay:
            time.sleep(api.delay)
        call.status, extra, answer = api.answer(call, body)
        data = json.dumps(answer).encode()
        self.send_response(call.status)
        for name, value in extra.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments):
        """Say nothing: the calls are kept."""


def _basic(user, password):
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
