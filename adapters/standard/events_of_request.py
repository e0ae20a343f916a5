"""Finds the events of a request, in the bindings of CloudEvents 1.0 to HTTP: one, a
batch, or one in headers with its data as the body.
https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md

Whatever way an event came, what is stored of it is one in structured mode, which tells
everything by itself: byte for byte as it came, or its data byte for byte where its
attributes came as headers.
"""

import json
from typing import NamedTuple
from urllib.parse import unquote

from cloudevents.core.bindings.http import HTTPMessage, from_binary
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from ...canonical.errors import Malformed

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
#: What a tracing system changes each time the same event is sent.
_NOT_KEPT = ("traceparent", "tracestate")


class Slice(NamedTuple):
    """The bytes of an event in a request, in structured mode, and what they say; None
    if that is still to be read.
    """

    body: bytes
    value: object = None


def is_batch(inbound):
    """Return whether a request is a batch of events.

    :raises Malformed: if its events are in no form that is read.
    """
    kind = _get_kind(inbound)
    if kind.startswith("application/cloudevents"):
        if kind not in (STRUCTURED, BATCH):
            raise Malformed("Of the formats of CloudEvents, only JSON is read.")
    elif _has_headers(inbound):
        return False
    # Whoever signs may have no say in the content type: the body tells as well.
    return kind == BATCH or inbound.body.lstrip()[:1] == b"["


def split(inbound):
    """Return the :class:`Slice` of each event in a request, and whether the request is
    a batch.

    :raises Malformed: if the request as a whole is no JSON, or holds no events.
    """
    if is_batch(inbound):
        return _slice(inbound.body), True
    is_plain = _get_kind(inbound) == STRUCTURED or not _has_headers(inbound)
    return [Slice(inbound.body if is_plain else _compose(inbound))], False


def _get_kind(inbound):
    return inbound.header("Content-Type").partition(";")[0].strip().lower()


def _has_headers(inbound):
    """Return whether the attributes of an event are a request's headers."""
    return bool(inbound.header("ce-specversion") or inbound.header("ce-id"))


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
