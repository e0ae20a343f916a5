"""The statements that store usage, free what waited, and let corrections take effect.

Each works on as many records as there are, and rows are written in one order, so that
two transactions wait for each other and don't deadlock.
"""

from odoo.tools import SQL

from .counting import ADDED
from .resolving import resolve
from .telling import read_told

_COLUMNS = SQL(
    """source_id, company_id, event_id, external_id, corrects, withdraws, content_hash,
       customer_ref, tenant_id, meter_ref, meter_id, subscription_ref, subscription_id,
       occurred_at, day, quantity, stated_quantity, dimensions, state, why,
       waiting_for"""
)
#: What is counted of a record that was stored.
_SEEN = SQL(
    """id, event_id, subscription_id, meter_id, occurred_at, day, quantity, dimensions,
       state"""
)


def store(source, rows):
    """Return the statement that stores records that are not known and counts them; it
    returns how many of each event were stored in each state.
    """
    return SQL(
        """WITH resolved AS (%(resolved)s), fresh AS (
               INSERT INTO saas_usage_record (%(columns)s)
               SELECT %(columns)s FROM resolved ORDER BY external_id
               ON CONFLICT (source_id, external_id) WHERE is_rival IS NOT TRUE
               DO NOTHING
               RETURNING %(seen)s
           ) %(added)s
           SELECT event_id, state, count(*) FROM fresh GROUP BY event_id, state""",
        resolved=resolve(read_told(source, rows)),
        columns=_COLUMNS,
        seen=_SEEN,
        added=ADDED,
    )


def store_rivals(source, rows):
    """Return the statement that stores records whose reference is known with other
    content. Where the first one was corrected since, that has settled it.
    """
    return SQL(
        """WITH told AS (%(told)s)
           INSERT INTO saas_usage_record
                  (source_id, company_id, event_id, external_id, corrects, withdraws,
                   content_hash, customer_ref, meter_ref, subscription_ref, occurred_at,
                   quantity, stated_quantity, dimensions, is_rival, state, why)
           SELECT told.source_id, told.company_id, told.event_id, told.external_id,
                  told.corrects, told.withdraws, told.content_hash, told.customer_ref,
                  told.meter_ref, told.subscription_ref, told.occurred_at,
                  told.quantity, told.stated_quantity, told.dimensions, true,
                  CASE WHEN known.why = 'corrected' THEN 'superseded'
                       ELSE 'conflict' END,
                  CASE WHEN known.why = 'corrected' THEN 'corrected'
                       ELSE 'other_content' END
             FROM told JOIN saas_usage_record known
               ON known.source_id = told.source_id
              AND known.external_id = told.external_id
              AND known.is_rival IS NOT TRUE
            WHERE known.content_hash <> told.content_hash
         ORDER BY told.external_id, told.content_hash
               ON CONFLICT (source_id, external_id, content_hash) WHERE is_rival
               DO NOTHING
        RETURNING event_id""",
        told=read_told(source, rows),
    )


def find_conflicts(source, rows):
    """Return the query for what was told and contradicts another record, which nobody
    has decided about: its event and its reference.
    """
    return SQL(
        """SELECT told.event_id, told.external_id
             FROM (%s) told JOIN saas_usage_record record
               ON record.source_id = told.source_id
              AND record.external_id = told.external_id
              AND record.content_hash = told.content_hash
            WHERE record.state = 'conflict'
         ORDER BY told.event_id, told.external_id""",
        read_told(source, rows),
    )


def settle(ids):
    """Return the statement that looks anew whether parked records count; it returns of
    those that changed their source, their state and what they correct.
    """
    told = SQL(
        """SELECT id, source_id, company_id, external_id, corrects, withdraws,
                  customer_ref, meter_ref, subscription_ref, occurred_at, quantity,
                  dimensions, false AS is_second,
                  COALESCE(is_chosen, false) AS is_chosen
             FROM saas_usage_record
            WHERE id = ANY(%s) AND state = 'parked'
         ORDER BY id FOR NO KEY UPDATE""",
        list(ids),
    )
    return SQL(
        """WITH resolved AS (%s), fresh AS (
               UPDATE saas_usage_record record
                  SET tenant_id = resolved.tenant_id, meter_id = resolved.meter_id,
                      subscription_id = resolved.subscription_id, day = resolved.day,
                      state = resolved.state, why = resolved.why,
                      waiting_for = resolved.waiting_for
                 FROM resolved
                WHERE record.id = resolved.id
                  AND (record.tenant_id, record.meter_id, record.subscription_id,
                       record.state, record.why, record.waiting_for)
                      IS DISTINCT FROM
                      (resolved.tenant_id, resolved.meter_id, resolved.subscription_id,
                       resolved.state, resolved.why, resolved.waiting_for)
            RETURNING record.*
           ) %s
           SELECT source_id, state, corrects FROM fresh""",
        resolve(told),
        ADDED,
    )


def supersede(source, references):
    """Return the statement that lets records be superseded by what corrects them; it
    returns the bucket that each was in, if it was counted, and the events of both.
    """
    return SQL(
        """UPDATE saas_usage_record record
              SET state = 'superseded', why = 'corrected', waiting_for = NULL
             FROM (SELECT old.id, old.state, new.event_id
                     FROM saas_usage_record old JOIN saas_usage_record new
                       ON new.source_id = old.source_id
                      AND new.corrects = old.external_id
                      AND (new.customer_ref = old.customer_ref OR new.is_chosen)
                    WHERE old.source_id = %s AND old.external_id = ANY(%s)
                      AND old.state <> 'superseded' AND new.state <> 'conflict'
                      AND new.why IS DISTINCT FROM 'unknown_record'
                      AND new.why IS DISTINCT FROM 'not_chosen'
                 ORDER BY old.id) found
            WHERE record.id = found.id
        RETURNING found.state, record.subscription_id, record.meter_id, record.day,
                  found.event_id, record.event_id""",
        source.id,
        list(references),
    )
