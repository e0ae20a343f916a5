"""GoCardless' API, over real HTTP on loopback.

It answers as GoCardless documents: objects in envelopes, lists by cursors with the
newest first, filters, tokens, and errors in its form; it makes payments and asks for
mandates, plays GoCardless' scenario simulators, and fails to order.
https://developer.gocardless.com/api-reference/

In a test: ``api = GoCardlessApi(account); api.start()``, and ``api.stop()`` at the end.
As a program: ``python -m dev.make_believe.gocardless.api PORT``. Knows no Odoo.
"""

import contextlib
import copy
import json
import re
import sys
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

from ..served import Served
from . import shapes, writes
from .account import CREDITOR, LINKS, Account
from .calls import Call, Fault
from .refusal import Broken, Refusal
from .simulators import SIMULATORS

#: A token of the sandbox that may read everything.
TOKEN = "sandbox_Vf7counterpartQ2mLx9willow"
#: So many objects a page, where nobody asks for another number; and the most.
_LIMIT, _MOST = 50, 500
#: https://developer.gocardless.com/api-reference/#payout-items-get-all-payout-items
_KEPT = timedelta(days=183)
_PLAIN = frozenset(
    "billing_requests customers events mandates payments payouts refunds".split()
)
#: What can be read one by one; a flow can't.
_SINGLE = _PLAIN | {"creditors"}
_OPERATORS = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
}


