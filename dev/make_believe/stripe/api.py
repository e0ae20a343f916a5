"""Stripe's API, over real HTTP on loopback.

It holds objects as they are given to it and answers as Stripe documents it: objects,
lists in pages, filters, expansion, keys and their scopes, connected accounts, errors;
it collects money and makes payment pages, as ``api_writes`` says; and it fails to
order, as networks and Stripe do. https://docs.stripe.com/api

In a test: ``api = StripeApi(); api.start(); api.put(invoice, customer)``, and
``api.stop()`` at the end. As a program:
``python -m dev.make_believe.stripe.api PORT [FILE]``, with a list of objects in FILE,
or posted to ``/_objects``, and faults to ``/_faults``.
Knows no Odoo.
"""

import contextlib
import copy
import itertools
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

from ..served import Served
from . import api_endpoints
from .api_calls import Fault, read_call
from .api_lists import Refusal, find_list, is_in, is_of_mode, make_page, show
from .api_writes import Writes

#: A key that may read everything, in test mode.
KEY = "sk_test_4eCcounterpart39HqLyjW"


class StripeApi(Served):
    """The objects of one platform account and those connected to it."""

    def __init__(self, port=0):
        #: Scopes by key: the resources it may read, such as ``charges``; None: all.
        self.keys = {KEY: None}
        self.calls = []
        #: what requests with an idempotency key were answered with
        self.answers = {}
        self._objects = {}
        self._number = itertools.count(1)
        self._faults = []
        self._lock = threading.Lock()
        self.writes = Writes(self)
        self.open(_Handler, port)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()

    def reset(self):
        """Forget objects, faults and calls; keep the keys."""
        with self._lock:
            self._objects.clear()
            self._faults.clear()
            self.answers.clear()
            self.calls.clear()
            self.writes.reset()

    def put(self, *objects, account=""):
        """Hold objects, instead of those with the same ids.

        Keys that begin with ``_`` can be filtered by and are never shown: Stripe knows
        the payout of a balance transaction, and doesn't write it there (``_payout``).

        :param account: the connected account they are of.
        """
        with self._lock:
            for data in objects:
                known = self._objects.get((account, data["id"]))
                number = known[0] if known else next(self._number)
                self._objects[account, data["id"]] = (number, copy.deepcopy(data))

    def put_events(self, *events, account=""):
        """Hold events and, as Stripe does, the newest state of their objects."""
        self.put(*events, account=account)
        for event in sorted(events, key=lambda event: event["created"]):
            # A cash balance, say, has no id of its own.
            if "id" in event["data"]["object"]:
                self.put(event["data"]["object"], account=account)

    def get(self, object_id, account=""):
        """Return an object as it is held, or None."""
        with self._lock:
            _number, data = self._objects.get((account, object_id), (0, None))
            return copy.deepcopy(data)

    def list(self, kind, account=""):
        """Return the objects of a type as they are held, the oldest first."""
        with self._lock:
            return [
                copy.deepcopy(data)
                for (owner, _id), (_number, data) in self._objects.items()
                if owner == account and data["object"] == kind
            ]

    def remove(self, object_id, account=""):
        with self._lock:
            self._objects.pop((account, object_id))

    def fail(self, **fault):
        """Order a :class:`Fault`. Of several for one path the first comes first."""
        with self._lock:
            self._faults.append(Fault(**fault))

    # -- answers --------------------------------------------------------------

    def take_fault(self, call):
        """Return the fault for a request, or None."""
        with self._lock:
            for fault in self._faults:
                if not fault.fits(call.method, call.path):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                if not fault.times:
                    self._faults.remove(fault)
                return fault
        return None

    def answer(self, call):
        """Return what a GET request is answered with.

        :raises Refusal: for what Stripe would not answer.
        """
        key = self._check_key(call)
        account = call.headers.get("stripe-account", "")
        with self._lock:
            objects = [
                (number, data)
                for (owner, _id), (number, data) in self._objects.items()
                if owner == account and is_of_mode(data, key)
            ]
        if account and not objects:
            raise Refusal(
                403,
                f"The provided key does not have access to account '{account}' (or "
                "that account does not exist).",
                code="account_invalid",
            )
        index = {data["id"]: data for _number, data in objects}
        expand = [value for name, value in call.params if name.startswith("expand[")]
        found = self._find_one(call.path, index)
        if found is not None:
            return show(found, expand, index)
        rows = find_list(call.path, objects, index)
        if rows is None:
            raise Refusal(
                404,
                f"No such object: '{call.path.rpartition('/')[2]}'",
                code="resource_missing",
                param="id",
            )
        return make_page(call, rows, index, expand)

    def _check_key(self, call, right=""):
        """Return the key of a request.

        :param right: what it needs beside reading, such as ``+write``.
        :raises Refusal: if the key is not known, or may not do this.
        """
        key = call.headers.get("authorization", "").removeprefix("Bearer ")
        if key not in self.keys:
            raise Refusal(401, f"Invalid API Key provided: {key[:8]}***")
        scopes, resource = self.keys[key], call.path.split("/")[2] + right
        if scopes is not None and resource not in scopes:
            raise Refusal(
                403,
                f"The provided key '{key[:8]}***' does not have the required "
                f"permissions for this endpoint. Having the '{resource}' permission "
                "would allow this request to continue.",
                code="more_permissions_required",
            )
        return key

    def answer_post(self, call, fault=None):
        """Do what a POST request asks for; return status, body and headers.

        :raises Refusal: for what Stripe would not do.
        """
        key = self._check_key(call, "+write")
        account = call.headers.get("stripe-account", "")
        return self.writes.answer(call, fault, account, "_live_" in key)

    def _find_one(self, path, index):
        folder, _slash, object_id = path.rpartition("/")
        data = index.get(object_id)
        return data if data and is_in(data, folder) else None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        api, parts = self.server.api, urlsplit(self.path)
        if parts.path == "/_calls":
            return self._send(200, [vars(call) for call in api.calls])
        if parts.path == "/_told":
            return self._send(200, api.writes.take_told())
        call = read_call("GET", parts.path, parts.query, self.headers)
        return self._answer(call, lambda fault: self._read(call, fault))

    def _read(self, call, fault):
        if fault:
            fault.refuse()
        return 200, self.server.api.answer(call), {}

    def _answer(self, call, work):
        """Answer a request, with what goes wrong with it.

        :param work: what takes the fault, and returns status, body and headers.
        """
        api = self.server.api
        api.calls.append(call)
        fault, headers = api.take_fault(call), {}
        try:
            call.status, body, headers = work(fault)
        except Refusal as refusal:
            body, call.status = refusal.body, refusal.status
        headers = {
            "Request-Id": f"req_{len(api.calls):014}",
            **headers,
            **(fault.headers if fault else {}),
        }
        return self._send(call.status, body, headers, fault.cut if fault else None)

    def do_POST(self):
        """Write, or take objects or faults from the process that started this one."""
        api = self.server.api
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.path == api_endpoints.PATH:
            return self._create(body.decode())
        if self.path.startswith("/v1/"):
            call = read_call("POST", self.path, body.decode(), self.headers)
            return self._answer(call, lambda fault: api.answer_post(call, fault))
        content = json.loads(body)
        account = self.headers.get("Stripe-Account", "")
        if self.path == "/_objects":
            api.put(*content, account=account)
        elif self.path == "/_events":
            api.put_events(*content, account=account)
        elif self.path == "/_faults":
            api.fail(**content)
        elif self.path == "/_keys":
            api.keys.update(content)
        elif self.path == "/_acts":
            return self._send(200, api.writes.act(account=account, **content))
        elif self.path == "/_clock":
            api.writes.set_clock(content)
        else:
            return self._send(404, {})
        return self._send(200, {})

    def _create(self, body):
        call = read_call("POST", self.path, body, self.headers)
        api = self.server.api
        api.calls.append(call)
        try:
            answer = api_endpoints.create(api, call, body)
        except Refusal as refusal:
            return self._send(refusal.status, refusal.body)
        return self._send(200, answer)

    def _send(self, status, body, headers=None, cut=None):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if cut is not None:
            self.close_connection = True
        # Who asked may have gone before a late answer.
        with contextlib.suppress(ConnectionError):
            self.end_headers()
            self.wfile.write(content[:cut])

    def log_message(self, *_args):
        """Be quiet: what was asked is in ``calls``."""


if __name__ == "__main__":
    server = StripeApi(int(sys.argv[1]))
    for name in sys.argv[2:]:
        server.put(*json.loads(Path(name).read_text(encoding="utf-8")))
    server.serve_forever()
