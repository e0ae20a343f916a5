"""Reads CloudEvents 1.0 in JSON: one, a batch, or one in headers with its data as the
body. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md

Whatever way an event came, what is stored of it is one in structured mode, which tells
everything by itself: byte for byte as it came, or its data byte for byte where its
attributes came as headers.
"""

import base64
import hashlib
import json
import re
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from cloudevents.core.bindings.http import HTTPMessage, from_binary
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from ...canonical.envelope import parse
from ...canonical.errors import Malformed
from ...canonical.reader import storable
from ...canonical.schema.base import read_moment
from ...canonical.schema.versions import TYPES, get_default

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
#: The attributes of ours: the version of the data, and the sender's own count.
VERSION, SEQUENCE = "saasversion", "sequence"
#: A version that is none.
UNKNOWN = "?"

_NEEDED = ("specversion", "id", "source", "type", "time")
#: Where an event has no others than these, there is little that the library can find.
_PLAIN = {*_NEEDED, "dataschema"}
#: What a tracing system changes each time the same event is sent.
_NOT_KEPT = ("traceparent", "tracestate")
_LONGEST = 255
_SCHEMA = re.compile(r"(?:.*/)?saas/schema/([^/]+)/([^/?#]+)")
_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/\-]{0,119}")
_SOURCE = re.compile(r"[!-~]{1,1000}")
_VERSION = re.compile(r"[\w.-]{1,60}", re.ASCII)
_SEQUENCE = re.compile(r"[0-9]{1,18}")


class Event(NamedTuple):
    """A CloudEvent: who says it, what about, when, in which version of our data, and
    the data, a dict. ``sequence`` is the sender's own count of its events, if it has
    one.
    """

    id: str
    source: str
    type: str
    time: datetime
    version: str
    sequence: int | None
    data: object

    @property
    def sender(self):
        """Return the source as it is kept: it may be longer than that."""
        return self.source if len(self.source) <= _LONGEST else join(self.source, "")

    @property
    def identity(self):
        """Return the id by which the event is known here. Only source and id together
        name an event; a source has no space in it.
        """
        return join(self.source, self.id, " ")

    @property
    def order(self):
        """Return a text that sorts snapshots without a rank of states: by the event's
        time, and of one microsecond in any order that stays the same.
        """
        moved = int(self.time.timestamp()) * 10**6 + self.time.microsecond
        return f"{moved:018d}:{self.identity}"


def join(first, second, by="/"):
    """Return one id made of two, as people can read it, or as a digest where that would
    be too long.
    """
    text = f"{first}{by}{second}"
    if len(text) <= _LONGEST:
        return text
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def read(payload):
    """Return the :class:`Event` that a JSON object in structured mode is.

    :raises Malformed: if it is none, with a sentence that says why.
    """
    if not isinstance(payload, dict):
        raise Malformed("The event is not a JSON object.")
    attributes = {
        key: value
        for key, value in payload.items()
        if value is not None and key not in ("data", "data_base64")
    }
    # The library makes an id and a time where there is none: two for one event.
    for key in _NEEDED:
        if key not in attributes:
            raise Malformed(f"The event has no {key}, which CloudEvents 1.0 names.")
    is_plain = _is_plain(attributes)
    try:
        attributes["time"] = read_moment(attributes["time"])
    except ValueError as error:
        raise Malformed(f"The event's time: {error}") from error
    if not is_plain:
        _check_attributes(attributes)
    _check_names(attributes)
    return Event(
        id=attributes["id"],
        source=attributes["source"],
        type=attributes["type"],
        time=attributes["time"],
        version=_read_version(attributes),
        sequence=_read_sequence(attributes),
        data=_read_data(payload),
    )


def _is_plain(attributes):
    """Return whether the library would find nothing wrong with attributes: they are the
    usual ones, and texts. Of a thousand records in a request, each is one.
    """
    values = attributes.values()
    return (
        attributes.keys() <= _PLAIN
        and {*map(type, values)} == {str}
        and attributes["specversion"] == "1.0"
        and all(values)
    )


def _check_attributes(attributes):
    """Let the library say what is wrong.

    :raises Malformed: if something is.
    """
    try:
        CloudEvent(dict(attributes))
    except CloudEventValidationError as error:
        known = [key for key in _NEEDED if key in error.errors]
        what = ", ".join(known) or "an extension"
        raise Malformed(f"These are not as CloudEvents 1.0 says: {what}.") from error


def _check_names(attributes):
    if not _TYPE.fullmatch(attributes["type"]):
        raise Malformed("The event's type is no type.")
    if not _SOURCE.fullmatch(attributes["source"]):
        raise Malformed("The event's source is no URI reference.")
    if not storable(attributes["id"]) or len(attributes["id"]) > 1000:
        raise Malformed("The event's id is no id.")


def _read_version(attributes):
    """Return the version of the data: of the schema that the event names, or of our own
    attribute, or else the default of its type.
    """
    stated = set()
    if VERSION in attributes:
        stated.add(str(attributes[VERSION]))
    if "dataschema" in attributes:
        stated.add(_read_schema(attributes["type"], attributes["dataschema"]))
    event_type = attributes["type"]
    if not stated:
        return get_default(event_type) if event_type in TYPES else ""
    version = stated.pop()
    return version if not stated and _VERSION.fullmatch(version) else UNKNOWN