class GoCardlessApi(Served):
    """The API of one account."""

    def __init__(self, account=None, port=0):
        self.account = account or Account()
        self.tokens = {TOKEN}
        #: those of the tokens that may write nothing
        self.readers = set()
        self.calls = []
        self._faults = []
        self._lock = threading.RLock()
        self.open(_Handler, port)

    def reset(self, account=None):
        """Begin anew, with another account or an empty one."""
        with self._lock:
            self.account = account or Account()
            self.calls.clear()
            self._faults.clear()

    def fail(self, **fault):
        """Order a :class:`Fault`."""
        with self._lock:
            self._faults.append(Fault(**fault))

    # -- answers ----------------------------------------------------------------

    def answer(self, call):
        """Return the status and the body that a request is answered with.

        :raises Refusal: for what GoCardless would refuse.
        """
        with self._lock:
            self.calls.append(call)
            call.fault = fault = self._take_fault(call)
            if fault and not fault.is_done:
                fault.refuse()
            self._check_token(call)
            name, _slash, rest = call.path.strip("/").partition("/")
            if call.method == "POST":
                answer = self._post(name, rest, call)
            elif rest:
                answer = 200, {name: self._find(name, rest)}
            else:
                answer = 200, self._list(name, call.params)
            if fault and fault.is_done:
                fault.refuse()
            return answer

    def _take_fault(self, call):
        for fault in self._faults:
            if fault.fits(call):
                fault.times -= 1
                if not fault.times:
                    self._faults.remove(fault)
                return fault
        return None

    def _check_token(self, call):
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            raise Refusal(
                401, "The access token is not valid.", reason="access_token_not_found"
            )
        if call.headers.get("gocardless-version") != "2015-07-06":
            raise Refusal(400, "Version header is missing.", reason="missing_version")
        if call.method == "POST" and token in self.readers:
            raise Refusal(
                403,
                "The access token may only read.",
                reason="insufficient_permissions",
            )

    def _find(self, name, ref):
        if name == "creditors" and ref == CREDITOR:
            return self._creditor()
        found = self.account.objects.get(name, {}).get(ref)
        if name not in _SINGLE or found is None or self.account.is_hidden(found):
            raise Refusal(404, "Resource not found", reason="resource_not_found")
        return copy.deepcopy(found)

    def _list(self, name, params):
        if name == "payout_items":
            return self._list_items(params)
        if name == "creditors":
            rows = [self._creditor()]
        elif name in _PLAIN:
            rows = self._select(name, params)
        else:
            raise Refusal(404, "Resource not found", reason="resource_not_found")
        return self._page(name, rows, params)

    def _select(self, name, params):
        """Return the objects that the filters let through, the newest first."""
        every = list(self.account.objects[name].values())
        rows = [row for row in reversed(every) if not self.account.is_hidden(row)]
        for key, value in params.items():
            if key in ("after", "before", "limit", "include"):
                continue
            if match := re.fullmatch(r"created_at\[(gte?|lte?)\]", key):
                fits = _OPERATORS[match[1]]
                rows = [row for row in rows if fits(row["created_at"], value)]
            elif key == "customer" and name == "payments":
                own = self.account.objects["mandates"]
                rows = [
                    row
                    for row in rows
                    if own[row["links"]["mandate"]]["links"]["customer"] == value
                ]
            elif key in LINKS.values():
                rows = [row for row in rows if row["links"].get(key) == value]
            elif key in ("status", "currency", "resource_type", "action", "scheme"):
                rows = [row for row in rows if row.get(key) == value]
            else:
                raise Refusal(422, f"{key} is no filter.", "validation_failed")
        return rows

    def _list_items(self, params):
        payout = self.account.objects["payouts"].get(params.get("payout"))
        if payout is None:
            raise Refusal(404, "Resource not found", reason="resource_not_found")
        kept_since = shapes.write_moment(self.account.at - _KEPT)
        if payout["created_at"] < kept_since:
            raise Refusal(410, "The items are not kept any longer.", reason="gone")
        with_taxes = "taxes" in params.get("include", "")
        rows = [
            {k: v for k, v in item.items() if k != "taxes" or with_taxes}
            for item in self.account.items[payout["id"]]
        ]
        return self._page("payout_items", rows, params)

    def _page(self, name, rows, params):
        limit = min(int(params.get("limit") or _LIMIT), _MOST)
        # An item of a payout has no id, and the cursor of anything is opaque.
        start = int(params["after"].removeprefix("c")) if params.get("after") else 0
        end = start + limit
        cursors = {
            "after": f"c{end}" if end < len(rows) else None,
            "before": f"c{start}" if start else None,
        }
        return {
            name: copy.deepcopy(rows[start:end]),
            "meta": {"cursors": cursors, "limit": limit},
        }

    def _post(self, name, rest, call):
        if not rest:
            return writes.create(self.account, call)
        if rest.endswith("/actions/cancel"):
            return writes.cancel(self.account, call)
        if name != "scenario_simulators":
            raise Refusal(404, "Resource not found", reason="resource_not_found")
        simulator = SIMULATORS.get(rest.split("/")[0])
        ref = json.loads(call.body)["data"]["links"]["resource"]
        if not simulator:
            raise Refusal(404, "Resource not found", reason="resource_not_found")
        simulator(self.account, ref)
        return 200, {"scenario_simulators": {"id": rest.split("/")[0]}}

    def _creditor(self):
        return {
            "id": CREDITOR,
            "created_at": shapes.write_moment(self.account.at),
            "name": "Northlight Software Ltd",
            "country_code": "GB",
            "verification_status": "successful",
            "fx_payout_currency": None,
            "can_create_refunds": True,
            "links": {},
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._answer(b"")

    def do_POST(self):
        self._answer(self.rfile.read(int(self.headers["Content-Length"] or 0)))

    def _answer(self, body):
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        params = dict(parse_qsl(parts.query))
        call = Call(self.command, parts.path, params, headers, body)
        try:
            status, content = self.server.api.answer(call)
            text = json.dumps(content)
        except Refusal as refusal:
            status, text = refusal.status, json.dumps(refusal.body)
        except Broken as broken:
            status, text = broken.status, broken.body
        time.sleep(call.fault.delay if call.fault else 0)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text.encode())))
        self.send_header("ratelimit-limit", "1000")
        self.send_header("ratelimit-remaining", "999")
        for name, value in (call.fault.headers if call.fault else {}).items():
            self.send_header(name, value)
        # Who asked may have gone before a late answer.
        with contextlib.suppress(ConnectionError):
            self.end_headers()
            self.wfile.write(text.encode())

    def log_message(self, *_args):
        """Be quiet: what was asked is in ``calls``."""


if __name__ == "__main__":
    GoCardlessApi(port=int(sys.argv[1])).serve_forever()
