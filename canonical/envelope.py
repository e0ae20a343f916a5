"""The envelope: what every event has around its content, whoever sent it."""

import json
from dataclasses import dataclass
from datetime import datetime

from .errors import Malformed

#: Real events nest less than 20 levels; recursion ends near 1000.
MAX_DEPTH = 64
_NESTING = (dict, list)


@dataclass(frozen=True)
class Envelope:
    """The parts of an event the inbox needs before anybody reads its content.

    ``account`` is the source's account it is about, where one endpoint serves several;
    ``livemode`` is None where the source knows no test mode. ``customer`` is the
    customer's id, where the body names it plainly; ``bulk`` tells that the event came
    with many others, which nobody waits for. ``sender`` is who sent it, where a source
    has several, and ``sequence`` the sender's own count of its events.
    """

    external_id: str
    event_type: str
    occurred_at: datetime
    api_version: str = ""
    livemode: bool | None = None
    account: str = ""
    customer: str = ""
    bulk: bool = False
    sender: str = ""
    sequence: int | None = None


def parse(body):
    """Return the JSON object in ``body`` (bytes).

    :raises Malformed: if it is not UTF-8, not JSON (RFC 8259), nested deeper
        than :data:`MAX_DEPTH` or not an object.
    """
    try:
        payload = json.loads(body.decode("utf-8"), parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not JSON.") from error
    if not isinstance(payload, dict):
        raise Malformed("The body is not a JSON object.")
    check_depth(payload)
    return payload


def refuse_constant(name):
    """Refuse what Python's reader of JSON takes for a number and RFC 8259 does not."""
    raise ValueError(f"{name} is not JSON.")


def check_depth(payload):
    """Raise unless a parsed body is nested no deeper than :data:`MAX_DEPTH`.

    :raises Malformed: if it is.
    """
    level = [payload]
    for _depth in range(MAX_DEPTH):
        level = [
            child
            for value in level
            for child in (value.values() if isinstance(value, dict) else value)
            if isinstance(child, _NESTING)
        ]
        if not level:
            return
    raise Malformed(f"The body is nested deeper than {MAX_DEPTH} levels.")
