"""``usage.recorded`` and ``usage.corrected``."""

import hashlib
from decimal import Decimal
from functools import cache

from pydantic import TypeAdapter, ValidationError

from ...canonical.facts import Usage, UsageRecord
from ...canonical.schema.versions import TYPES
from . import cloud_event
from .cloud_event import join

#: What stands for the usage records of one request as a whole.
RECORDS = "records"


def read_recorded(event, data):
    """Return one fact about what was metered, in a list. The event's source and id are
    the record's: it counts once, in whatever request it comes.
    """
    return [gather([_read_record(event, data)])]


def read_corrected(event, data):
    """Return one fact about what takes the place of another record, in a list."""
    return [gather([_read_correction(event, data)])]


def name(identities):
    """Return the id of the records of one request, which is made of theirs: the same
    records sent again are the same.
    """
    if len(identities) == 1:
        return identities[0]
    digest = hashlib.sha256("\n".join(identities).encode()).hexdigest()
    return f"{RECORDS}:{digest}"


def gather(records):
    """Return the fact that the records of one request are together."""
    customers = {record.customer for record in records}
    return Usage(
        external_id=name([record.external_id for record in records]),
        customer=customers.pop() if len(customers) == 1 else None,
        records=tuple(records),
    )


def read_alike(payloads):
    """Return pairs of an event and its data, of many records of usage at once: if they
    are plain, and all of one type and version, which is taken without a question. None
    if not: then each has to be read by itself, which says what is wrong with it.
    """
    events = cloud_event.read_plain(payloads) or ()
    named = {(event.type, event.version) for event in events}
    if len(named) != 1 or not named <= RECORD_READERS.keys():
        return None
    [(event_type, version)] = named
    known = TYPES[event_type][version]
    if known.deprecated_on or known.sunset_on:
        return None
    try:
        datas = _read_list(known.model)([event.data for event in events])
    except ValidationError:
        return None
    return [*zip(events, datas, strict=True)]


@cache
def _read_list(model):
    """Return the function that reads the data of many events of one version."""
    return TypeAdapter(list[model]).validate_python


def gather_alike(payloads):
    """Return the fact that many records of usage are together, read at once; None where
    each has to be read by itself, as corrections have.
    """
    pairs = read_alike(payloads)
    if not pairs or pairs[0][0].type != "usage.recorded":
        return None
    return gather([_trust_record(event, data) for event, data in pairs])


def _trust_record(event, data):
    """Return what :func:`_read_record` returns: the published interface is stricter
    than the fact, so nothing is left to be checked.
    """
    return UsageRecord._make(
        (
            event.identity,
            data.customer,
            data.meter,
            Decimal(data.quantity),
            data.occurred_at or event.time,
            data.subscription,
            data.dimensions,
            "",
            False,
        )
    )


def _read_record(event, data, **correction):
    return UsageRecord(
        external_id=event.identity,
        customer=data.customer,
        meter=data.meter,
        quantity=Decimal(data.quantity),
        occurred_at=data.occurred_at or event.time,
        subscription=data.subscription,
        dimensions=data.dimensions,
        **correction,
    )


def _read_correction(event, data):
    old = join(event.source, data.corrects, " ")
    return _read_record(event, data, corrects=old, withdraws=data.withdraws)


#: By type and version, what reads one of the records of a request.
RECORD_READERS = {
    ("usage.recorded", "0"): _read_record,
    ("usage.recorded", "1"): _read_record,
    ("usage.corrected", "1"): _read_correction,
}