@lru_cache(maxsize=256)
def _read_schema(event_type, address):
    """Return the version that the address of a schema names."""
    found = _SCHEMA.fullmatch(address)
    return found[2] if found and found[1] == event_type else UNKNOWN


def _read_sequence(attributes):
    stated = attributes.get(SEQUENCE)
    if stated is None:
        return None
    if isinstance(stated, bool) or not _SEQUENCE.fullmatch(str(stated)):
        raise Malformed("The event's sequence should be a whole number.")
    return int(stated)


def _read_data(payload):
    """Return the data, whatever it is: the drain says what is wrong with it."""
    if payload.get("data") is not None or "data_base64" not in payload:
        return payload.get("data")
    try:
        return parse(base64.b64decode(payload["data_base64"], validate=True))
    except (TypeError, ValueError) as error:
        raise Malformed("The event's data_base64 is not base64.") from error


# -- what a request holds -----------------------------------------------------------


class Slice(NamedTuple):
    """The bytes of an event in a request, in structured mode, and what they say; None
    if that is still to be read.
    """

    body: bytes
    value: object = None


def split(inbound):
    """Return the :class:`Slice` of each event in a request, and whether the request is
    a batch.

    :raises Malformed: if the request as a whole is no JSON, or holds no events.
    """
    kind = inbound.header("Content-Type").partition(";")[0].strip().lower()
    if kind.startswith("application/cloudevents"):
        if kind not in (STRUCTURED, BATCH):
            raise Malformed("Of the formats of CloudEvents, only JSON is read.")
    elif inbound.header("ce-specversion") or inbound.header("ce-id"):
        return [Slice(_compose(inbound))], False
    # Whoever signs may have no say in the content type: the body tells as well.
    if kind == BATCH or inbound.body.lstrip()[:1] == b"[":
        return _slice(inbound.body), True
    return [Slice(inbound.body)], False


def _slice(body):
    """Return each item of a JSON array, its bytes as they are. One that is no object,
    nested deep, or no JSON to the letter is still to be read: that says what is wrong.
    """
    constants = []
    # Python reads NaN and Infinity, which are no JSON.
    read = json.JSONDecoder(parse_constant=constants.append).raw_decode
    try:
        text = body.decode("utf-8")
        start, items = _skip(text, 0), []
        if text[start : start + 1] != "[":
            raise ValueError("no array")
        place = _skip(text, start + 1)
        while text[place : place + 1] != "]" or items:
            value, end = read(text, place)
            is_fine = not constants and isinstance(value, dict) and _is_flat(value)
            constants.clear()
            own = text[place:end].encode("utf-8")
            items.append(Slice(own, value if is_fine else None))
            place = _skip(text, end)
            if text[place : place + 1] == "]":
                break
            if text[place : place + 1] != ",":
                raise ValueError("no comma")
            place = _skip(text, place + 1)
        if text[place + 1 :].strip(_SPACE):
            raise ValueError("more than an array")
    except (ValueError, RecursionError) as error:
        raise Malformed("The batch is not a JSON array.") from error
    return items


def _is_flat(value):
    """Return whether an event is nested no deeper than most are, so that nobody has to
    measure it.
    """
    return not any(
        isinstance(child, dict | list)
        for own in value.values()
        if isinstance(own, dict | list)
        for part in (own.values() if isinstance(own, dict) else own)
        if isinstance(part, dict | list)
        for child in (part.values() if isinstance(part, dict) else part)
    )


_SPACE = " \t\n\r"


def _skip(text, place):
    while text[place : place + 1] in tuple(_SPACE):
        place += 1
    return place


def _compose(inbound):
    """Return an event whose attributes came as headers, in structured mode."""
    headers = {name.lower(): value for name, value in inbound.headers.items()}
    headers = {
        name: value
        for name, value in headers.items()
        if name.startswith("ce-") or name == "content-type"
    }
    if "ce-id" not in headers or "ce-time" not in headers:
        raise Malformed("The request has no ce-id or no ce-time.")
    try:
        event = from_binary(HTTPMessage(headers, b""), JSONFormat(), CloudEvent)
    except (CloudEventValidationError, OverflowError, TypeError, ValueError) as error:
        raise Malformed("The ce- headers are not as CloudEvents 1.0 says.") from error
    attributes = {
        key: value
        for key, value in event.get_attributes().items()
        if key not in _NOT_KEPT
    }
    attributes["time"] = unquote(headers["ce-time"])
    head = json.dumps(attributes, sort_keys=True)
    data = inbound.body.strip() or b"null"
    whole = head[:-1].encode() + b', "data": ' + data + b"}"
    # So that nobody adds attributes by what should be the data.
    if _keys(whole) != [*json.loads(head), "data"]:
        raise Malformed("The event's data is not JSON.")
    return whole


def _keys(body):
    try:
        pairs = json.loads(body, object_pairs_hook=lambda pairs: pairs)
    except (ValueError, RecursionError):
        return None
    return [key for key, _value in pairs]
