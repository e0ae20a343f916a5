"""Stripe's API, for what is read through it, over real HTTP on loopback.

It holds objects as they are given to it and answers as Stripe documents it: objects,
lists in pages, filters, expansion, keys and their scopes, connected accounts, errors;
and it fails to order, as networks and Stripe do. https://docs.stripe.com/api

In a test: ``api = StripeApi(); api.start(); api.put(invoice, customer)``, and
``api.stop()`` at the end. As a program: ``python stripe_api.py PORT [FILE]``, with a
list of objects in FILE, or posted to ``/_objects``, and faults to ``/_faults``.
Knows no Odoo.
"""

import copy
import itertools
import json
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

#: A key that may read everything, in test mode.
KEY = "sk_test_4eCcounterpart39HqLyjW"

#: Where Stripe has the objects of a type. All others are at their plural.
_PATHS = {
    "customer_balance_transaction": "/v1/customers/{customer}/balance_transactions",
    "dispute": "/v1/disputes",
    "tax_id": "/v1/customers/{customer}/tax_ids",
    "v2.core.event": "/v2/core/events",
}
#: Left out of an object unless it is asked for, by the object's type.
_INCLUDABLE = {
    "charge": {"refunds"},
    "customer": {"sources", "subscriptions", "tax_ids"},
    "invoice": {"payments"},
}
#: How many entries of a list Stripe puts into the object that has it.
_EMBEDDED = 10
_OWN_PARAMS = {"limit", "starting_after", "ending_before", "expand", "status"}
_COMPARE = {
    "gt": lambda value, limit: value > limit,
    "gte": lambda value, limit: value >= limit,
    "lt": lambda value, limit: value < limit,
    "lte": lambda value, limit: value <= limit,
}


class Refusal(Exception):
    """An error as Stripe tells it."""

    def __init__(self, status, message, **error):
        super().__init__(message)
        self.status = status
        self.body = {
            "error": {"type": "invalid_request_error", "message": message, **error}
        }


@dataclass
class Fault:
    """What goes wrong with the next requests whose path matches ``path``.

    ``status``: such as 429, 500 or 503; ``cut``: the connection ends after so many
    bytes of the answer's body; ``delay``: the answer comes after so many seconds.
    The first ``skip`` requests that match pass.
    """

    path: str = ""
    times: int = 1
    skip: int = 0
    status: int = 0
    headers: dict = field(default_factory=dict)
    cut: int | None = None
    delay: float = 0


@dataclass
class Call:
    """A request as it arrived; header names in lower case."""

    path: str
    params: list
    headers: dict
    status: int = 0

    def get(self, name):
        """Return a parameter's value, or None."""
        return dict(self.params).get(name)


class StripeApi:
    """The objects of one platform account and those connected to it."""

    def __init__(self, port=0):
        #: Scopes by key: the resources it may read, such as ``charges``; None: all.
        self.keys = {KEY: None}
        self.calls = []
        self._objects = {}
        self._number = itertools.count(1)
        self._faults = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
        self._server.daemon_threads = True
        self._server.api = self

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self):
        """Serve in a thread of its own; return self."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()

    def serve_forever(self):
        self._server.serve_forever()

    def reset(self):
        """Forget objects, faults and calls; keep the keys."""
        with self._lock:
            self._objects.clear()
            self._faults.clear()
            self.calls.clear()

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
            self.put(event["data"]["object"], account=account)

    def remove(self, object_id, account=""):
        with self._lock:
            self._objects.pop((account, object_id))

    def fail(self, **fault):
        """Order a :class:`Fault`. Of several for one path the first comes first."""
        with self._lock:
            self._faults.append(Fault(**fault))

    # -- answers --------------------------------------------------------------

    def take_fault(self, path):
        """Return the fault for a request, or None."""
        with self._lock:
            for fault in self._faults:
                if not re.search(fault.path, path):
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
                if owner == account and _is_of_mode(data, key)
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
            return _show(found, expand, index)
        rows = _find_list(call.path, objects, index)
        if rows is None:
            raise Refusal(
                404,
                f"No such object: '{call.path.rpartition('/')[2]}'",
                code="resource_missing",
                param="id",
            )
        return _list(call, rows, index, expand)

    def _check_key(self, call):
        key = call.headers.get("authorization", "").removeprefix("Bearer ")
        if key not in self.keys:
            raise Refusal(401, f"Invalid API Key provided: {key[:8]}***")
        scopes, resource = self.keys[key], call.path.split("/")[2]
        if scopes is not None and resource not in scopes:
            raise Refusal(
                403,
                f"The provided key '{key[:8]}***' does not have the required "
                f"permissions for this endpoint. Having the '{resource}' permission "
                "would allow this request to continue.",
                code="more_permissions_required",
            )
        return key

    def _find_one(self, path, index):
        folder, _slash, object_id = path.rpartition("/")
        data = index.get(object_id)
        return data if data and _get_folder(data) == folder else None


def _is_of_mode(data, key):
    return data.get("livemode") in (None, "_live_" in key)


def _get_folder(data):
    """Return the path of the list that an object is in."""
    kind = data["object"]
    pattern = _PATHS.get(kind, f"/v1/{kind}s")
    return pattern.format_map({**data, "customer": _id_of(data.get("customer"))})


def _find_list(path, objects, index):
    """Return the rows of a list, in Stripe's order; None if there is no such list."""
    for data in index.values():
        for value in data.values():
            # The lines of an invoice, in the order they are printed in.
            if isinstance(value, dict) and value.get("url") == path:
                return value["data"]
    names = path.split("/")[2:] if path.startswith("/v1/") else path.split("/")[3:]
    if len(names) % 2 == 0 or (len(names) == 3 and names[1] not in index):
        return None  # an object, or a list of one, that isn't there
    rows = [(number, data) for number, data in objects if _get_folder(data) == path]
    # The newest first; of those made in one second, the last.
    rows.sort(key=lambda row: (row[1].get("created") or 0, row[0]), reverse=True)
    return [data for _number, data in rows]


