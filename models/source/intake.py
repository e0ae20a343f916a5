import json
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

import psycopg2

from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL

from ...canonical.envelope import Envelope
from .documents.own import TELLING

#: What is kept of a header at most, in characters.
_LONGEST_HEADER = 500
#: What an arrival needs of its source, whose row has many more columns.
_ON_ARRIVAL = (
    "adapter",
    "company_id",
    "max_backlog",
    "rate_limit",
    "signature_tolerance",
)
_MODES = {True: "live", False: "test", None: None}


class SaasSource(models.Model):
    """Stores events in the inbox."""

    _inherit = "saas.source"

    #: So many of a customer's events may wait in the fast lane. A customer has less
    #: than ten for a renewal; what has more is a flood, and others go first.
    _customer_allowance = 20

    def _find_by_token(self, token):
        """Return the source whose address ends with a token, with what an arrival
        needs of it, or none.
        """
        # Nothing is sent to Odoo itself: its address is none.
        found = [("token", "=", token), *TELLING]
        return self.sudo().search_fetch(found, _ON_ARRIVAL, limit=1)

    def _store_event(self, envelope, body):
        """Store one event; see :meth:`_store_events`."""
        return self._store_events([(envelope, body)])

    def _store_events(self, arrivals, inbound=None, bulk=False):
        """Store events in one statement, each unless it is there already: all of them
        or none. One may be given twice.

        This is SQL because the ORM knows no ``ON CONFLICT``: if one event arrives twice
        at the same moment, the second must be skipped, not fail.

        :param arrivals: pairs of an envelope and a body (bytes, kept as they are), such
            as :class:`~...canonical.border.inbound.Arrival`.
        :param inbound: the request that brought them; None if they were read.
        :param bulk: nobody waits for them: all are in the batch lane.
        :return: the new events.
        """
        self.ensure_one()
        if not arrivals:
            return self.env["saas.subscription.event"]
        rows = [_Row(*arrival) for arrival in arrivals]
        lanes = self._get_lanes(rows, bulk)
        events = self._insert(rows, lanes, inbound)
        if len(events) < len(rows) and self._get_adapter()._id_fixes_content:
            events |= self._store_reused(rows, inbound)
        return events

    def _store_reused(self, rows, inbound):
        """Store the arrivals whose ids came before with other bytes. A person has to
        say what counts, so they go by an id that holds the hash of their bytes.
        """
        self.env.cr.execute(
            """SELECT external_id, id, body_hash FROM saas_subscription_event
               WHERE source_id = %s AND external_id = ANY(%s)""",
            (self.id, [row.external_id for row in rows]),
            log_exceptions=False,
        )
        first = {
            ref: (event_id, known) for ref, event_id, known in self.env.cr.fetchall()
        }
        reused = []
        for row in rows:
            event_id, known = first.get(row.external_id, (None, row.body_hash))
            if known and known != row.body_hash:
                reused.append(row.under_own_id(event_id))
        return self._insert(reused, self._get_lanes(reused, False), inbound)

    def _insert(self, rows, lanes, inbound):
        """Insert events, and their delivery if any of them is new."""
        events = self.env["saas.subscription.event"]
        if not rows:
            return events
        now = fields.Datetime.now()
        query = SQL(
            """WITH request AS (
                   SELECT CASE WHEN %s THEN nextval('saas_delivery_id_seq') END AS id
               ), stored AS (
                   INSERT INTO saas_subscription_event
                          (source_id, company_id, state, attempts, received_at,
                           create_uid, create_date, write_uid, write_date,
                           delivery_id, external_id, event_type, api_version,
                           occurred_at, body, body_hash, customer_ref, mode,
                           account_ref, same_id_event_id, sender, sequence, lane)
                   SELECT %s, %s, 'received', 0, %s, %s, %s, %s, %s,
                          request.id, arrival.*
                   FROM request, (VALUES %s) arrival
                   ON CONFLICT (source_id, external_id) DO NOTHING
                   RETURNING id
               ), delivery AS (
                   INSERT INTO saas_delivery
                          (id, source_id, company_id, received_at, headers, body,
                           body_hash, event_count, create_uid, create_date, write_uid,
                           write_date)
                   SELECT request.id, %s FROM request
                   WHERE request.id IS NOT NULL AND EXISTS (SELECT FROM stored)
               )
               SELECT id FROM stored ORDER BY id""",
            inbound is not None,
            *(self.id, self.company_id.id, now, SUPERUSER_ID, now, SUPERUSER_ID, now),
            SQL(", ").join(
                row.to_sql(lane) for row, lane in zip(rows, lanes, strict=True)
            ),
            self._prepare_delivery(rows, inbound, now),
        )
        # Odoo would log a failing query with its values, and so with the payload.
        self.env.cr.execute(query, log_exceptions=False)
        return events.browse(id_ for (id_,) in self.env.cr.fetchall())

    def _prepare_delivery(self, rows, inbound, now):
        """Return the values of a delivery, as the statement has its columns. Where it
        brought one event that is all of it, the bytes are kept there alone.
        """
        if inbound is None:
            return SQL(", ").join([SQL("NULL")] * 11)
        kept = {
            name: inbound.header(name)[:_LONGEST_HEADER]
            for name in self._get_adapter()._kept_headers
            if inbound.header(name)
        }
        is_whole = len(rows) == 1 and rows[0].body == inbound.body
        return SQL(
            "%s, %s, %s::timestamp, %s::jsonb, %s::bytea, %s, %s, %s, %s::timestamp, "
            "%s, %s::timestamp",
            *(self.id, self.company_id.id, now, json.dumps(kept)),
            None if is_whole else psycopg2.Binary(inbound.body),
            *(sha256(inbound.body).hexdigest(), len(rows)),
            *(SUPERUSER_ID, now, SUPERUSER_ID, now),
        )

    def _get_lanes(self, rows, bulk):
        """Return the lanes of new events, in order. Looks at no more events than a
        customer may have waiting.
        """
        if bulk:
            return ["batch"] * len(rows)
        left = self._get_room({row.customer for row in rows if row.is_urgent})
        lanes = []
        for row in rows:
            is_urgent = row.is_urgent and left.get(row.customer, 1) > 0
            if row.customer in left:
                left[row.customer] -= is_urgent
            lanes.append("realtime" if is_urgent else "batch")
        return lanes

    def _get_room(self, customers):
        """Return how many more events of each customer the fast lane takes."""
        customers = list(filter(None, customers))
        if not customers:
            return {}
        self.env.cr.execute(
            """SELECT customer.ref, (
                   SELECT count(*) FROM (
                       SELECT FROM saas_subscription_event
                       WHERE source_id = %s AND customer_ref = customer.ref
                         AND state = 'received'
                       LIMIT %s
                   ) waiting)
               FROM unnest(%s::text[]) customer(ref)""",
            (self.id, self._customer_allowance, customers),
        )
        allowed = self._customer_allowance
        return {ref: allowed - waiting for ref, waiting in self.env.cr.fetchall()}

    def _find_event(self, external_id):
        """Return the event of this source that has an id; it may have come before."""
        self.ensure_one()
        return self.env["saas.subscription.event"].search(
            [("source_id", "=", self.id), ("external_id", "=", external_id)]
        )


