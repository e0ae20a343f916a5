"""How records of usage are handed to SQL: as one array for each column. PostgreSQL
reads arrays in less than half the time that it takes for JSON, and knows how many rows
there are when it plans.
"""

import json
from typing import NamedTuple

from odoo.tools import SQL

#: What separates texts while they are joined: none has it, for PostgreSQL could not
#: hold it.
_NUL = "\x00"


class Row(NamedTuple):
    """What a record states, for the database; an empty text where it states nothing.
    ``is_second``: another one of the same batch corrects the same record.
    """

    event_id: int
    external_id: str
    corrects: str
    withdraws: bool
    content_hash: str
    customer_ref: str
    meter_ref: str
    subscription_ref: str
    occurred_at: str
    stated_quantity: str
    dimensions: dict
    is_second: bool


#: The columns that are arrays, and those that are if there are corrections.
_ARRAYS = {
    "event_id": "integer",
    "external_id": "text",
    "content_hash": "text",
    "customer_ref": "text",
    "meter_ref": "text",
    "subscription_ref": "text",
    "occurred_at": "timestamp",
    "stated_quantity": "text",
}
_OF_CORRECTIONS = {"corrects": "text", "withdraws": "boolean", "is_second": "boolean"}


def prepare_rows(told):
    """Return the :class:`Row` of each record, the same content once.

    :param told: pairs of the id of an event and a
        :class:`~...canonical.facts.usage.UsageRecord`.
    """
    rows, corrected = {}, {}
    for event_id, record in told:
        external_id, customer, meter, _quantity, _moment, subscription, *more = record
        occurred_at, quantity, digest = record.written
        key = (external_id, digest)
        if key in rows:
            continue
        dimensions, corrects, withdraws = more
        first = corrected.setdefault(corrects, external_id) if corrects else external_id
        rows[key] = Row(
            event_id,
            external_id,
            corrects,
            withdraws,
            digest,
            customer,
            meter,
            subscription,
            occurred_at,
            quantity,
            dimensions,
            first != external_id,
        )
    return [*rows.values()]


def read_told(source, rows):
    """Return the query for what a source has told.

    :param rows: a list of :class:`Row`, at least one.
    """
    columns = dict(zip(Row._fields, zip(*rows, strict=True), strict=True))
    has_corrections, has_dimensions = map(
        any, (columns["corrects"], columns["dimensions"])
    )
    kinds = _ARRAYS | (_OF_CORRECTIONS if has_corrections else {})
    arrays = [
        SQL(f"%s::{kind}[]", _write_array(columns[name]))
        for name, kind in kinds.items()
    ]
    names, sets = [*kinds], [SQL("unnest(%s)", SQL(", ").join(arrays))]
    if has_dimensions:
        # Texts in texts would have to be escaped.
        dimensions = json.dumps([each or None for each in columns["dimensions"]])
        sets.append(SQL("jsonb_array_elements(%s::jsonb)", dimensions))
        names.append("dimensions")
    return SQL(
        """SELECT %(source)s AS source_id, %(company)s AS company_id, row.event_id,
                  row.external_id, %(correction)s, row.content_hash, row.customer_ref,
                  row.meter_ref,
                  NULLIF(row.subscription_ref, '') AS subscription_ref, row.occurred_at,
                  row.stated_quantity::numeric AS quantity, row.stated_quantity,
                  %(dimensions)s AS dimensions, false AS is_chosen
             FROM ROWS FROM (%(sets)s) AS row(%(names)s)""",
        source=source.id,
        company=source.company_id.id,
        correction=_CORRECTION if has_corrections else _NO_CORRECTION,
        dimensions=_DIMENSIONS if has_dimensions else _NO_DIMENSIONS,
        sets=SQL(", ").join(sets),
        names=SQL(", ").join(map(SQL.identifier, names)),
    )


_CORRECTION = SQL("NULLIF(row.corrects, '') AS corrects, row.withdraws, row.is_second")
#: PostgreSQL looks for nothing then.
_NO_CORRECTION = SQL("NULL::text AS corrects, false AS withdraws, false AS is_second")
_DIMENSIONS = SQL("NULLIF(row.dimensions, 'null'::jsonb)")
_NO_DIMENSIONS = SQL("NULL::jsonb")


def _write_array(values):
    """Return an array of PostgreSQL as a text. One value after the other, as psycopg2
    writes a list, takes ten times as long.
    """
    text = _NUL.join(map(str, values))
    # Only these two mean something within quotes.
    for special in '\\"':
        if special in text:
            text = text.replace(special, f"\\{special}")
    return '{"%s"}' % text.replace(_NUL, '","')