def _list(call, rows, index, expand):
    """Return a page of a list."""
    params = dict(call.params)
    rows = [row for row in rows if _matches(row, call.params)]
    limit = int(params.get("limit", 10))
    if not 1 <= limit <= 100:
        raise Refusal(400, f"Invalid integer: {limit}", param="limit")
    ids = [row["id"] for row in rows]
    if after := params.get("starting_after"):
        rest = rows[_find_cursor(ids, after, "starting_after") + 1 :]
        page, more = rest[:limit], len(rest) > limit
    elif before := params.get("ending_before"):
        rest = rows[: _find_cursor(ids, before, "ending_before")]
        page, more = rest[-limit:], len(rest) > limit
    else:
        page, more = rows[:limit], len(rows) > limit
    inner = [path.removeprefix("data.") for path in expand]
    return {
        "object": "list",
        "data": [_show(row, inner, index) for row in page],
        "has_more": more,
        "url": call.path,
    }


def _find_cursor(ids, wanted, param):
    if wanted not in ids:
        raise Refusal(
            400, f"No such object: '{wanted}'", code="resource_missing", param=param
        )
    return ids.index(wanted)


def _matches(row, params):
    wanted = {}
    for name, value in params:
        match = re.fullmatch(r"(\w+)\[(\w*)\]", name)
        key, operator = match.groups() if match else (name, "")
        if key == "types":
            wanted.setdefault("type", set()).add(value)
        elif operator in _COMPARE:
            if not _COMPARE[operator](row.get(key) or 0, int(value)):
                return False
        elif key not in _OWN_PARAMS:
            wanted.setdefault(key, set()).add(value)
    status = dict(params).get("status")
    if status is None and row["object"] == "subscription":
        # As Stripe: who wants those that are over has to say so.
        if row["status"] in ("canceled", "incomplete_expired"):
            return False
    elif status not in (None, "all"):
        wanted["status"] = {status}
    return all(
        str(_id_of(row.get(key, row.get(f"_{key}")))) in values
        for key, values in wanted.items()
    )


def _id_of(value):
    return value["id"] if isinstance(value, dict) and "id" in value else value


def _show(data, expand, index):
    """Return an object as Stripe shows it, with what was asked for expanded."""
    shown = {
        key: value
        for key, value in copy.deepcopy(data).items()
        if not key.startswith("_")
    }
    asked = {path.partition(".")[0] for path in expand}
    for key in _INCLUDABLE.get(data["object"], set()) - asked:
        shown.pop(key, None)
    for path in expand:
        _expand(shown, path.split("."), index)
    for value in shown.values():
        if isinstance(value, dict) and value.get("object") == "list":
            if len(value["data"]) > _EMBEDDED:
                value.update(data=value["data"][:_EMBEDDED], has_more=True)
    return shown


def _expand(node, keys, index):
    if isinstance(node, list):
        for child in node:
            _expand(child, keys, index)
        return
    if not keys or not isinstance(node, dict) or keys[0] not in node:
        return
    value = node[keys[0]]
    if isinstance(value, str) and value in index:
        node[keys[0]] = _show(index[value], [], index)
    elif isinstance(value, list):
        node[keys[0]] = [
            _show(index[item], [], index)
            if isinstance(item, str) and item in index
            else item
            for item in value
        ]
    _expand(node[keys[0]], keys[1:], index)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        api, parts = self.server.api, urlsplit(self.path)
        if parts.path == "/_calls":
            return self._send(200, [vars(call) for call in api.calls])
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(parts.path, parse_qsl(parts.query), headers)
        api.calls.append(call)
        fault = api.take_fault(parts.path)
        if fault:
            time.sleep(fault.delay)
        try:
            if fault and fault.status:
                raise Refusal(fault.status, "Ordered.", type="api_error")
            body = api.answer(call)
            call.status = 200
        except Refusal as refusal:
            body, call.status = refusal.body, refusal.status
        return self._send(
            call.status,
            body,
            {"Request-Id": f"req_{len(api.calls):014}", **(fault.headers if fault else {})},
            cut=fault.cut if fault else None,
        )

    def do_POST(self):
        """Take objects or faults from the process that started this one."""
        api = self.server.api
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        account = self.headers.get("Stripe-Account", "")
        if self.path == "/_objects":
            api.put(*content, account=account)
        elif self.path == "/_events":
            api.put_events(*content, account=account)
        elif self.path == "/_faults":
            api.fail(**content)
        elif self.path == "/_keys":
            api.keys.update(content)
        else:
            return self._send(404, {})
        return self._send(200, {})

    def _send(self, status, body, headers=None, cut=None):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if cut is not None:
            self.close_connection = True
        self.end_headers()
        self.wfile.write(content[:cut])

    def log_message(self, *_args):
        """Be quiet: what was asked is in ``calls``."""


if __name__ == "__main__":
    server = StripeApi(int(sys.argv[1]))
    for name in sys.argv[2:]:
        server.put(*json.loads(Path(name).read_text(encoding="utf-8")))
    server.serve_forever()
