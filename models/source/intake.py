import psycopg2

from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL

from ...canonical.reasons import State


class SaasSource(models.Model):
    """Stores events in the inbox."""

    _inherit = "saas.source"

    #: So many of a customer's events may wait in the fast lane. A customer has less
    #: than ten for a renewal; what has more is a flood, and others go first.
    _customer_allowance = 20

    def _store_event(self, envelope, body):
        """Store an event unless it is there already, in one statement.

        This is SQL because the ORM knows no ``ON CONFLICT``: if one event arrives twice
        at the same moment, the second must be skipped, not fail.

        :param envelope: the event's :class:`~...canonical.envelope.Envelope`.
        :param bytes body: as received; kept byte for byte.
        :return: the new event, or an empty recordset if it was there.
        """
        return self._store_events([(envelope, body)])

    def _store_events(self, arrivals):
        """Store many events, each unless it is there already; one may be given twice.
        They are in the batch lane, because nobody waits for one of many.

        :param arrivals: pairs of an envelope and a body.
        """
        self.ensure_one()
        events = self.env["saas.subscription.event"]
        if not arrivals:
            return events
        now = fields.Datetime.now()
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s, %s, 0, %s, %s, %s, %s, %s, %s)",
                self.id,
                self.company_id.id,
                envelope.external_id,
                envelope.event_type,
                envelope.api_version or None,
                envelope.occurred_at.replace(tzinfo=None),
                now,
                psycopg2.Binary(body),
                State.RECEIVED.value,
                SUPERUSER_ID,
                now,
                SUPERUSER_ID,
                now,
                envelope.customer or None,
                "batch" if len(arrivals) > 1 else self._get_lane(envelope),
            )
            for envelope, body in arrivals
        ]
        query = SQL(
            """INSERT INTO saas_subscription_event
                   (source_id, company_id, external_id, event_type, api_version,
                    occurred_at, received_at, body, state, attempts,
                    create_uid, create_date, write_uid, write_date,
                    customer_ref, lane)
               VALUES %s
               ON CONFLICT (source_id, external_id) DO NOTHING
               RETURNING id""",
            SQL(", ").join(rows),
        )
        # Odoo would log a failing query with its values, and so with the payload.
        self.env.cr.execute(query, log_exceptions=False)
        return events.browse(id_ for (id_,) in self.env.cr.fetchall())

    def _get_lane(self, envelope):
        """Return the lane of a new event. Looks at no more events than a customer may
        have waiting.
        """
        if envelope.bulk:
            return "batch"
        if envelope.customer:
            self.env.cr.execute(
                """SELECT 1 FROM saas_subscription_event
                   WHERE source_id = %s AND customer_ref = %s AND state = 'received'
                   OFFSET %s LIMIT 1""",
                (self.id, envelope.customer, self._customer_allowance - 1),
            )
            if self.env.cr.rowcount:
                return "batch"
        return "realtime"

    def _find_event(self, external_id):
        """Return the event of this source that has an id; it may have come before."""
        self.ensure_one()
        return self.env["saas.subscription.event"].search(
            [("source_id", "=", self.id), ("external_id", "=", external_id)]
        )
