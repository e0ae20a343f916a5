"""The statements that count usage into the buckets of its days.

Rows are written in one order, so that two transactions wait for each other and don't
deadlock.
"""

from odoo.tools import SQL

#: Adds what is counted of ``fresh`` records to their buckets, in the statement that has
#: stored them: there is no time at which one knows of it and the other does not.
ADDED = SQL(
    """, counted AS (
        SELECT subscription_id, meter_id, day, sum(quantity), count(*), max(quantity),
               (array_agg(quantity ORDER BY occurred_at DESC, quantity DESC))[1],
               min(occurred_at) AS first_at, max(occurred_at), max(id)
          FROM fresh WHERE state = 'counted'
      GROUP BY subscription_id, meter_id, day
    ), added AS (
        INSERT INTO saas_usage_bucket AS bucket
               (source_id, company_id, tenant_id, subscription_id, meter_id, day,
                sum, count, max, last, first_at, last_at, version)
        SELECT held.source_id, held.company_id, held.tenant_id, counted.*
          FROM counted JOIN saas_subscription held ON held.id = counted.subscription_id
      ORDER BY counted.subscription_id, counted.meter_id, counted.day
            ON CONFLICT (subscription_id, meter_id, day) DO UPDATE SET
               sum = bucket.sum + EXCLUDED.sum,
               count = bucket.count + EXCLUDED.count,
               max = GREATEST(bucket.max, EXCLUDED.max),
               last = CASE WHEN (bucket.last_at, bucket.last)
                                >= (EXCLUDED.last_at, EXCLUDED.last)
                           THEN bucket.last ELSE EXCLUDED.last END,
               first_at = LEAST(bucket.first_at, EXCLUDED.first_at),
               last_at = GREATEST(bucket.last_at, EXCLUDED.last_at),
               version = GREATEST(bucket.version, EXCLUDED.version)
    ), different AS (
        INSERT INTO saas_usage_distinct
        SELECT DISTINCT fresh.subscription_id, fresh.meter_id, fresh.day,
               md5(fresh.dimensions ->> meter.unique_key)::uuid AS value_hash
          FROM fresh JOIN saas_meter meter ON meter.id = fresh.meter_id
         WHERE fresh.state = 'counted' AND meter.aggregation = 'unique'
               -- Else nothing of what is fresh need be looked at.
           AND EXISTS (SELECT FROM saas_meter WHERE aggregation = 'unique')
      ORDER BY 1, 2, 3, 4
            ON CONFLICT DO NOTHING
    ), late AS (
        -- What comes into time that is billed has the billing run look at it again.
        UPDATE saas_subscription held SET
               recompute_from = part.first_at,
               next_billing_at = LEAST(held.next_billing_at, part.first_at)
          FROM (SELECT subscription_id, min(first_at) AS first_at
                  FROM counted GROUP BY subscription_id) part
         WHERE held.id = part.subscription_id AND held.recompute_from > part.first_at
    )"""
)


#: Has the billing run look at days again that are billed. A day begins in no zone
#: earlier than fourteen hours before that of UTC.
_LOOK_AGAIN = """
    WITH wanted AS (%s)
    UPDATE saas_subscription held SET
           recompute_from = part.first_at,
           next_billing_at = LEAST(held.next_billing_at, part.first_at)
      FROM (SELECT subscription_id,
                   min(day)::timestamp - interval '14 hours' AS first_at
              FROM wanted GROUP BY subscription_id) part
     WHERE held.id = part.subscription_id AND held.recompute_from > part.first_at"""
#: Makes buckets what their records say; one may be of no record any more.
_RECOUNT = """
    WITH wanted AS (%s)
    INSERT INTO saas_usage_bucket AS bucket
           (source_id, company_id, tenant_id, subscription_id, meter_id, day,
            sum, count, max, last, first_at, last_at, version)
    SELECT held.source_id, held.company_id, held.tenant_id, part.*
      FROM (SELECT wanted.subscription_id, wanted.meter_id, wanted.day,
                   COALESCE(sum(quantity), 0), count(record.id), max(quantity),
                   (array_agg(quantity ORDER BY occurred_at DESC, quantity DESC))[1],
                   min(occurred_at), max(occurred_at), COALESCE(max(record.id), 0)
              FROM wanted LEFT JOIN saas_usage_record record
                ON record.subscription_id = wanted.subscription_id
               AND record.meter_id = wanted.meter_id
               AND record.day = wanted.day AND record.state = 'counted'
          GROUP BY wanted.subscription_id, wanted.meter_id, wanted.day) part
      JOIN saas_subscription held ON held.id = part.subscription_id
  ORDER BY part.subscription_id, part.meter_id, part.day
        ON CONFLICT (subscription_id, meter_id, day) DO UPDATE SET
           sum = EXCLUDED.sum, count = EXCLUDED.count, max = EXCLUDED.max,
           last = EXCLUDED.last, first_at = EXCLUDED.first_at,
           last_at = EXCLUDED.last_at, differs = false,
           version = GREATEST(bucket.version, EXCLUDED.version)"""
#: The different values of those days.
_VALUES = """
    SELECT DISTINCT record.subscription_id, record.meter_id, record.day,
           md5(record.dimensions ->> meter.unique_key)::uuid AS value_hash
      FROM wanted JOIN saas_usage_record record
        ON record.subscription_id = wanted.subscription_id
       AND record.meter_id = wanted.meter_id AND record.day = wanted.day
      JOIN saas_meter meter ON meter.id = record.meter_id
     WHERE record.state = 'counted' AND meter.aggregation = 'unique'"""
_FORGET_VALUES = f"""
    WITH wanted AS (%s), value AS ({_VALUES})
    DELETE FROM saas_usage_distinct known USING wanted
     WHERE (known.subscription_id, known.meter_id, known.day)
           = (wanted.subscription_id, wanted.meter_id, wanted.day)
       AND NOT EXISTS (SELECT FROM value
                        WHERE (value.subscription_id, value.meter_id, value.day,
                               value.value_hash)
                              = (known.subscription_id, known.meter_id, known.day,
                                 known.value_hash))"""
_KEEP_VALUES = f"""
    WITH wanted AS (%s)
    INSERT INTO saas_usage_distinct {_VALUES}
    ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING"""

_ANEW = (_LOOK_AGAIN, _RECOUNT, _FORGET_VALUES, _KEEP_VALUES)


def recount(days):
    """Return the statements that make buckets what their records say.

    :param days: of each bucket its subscription, its meter and its day.
    """
    wanted = SQL(
        """SELECT * FROM unnest(%s::int[], %s::int[], %s::date[])
               AS wanted(subscription_id, meter_id, day)""",
        *map(list, zip(*days, strict=True)),
    )
    return [SQL(part, wanted) for part in _ANEW]
