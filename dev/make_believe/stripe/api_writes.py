"""What is written through Stripe's API, once however often it is asked for, and the
events that Stripe tells because of it. Knows no Odoo.
https://docs.stripe.com/api/idempotent_requests
"""

import itertools
import re
import secrets
import threading
import time

from . import api_acts, api_intents, api_sessions
from .api_lists import Refusal, show

#: The version that Stripe writes its events in.
API_VERSION = "2026-10-28.endive"
#: So long an idempotency key is remembered, in seconds: Stripe says, at least.
KEY_LIFE = 24 * 3600
#: What can be written, by the path.
_WRITES = {
    r"/v1/payment_intents": api_intents.create,
    r"/v1/payment_intents/(\w+)/cancel": api_intents.cancel,
    r"/v1/checkout/sessions": api_sessions.create,
    r"/v1/checkout/sessions/(\w+)/expire": api_sessions.expire,
}
#: What happens at Stripe without a request of ours, such as that a customer pays.
_ACTS = {
    "save_method": api_intents.save_method,
    "settle": api_intents.settle,
    "pay": api_sessions.pay,
    "lapse": api_sessions.lapse,
    "pay_out": api_acts.pay_out,
    "warn": api_acts.warn,
    "spend_warning": api_acts.spend_warning,
    "review": api_acts.review,
    "close_review": api_acts.close_review,
}


class Writes:
    """What one API does for requests that write, and what it tells of that."""

    def __init__(self, api):
        self.api = api
        #: what is added to the clock, in seconds
        self.ahead = 0
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self.reset()

    def reset(self):
        """Forget keys and events, and set the clock right."""
        with self._lock:
            self.ahead, self._saved, self._busy, self._told = 0, {}, set(), []

    def now(self):
        """Return the moment as Stripe writes it."""
        return int(time.time()) + self.ahead

    def set_clock(self, moment):
        """Have it be another moment, in seconds as Stripe writes it."""
        self.ahead = moment - int(time.time())

    # -- requests -----------------------------------------------------------------

    def answer(self, call, fault=None, account="", livemode=False):
        """Do what a request asks for; return status, body and headers.

        :param fault: what goes wrong with it, before or after the work.
        :raises Refusal: for what Stripe would not do, and does not remember.
        """
        key = call.headers.get("idempotency-key", "")
        mark = (call.path, account, tuple(sorted(call.params)))
        with self._lock:
            saved = self._find_saved(key, mark)
            if saved:
                return *saved, {"Idempotent-Replayed": "true"}
            self._busy.add(key)
        try:
            if fault and not fault.is_done:
                fault.refuse()
            with self._lock:
                status, body = self._do(call, account, livemode)
                if fault and fault.is_done and fault.status:
                    status, body = fault.status, Refusal(500, "Ordered.").body
                if key:
                    self._saved[key] = (self.now(), mark, status, body)
        finally:
            self._busy.discard(key)
        if fault and fault.is_done:
            time.sleep(fault.delay)
        return status, body, {}

    def _find_saved(self, key, mark):
        """Return the status and body that a key was answered with, or None."""
        if not key:
            return None
        if key in self._busy:
            raise Refusal(
                409,
                "There is currently another in-progress request using this Idempotent "
                f"Key: {key}. Please try again later.",
                type="idempotency_error",
                code="idempotency_key_in_use",
            )
        made_at, known, *saved = self._saved.get(key, (None, None))
        if made_at is None or self.now() - made_at >= KEY_LIFE:
            return None
        if known != mark:
            raise Refusal(
                400,
                "Keys for idempotent requests can only be used with the same "
                f"parameters they were first used with. Try using a key other than "
                f"'{key}' if you meant to execute a different request.",
                type="idempotency_error",
            )
        return saved

    def _do(self, call, account, livemode):
        """Return the status and body. What a bank refuses is remembered as what was
        done; what Stripe itself refuses is not.
        """
        for pattern, write in _WRITES.items():
            if match := re.fullmatch(pattern, call.path):
                desk = Desk(self, account, livemode)
                try:
                    return 200, desk.show(
                        write(desk, *match.groups(), call.read_tree())
                    )
                except Refusal as refusal:
                    if refusal.status != 402:
                        raise
                    return 402, refusal.body
        raise Refusal(404, f"Unrecognized request URL (POST: {call.path}).")

    # -- what happens, and is told -------------------------------------------------

    def act(self, name, account="", livemode=False, **values):
        """Have something happen at Stripe: one of :data:`_ACTS`. Return the object that
        it happened to.
        """
        with self._lock:
            return _ACTS[name](Desk(self, account, livemode), **values)

    def tell(self, event):
        """Note an event to be told."""
        self._told.append(event)

    def take_told(self):
        """Return the events that nobody was told yet, and take them as told."""
        with self._lock:
            told, self._told = self._told, []
            return told

    def make_id(self, prefix):
        """Return a new id."""
        return f"{prefix}_{next(self._numbers):04}{secrets.token_hex(8)}"


class Desk:
    """One account, for the time of a request: its objects, and its events."""

    def __init__(self, writes, account, livemode):
        self._writes, self._account = writes, account
        self.livemode, self.make_id, self.now = livemode, writes.make_id, writes.now

    def get(self, object_id, param=None):
        """Return an object.

        :param param: by which it was asked for.
        :raises Refusal: if there is none.
        """
        data = self._writes.api.get(object_id or "", self._account)
        if not data or data.get("deleted"):
            raise Refusal(
                400 if param else 404,
                f"No such {param or 'object'}: '{object_id}'",
                code="resource_missing",
                param=param or "id",
            )
        return data

    def list(self, kind):
        """Return the objects of a type."""
        return self._writes.api.list(kind, self._account)

    def put(self, *objects):
        """Hold objects."""
        self._writes.api.put(*objects, account=self._account)

    def tell(self, event_type, data):
        """Hold an object, and the event that tells of it."""
        self.put(data)
        whose = {"account": self._account} if self._account else {}
        event = {
            "id": self.make_id("evt"),
            "object": "event",
            **whose,
            "api_version": API_VERSION,
            "created": self.now(),
            "data": {"object": self.show(data)},
            "livemode": self.livemode,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": event_type,
        }
        self.put(event)
        self._writes.tell(event)

    def show(self, data):
        """Return an object as Stripe shows it."""
        return show(data, [], {})