@dataclass(frozen=True)
class _Row:
    """An event on its way into the table. ``same_id_event_id`` is the event that came
    before with its id and other bytes.
    """

    envelope: Envelope
    body: bytes
    same_id_event_id: int | None = None

    @property
    def external_id(self):
        """The event's id at its source."""
        return self.envelope.external_id

    @property
    def customer(self):
        """The customer's id at the source, or an empty text."""
        return self.envelope.customer

    @property
    def is_urgent(self):
        """Whether somebody may wait for it."""
        return not self.envelope.bulk

    @cached_property
    def body_hash(self):
        """The SHA-256 of the event's own bytes."""
        return sha256(self.body).hexdigest()

    def under_own_id(self, event_id):
        """Return this row under an id that only these bytes have."""
        own = f"{self.external_id[:200]}#{self.body_hash[:32]}"
        envelope = replace(self.envelope, external_id=own)
        return _Row(envelope, self.body, event_id)

    def to_sql(self, lane):
        """Return the row's own values, as the statement has their columns."""
        envelope = self.envelope
        return SQL(
            "(%s, %s, %s, %s::timestamp, %s::bytea, %s, %s, %s, %s, %s::int, %s, "
            "%s::bigint, %s)",
            *(self.external_id, envelope.event_type, envelope.api_version or None),
            envelope.occurred_at.replace(tzinfo=None),
            psycopg2.Binary(self.body),
            *(self.body_hash, envelope.customer or None, _MODES[envelope.livemode]),
            *(envelope.account or None, self.same_id_event_id),
            *(envelope.sender or None, envelope.sequence, lane),
        )
