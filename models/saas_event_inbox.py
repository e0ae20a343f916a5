import psycopg2

from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL

from ..canonical.reasons import State


class SaasSource(models.Model):
    """The inbox's door: how an event gets in."""

    _inherit = "saas.source"

    def _store_event(self, envelope, body):
        """Store an event unless it is there already, in one statement.

        By SQL, because the ORM knows no ``ON CONFLICT``: of twins that arrive at
        the same moment one must be skipped, not fail.

        :param envelope: the event's :class:`~..canonical.envelope.Envelope`.
        :param bytes body: as received; kept byte for byte.
        :return: the new event, or an empty recordset if it was there.
        """
        return self._store_events([(envelope, body)])

    def _store_events(self, arrivals):
        """As :meth:`_store_event`, for many; two of them may be the same.

        :param arrivals: pairs of an envelope and a body.
        """
        self.ensure_one()
        events = self.env["saas.subscription.event"]
        if not arrivals:
            return events
        now = fields.Datetime.now()
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s, %s, 0, %s, %s, %s, %s)",
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
            )
            for envelope, body in arrivals
        ]
        query = SQL(
            """INSERT INTO saas_subscription_event
                   (source_id, company_id, external_id, event_type, api_version,
                    occurred_at, received_at, body, state, attempts,
                    create_uid, create_date, write_uid, write_date)
               VALUES %s
               ON CONFLICT (source_id, external_id) DO NOTHING
               RETURNING id""",
            SQL(", ").join(rows),
        )
        # A failing query would be logged with its values, and so with the payload.
        self.env.cr.execute(query, log_exceptions=False)
        return events.browse(id_ for (id_,) in self.env.cr.fetchall())
