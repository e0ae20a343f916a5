"""What is stored of a request: each event with its envelope; the usage records of one
request as one; and what can't be read among events, known by its bytes.
"""

import hashlib
from datetime import UTC, datetime

from pydantic import ValidationError

from ...canonical.border.forms import parse_array
from ...canonical.border.inbound import Arrival
from ...canonical.envelope import Envelope, parse
from ...canonical.errors import Malformed
from ...canonical.schema.versions import TYPES
from ...canonical.usage.terms import MOST_AHEAD
from . import cloud_event, signature, usage
from .usage import RECORDS, read_alike

#: The usage records of one request are one event here: nobody decides about one alone.
USAGE = ("usage.recorded", "usage.corrected")
#: The type of what came among events and is none.
_UNREADABLE = "unreadable"


def is_bundle(payload):
    """Return whether a stored event is the usage records of a request: an event has a
    ``specversion``, and this none.
    """
    return RECORDS in payload and "specversion" not in payload


def write_envelope(event):
    """Return the envelope of one event."""
    return Envelope(
        external_id=event.identity,
        event_type=event.type,
        occurred_at=event.time,
        api_version=event.version,
        customer=_find_customer(event),
        sender=event.sender,
        # Usage is one event for many, so it isn't counted.
        sequence=None if event.type in USAGE else event.sequence,
    )


def _find_customer(event):
    """Return the id of the customer whose event it is, or an empty text."""
    data = event.data if isinstance(event.data, dict) else {}
    key = "id" if event.type.startswith("customer.") else "customer"
    found = data.get(key)
    if isinstance(found, dict):
        found = found.get("id")
    is_id = isinstance(found, str) and 0 < len(found) <= 255
    return found if is_id and "\x00" not in found and found.isprintable() else ""


def read_usage(inbound):
    """Return the one arrival that a batch is of nothing but different records of usage,
    all as they should be and alike. None if it isn't: then each is read by itself.
    """
    try:
        pairs = read_alike(parse_array(inbound.body))
    except Malformed:
        return None
    if not pairs or len(pairs) == 1:
        return None
    latest = datetime.now(UTC) + MOST_AHEAD
    if any((data.occurred_at or event.time) > latest for event, data in pairs):
        return None
    events = [event for event, _data in pairs]
    identities = [event.identity for event in events]
    if len(set(identities)) < len(identities):
        return None
    is_of_one = len({data.customer for _event, data in pairs}) == 1
    customer = _find_customer(events[0]) if is_of_one else ""
    return Arrival(_write_common(events, identities, customer), inbound.body)


def read_batch(items, inbound):
    """Yield the arrivals of a batch. What can't be read among them is one too, known by
    its bytes.

    :param items: the :class:`~.events_of_request.Slice` of each event.
    """
    bundles = {event_type: {} for event_type in USAGE}
    latest = datetime.now(UTC) + MOST_AHEAD
    for body, value in items:
        try:
            event = cloud_event.read(parse(body) if value is None else value)
        except Malformed:
            yield Arrival(_write_unreadable(body, inbound), body)
            continue
        if event.type in USAGE and _is_record(event, latest):
            bundles[event.type].setdefault((event.identity, body), event)
        else:
            yield Arrival(write_envelope(event), body)
    for records in filter(None, bundles.values()):
        # Then the request is kept once, as it came.
        whole = inbound.body if len(records) == len(items) else None
        yield _bundle([(event, body) for (_id, body), event in records.items()], whole)


def _is_record(event, latest):
    """Return whether usage is as it should be: what is not is shown by itself."""
    version = TYPES[event.type].get(event.version)
    if not version:
        return False
    try:
        data = version.model.model_validate(event.data)
    except ValidationError:
        return False
    return (data.occurred_at or event.time) <= latest


def _bundle(records, whole):
    """Return the usage records of one request as one arrival.

    :param whole: the body of the request, if it is nothing else.
    """
    events = [event for event, _body in records]
    customers = {_find_customer(event) for event in events}
    customer = customers.pop() if len(customers) == 1 else ""
    identities = [event.identity for event in events]
    envelope = _write_common(events, identities, customer)
    if len(records) == 1:
        return Arrival(envelope, records[0][1])
    body = whole or b"[%s]" % b",".join(body for _event, body in records)
    return Arrival(envelope, body)


def _write_common(events, identities, customer):
    """Return the envelope that records of usage have in common. Its id is made of
    theirs, so the same records sent again are the same arrival.
    """
    first = events[0]
    return Envelope(
        external_id=usage.name(identities),
        event_type=first.type,
        occurred_at=max(event.time for event in events),
        api_version=first.version,
        customer=customer,
        sender=first.sender,
        bulk=True,
    )


def _write_unreadable(body, inbound):
    return Envelope(
        external_id=f"{_UNREADABLE}:{hashlib.sha256(body).hexdigest()}",
        event_type=_UNREADABLE,
        occurred_at=signature.read_time(inbound),
        bulk=True,
    )
