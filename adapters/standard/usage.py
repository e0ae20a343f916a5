"""``usage.recorded`` and ``usage.corrected``."""

import hashlib
from decimal import Decimal

from ...canonical.facts import Usage, UsageRecord
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
