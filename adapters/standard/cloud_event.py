"""Reads a CloudEvent 1.0 in JSON, in structured mode.
https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md

How events stand in a request is in ``events_of_request``.
"""

import base64
import hashlib
import re
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple

from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.v1.event import CloudEvent
from pydantic import StringConstraints, TypeAdapter

from ...canonical.envelope import parse
from ...canonical.errors import Malformed
from ...canonical.reader import storable
from ...canonical.schema.base import read_moment
from ...canonical.schema.versions import TYPES, get_default

#: The attributes of ours: the version of the data, and the sender's own count.
VERSION, SEQUENCE = "saasversion", "sequence"
#: A version that is none.
UNKNOWN = "?"

_NEEDED = ("specversion", "id", "source", "type", "time")
#: Where an event has no others than these, there is little that the library can find.
_PLAIN = {*_NEEDED, "dataschema"}
_LONGEST = 255
_SCHEMA = re.compile(r"(?:.*/)?saas/schema/([^/]+)/([^/?#]+)")
_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/\-]{0,119}")
_SOURCE = re.compile(r"[!-~]{1,1000}")
_VERSION = re.compile(r"[\w.-]{1,60}", re.ASCII)
_SEQUENCE = re.compile(r"[0-9]{1,18}")


class _Plain(NamedTuple):
    """An event with the usual attributes alone, which are texts, and none of them odd:
    of a thousand records in a request, each is one.
    """

    specversion: Literal["1.0"]
    id: Annotated[str, StringConstraints(pattern=r"^[^\x00]+$", max_length=1000)]
    source: Annotated[str, StringConstraints(pattern=f"^{_SOURCE.pattern}$")]
    type: Annotated[str, StringConstraints(pattern=f"^(?:{_TYPE.pattern})$")]
    time: str
    dataschema: Annotated[str, StringConstraints(min_length=1)] | None = None
    data: Any = None


_READ_PLAIN = TypeAdapter(list[_Plain]).validate_python


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


def read_plain(payloads):
    """Return what :func:`read` returns of each of many JSON objects, in less than half
    the time, if all are as plain as can be; None if one is not, and maybe is no event.
    """
    # A list would be taken for the attributes in their order.
    if {*map(type, payloads)} - {dict}:
        return None
    try:
        return [
            Event(
                plain.id,
                plain.source,
                plain.type,
                read_moment(plain.time),
                _name_version(plain.type, plain.dataschema),
                None,
                plain.data,
            )
            for plain in _READ_PLAIN(payloads)
        ]
    except ValueError:  # as ValidationError is
        return None


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
    address = attributes.get("dataschema")
    named = _name_version(attributes["type"], address)
    if VERSION not in attributes:
        return named
    version = str(attributes[VERSION])
    is_one = address is None or version == named
    return version if is_one and _VERSION.fullmatch(version) else UNKNOWN


@lru_cache(maxsize=256)
def _name_version(event_type, address):
    """Return the version that the address of a schema names; the default of the type
    where there is none.
    """
    if address is None:
        return get_default(event_type) if event_type in TYPES else ""
    found = _SCHEMA.fullmatch(address)
    is_one = found and found[1] == event_type and _VERSION.fullmatch(found[2])
    return found[2] if is_one else UNKNOWN


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
