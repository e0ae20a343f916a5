from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.reasons import STOPPED_STATES, Reason, State
from ...canonical.review.causes import (
    CUSTOMER_KEY,
    OF_CUSTOMER,
    OF_ONE_TENANT,
    find_key,
)
from ...canonical.review.severity import FLOORS


class SaasException(models.Model):
    """Opens and closes cases as the states of events change, in a constant number of
    statements however many events and causes there are.

    All that changes states of a source's events appends to that source's log, so no two
    such transactions are ever at work on the same cases.
    """

    _inherit = "saas.exception"

    @api.model
    def _follow(self, changes):
        """Open and close the cases that events wait for. An event that was sent back to
        the inbox keeps its cases until it is known what becomes of it.

        :param changes: :class:`~...canonical.review.changes.StateChange` that are
            written.
        """
        ended, wanted, customers = [], [], {}
        for change in changes:
            if change.state is State.RECEIVED:
                continue
            ended += change.events.ids
            if change.state in STOPPED_STATES and change.reason:
                for event in change.events:
                    wanted += self._prepare_links(event, change.causes)
            elif change.state is State.PARKED:
                for event in change.events:
                    if (event.waiting_for or "").startswith(CUSTOMER_KEY):
                        customers.setdefault(event.source_id, set()).add(
                            event.waiting_for
                        )
        touched = self._end_links(ended, wanted) if ended else []
        if wanted:
            self._open(wanted)
            touched += self._link(wanted)
        for source, references in customers.items():
            touched += self._find_of_customers(source, references)
        if touched:
            self.sudo().browse(sorted(set(touched)))._refresh()

    def _prepare_links(self, event, causes):
        """Return the rows that say what an event waits for."""
        keys = causes or [find_key(event._tell_stop())]
        tenant = event.tenant_id.id
        return [
            (
                event.id,
                event.source_id.id,
                event.source_id.company_id.id,
                key.reason,
                key.key,
                key.label[:500],
                tenant if key.reason in OF_ONE_TENANT and tenant else 0,
                FLOORS[Reason(key.reason)],
            )
            for key in keys
        ]

    @api.model
    def _unnest(self, rows):
        """Return the rows of :meth:`_prepare_links` as a table."""
        return SQL(
            """unnest(%s::int[], %s::int[], %s::int[], %s::text[], %s::text[],
                      %s::text[], %s::int[], %s::text[])
               AS wanted(event_id, source_id, company_id, reason, cause_key, label,
                         tenant_id, severity)""",
            *(list(column) for column in zip(*rows, strict=True)),
        )

    def _end_links(self, event_ids, wanted):
        """Note that events wait for their cases no more, unless they are ``wanted``.

        :return: the ids of the cases.
        """
        still = SQL()
        if wanted:
            still = SQL(
                """AND NOT EXISTS (
                       SELECT FROM %s
                        WHERE wanted.event_id = link.event_id
                          AND wanted.reason = cause.reason
                          AND wanted.cause_key = cause.cause_key)""",
                self._unnest(wanted),
            )
        rows = self.env.execute_query(
            SQL(
                """UPDATE saas_exception_event link SET is_open = false
                     FROM saas_exception cause
                    WHERE cause.id = link.case_id AND link.is_open
                      AND link.event_id = ANY(%s) %s
                RETURNING link.case_id""",
                event_ids,
                still,
            )
        )
        return [case_id for (case_id,) in rows]

    def _open(self, wanted):
        """Open the cases that are not open yet; one that was closed is named."""
        now, user = fields.Datetime.now(), self.env.uid
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_exception
                          (source_id, company_id, reason, cause_key, cause_label,
                           tenant_id, severity, state, amount, amount_known,
                           previous_id, create_uid, create_date, write_uid, write_date)
                   SELECT DISTINCT ON (source_id, reason, cause_key)
                          source_id, company_id, reason, cause_key, label,
                          NULLIF(tenant_id, 0), severity, 'open', 0, false,
                          (SELECT max(id) FROM saas_exception before
                            WHERE before.source_id = wanted.source_id
                              AND before.reason = wanted.reason
                              AND before.cause_key = wanted.cause_key),
                          %s, %s, %s, %s
                     FROM %s
                 ORDER BY source_id, reason, cause_key, event_id
              ON CONFLICT (source_id, reason, cause_key) WHERE state = 'open'
               DO NOTHING""",
                *(user, now, user, now),
                self._unnest(wanted),
            )
        )

    def _link(self, wanted):
        """Note what events wait for; return the ids of the cases."""
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO saas_exception_event AS link
                          (case_id, event_id, company_id, is_open, seen_at)
                   SELECT cause.id, wanted.event_id, wanted.company_id, true, %s
                     FROM %s
                     JOIN saas_exception cause
                       ON cause.source_id = wanted.source_id
                      AND cause.reason = wanted.reason
                      AND cause.cause_key = wanted.cause_key
                      AND cause.state = 'open'
              ON CONFLICT (case_id, event_id)
                DO UPDATE SET is_open = true, seen_at = EXCLUDED.seen_at
                RETURNING link.case_id""",
                fields.Datetime.now(),
                self._unnest(wanted),
            )
        )
        return [case_id for (case_id,) in rows]

    def _find_of_customers(self, source, references):
        """Return the ids of the open cases about customers that events are parked
        behind.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM saas_exception
                    WHERE source_id = %s AND reason = ANY(%s) AND cause_key = ANY(%s)
                      AND state = 'open'""",
                source.id,
                sorted(OF_CUSTOMER),
                sorted(references),
            )
        )
        return [case_id for (case_id,) in rows]
