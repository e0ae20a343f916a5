"""A month of usage that is there already: as many records as asked, made by SQL, and
the buckets that count them.

The records are those of one meter, spread evenly over the subscriptions and over the
days of June.
"""

from ..database import analyze, fetch

RECORD, BUCKET = "saas_usage_record", "saas_usage_bucket"
_DAYS = 30
_INSERT = f"""
    INSERT INTO {RECORD} (source_id, company_id, external_id, content_hash, withdraws,
                          customer_ref, tenant_id, meter_ref, meter_id,
                          subscription_ref, subscription_id, occurred_at, day, quantity,
                          stated_quantity, state)
    SELECT %(source_id)s, %(company_id)s,
           'https://app.example/metering ' || md5('old ' || n)::uuid,
           md5(n::text), false, 'used-' || (n %% %(subscriptions)s), %(tenant_id)s,
           'meter-0', %(meter_id)s, 'used-' || (n %% %(subscriptions)s),
           (%(subscription_ids)s::int[])[1 + n %% %(subscriptions)s],
           timestamp '2026-06-01 10:00' + day * interval '1 day'
               + (n %% 600) * interval '1 minute',
           date '2026-06-01' + day, n %% 1000 + 0.25, (n %% 1000 + 0.25)::text,
           'counted'
      FROM generate_series(0, %(count)s - 1) n
     CROSS JOIN LATERAL (SELECT n / %(subscriptions)s %% {_DAYS} AS day) spread"""
_COUNT = f"""
    INSERT INTO {BUCKET} (source_id, company_id, tenant_id, subscription_id, meter_id,
                          day, sum, count, max, last, first_at, last_at, version)
    SELECT source_id, company_id, tenant_id, subscription_id, meter_id, day,
           sum(quantity), count(*), max(quantity),
           (array_agg(quantity ORDER BY occurred_at DESC, quantity DESC))[1],
           min(occurred_at), max(occurred_at), max(id)
      FROM {RECORD}
  GROUP BY source_id, company_id, tenant_id, subscription_id, meter_id, day"""


def fill(cursor, known, count):
    """Let so many records be there, and their buckets. There are none before.

    :param known: what the set-up says of the source.
    """
    # Built at once they are as good, and sooner there.
    indexes = fetch(
        cursor,
        """SELECT indexname, indexdef FROM pg_indexes
            WHERE tablename = %s AND indexname NOT LIKE '%%_pkey'""",
        RECORD,
    )
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    values = {key: known[key] for key in ("source_id", "company_id", "tenant_id")}
    values["subscription_ids"] = known["subscription_ids"]
    values["subscriptions"] = len(known["subscription_ids"])
    values["meter_id"] = known["meter_ids"][0]
    cursor.execute(_INSERT, {**values, "count": count})
    for _name, definition in indexes:
        cursor.execute(definition)
    cursor.execute(_COUNT)
    analyze(cursor)
