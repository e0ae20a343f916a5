"""Puts events into the inbox as the webhook would, and reads what became of them."""

from datetime import UTC, datetime

import psycopg2

from dev.console import Trouble
from dev.demo.catalogue import ENTITIES

from ..database import fetch, insert

EVENT = "saas_subscription_event"
VERSIONS = {entity.key: entity.api_version for entity in ENTITIES}


def fill(cursor, events, sources):
    """Store events, as `_store_event` does, for a drain to find.

    In: events of the world, and the sources by entity as the set-up describes them.
    """
    insert(
        cursor,
        EVENT,
        [
            *("source_id", "company_id", "external_id", "event_type", "api_version"),
            *("occurred_at", "received_at", "body", "state", "attempts"),
            *("create_uid", "create_date", "write_uid", "write_date"),
        ],
        (_row(event, sources[event.entity]) for event in events),
    )
    cursor.execute(f"ANALYZE {EVENT}")


def _row(event, source):
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    return (
        source["id"],
        source["company_id"],
        event.id,
        event.type,
        VERSIONS[event.entity],
        event.moment.replace(tzinfo=None),
        now,
        psycopg2.Binary(event.body),
        "received",
        0,
        *(1, now, 1, now),
    )


def count_waiting(cursor):
    """Return how many events are still to be processed."""
    query = f"SELECT count(*) FROM {EVENT} WHERE state = 'received'"
    return fetch(cursor, query)[0][0]


def check_done(cursor):
    """Raise `Trouble` unless all events are done: what was measured is worth nothing
    if it did not do the work.
    """
    query = f"""SELECT state, reason, detail, count(*) FROM {EVENT}
                WHERE state != 'done' GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 5"""
    rows = fetch(cursor, query)
    if rows:
        raise Trouble(f"Events that should be done are not: {rows}")


def forget_waiting(cursor):
    """Delete the events that nobody is going to process."""
    cursor.execute(f"DELETE FROM {EVENT} WHERE state = 'received'")
