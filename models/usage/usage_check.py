from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.actions import Action


class SaasUsageCheck(models.AbstractModel):
    """Proves each night that no usage is lost: what the log says was stored is there,
    in one of four states, and each bucket is what its records say. Where it differs, an
    alert is raised.
    """

    _name = "saas.usage.check"
    _description = "SaaS check of usage"

    @api.model
    def _cron_check(self):
        """Check the usage of all sources."""
        if self.env["saas.environment"]._is_confirmed():
            self._check()

    def _check(self):
        """Note at buckets and at sources where they differ."""
        self.env.flush_all()
        for statement in (_ADD_MISSING, _MARK_BUCKETS):
            self.env.cr.execute(statement)
        self.env.cr.execute(
            SQL(
                _NOTE_MISSING,
                fields.Datetime.now(),
                Action.USAGE_STORED.value,
                Action.USAGE_LOSS_NOTED.value,
            )
        )
        self.env["saas.usage.bucket"].invalidate_model()
        self.env["saas.source"].invalidate_model(["usage_checked_at", "usage_missing"])


#: The days whose records have no bucket get an empty one, which differs.
_COUNTED = """
    SELECT subscription_id, meter_id, day, sum(quantity) AS sum, count(*) AS count,
           max(quantity) AS max,
           (array_agg(quantity ORDER BY occurred_at DESC, quantity DESC))[1] AS last,
           min(occurred_at) AS first_at, max(occurred_at) AS last_at
      FROM saas_usage_record WHERE state = 'counted'
  GROUP BY subscription_id, meter_id, day"""
_ADD_MISSING = f"""
    INSERT INTO saas_usage_bucket
           (source_id, company_id, tenant_id, subscription_id, meter_id, day, sum,
            count)
    SELECT held.source_id, held.company_id, held.tenant_id, counted.subscription_id,
           counted.meter_id, counted.day, 0, 0
      FROM ({_COUNTED}) counted
      JOIN saas_subscription held ON held.id = counted.subscription_id
        ON CONFLICT (subscription_id, meter_id, day) DO NOTHING"""
#: The different values of a day, as they are kept, and as its records have them.
_DIFFERENT = """
    SELECT subscription_id, meter_id, day
      FROM (SELECT subscription_id, meter_id, day, value_hash FROM saas_usage_distinct
         UNION ALL
            SELECT DISTINCT record.subscription_id, record.meter_id, record.day,
                   md5(record.dimensions ->> meter.unique_key)::uuid
              FROM saas_usage_record record JOIN saas_meter meter
                ON meter.id = record.meter_id AND meter.aggregation = 'unique'
             WHERE record.state = 'counted') value
  GROUP BY subscription_id, meter_id, day, value_hash HAVING count(*) = 1"""
_MARK_BUCKETS = f"""
    UPDATE saas_usage_bucket bucket SET differs = found.differs
      FROM (SELECT bucket.id,
                   (bucket.sum, bucket.count, bucket.max, bucket.last, bucket.first_at,
                    bucket.last_at) IS DISTINCT FROM
                   (COALESCE(counted.sum, 0), COALESCE(counted.count, 0), counted.max,
                    counted.last, counted.first_at, counted.last_at)
                   OR value.day IS NOT NULL AS differs
              FROM saas_usage_bucket bucket
         LEFT JOIN ({_COUNTED}) counted
                ON (counted.subscription_id, counted.meter_id, counted.day)
                   = (bucket.subscription_id, bucket.meter_id, bucket.day)
         LEFT JOIN (SELECT DISTINCT * FROM ({_DIFFERENT}) value) value
                ON (value.subscription_id, value.meter_id, value.day)
                   = (bucket.subscription_id, bucket.meter_id, bucket.day)) found
     WHERE found.id = bucket.id
       AND COALESCE(bucket.differs, false) <> found.differs"""
_NOTE_MISSING = """
    UPDATE saas_source source
       SET usage_missing = found.missing, usage_checked_at = %s
      FROM (SELECT source_id, sum(count) AS missing
              FROM (SELECT source_id, detail::bigint AS count FROM saas_sync_log
                     WHERE action = %s
                 UNION ALL
                    SELECT source_id, -detail::bigint FROM saas_sync_log
                     WHERE action = %s
                 UNION ALL
                    SELECT source_id, -count(*) FROM saas_usage_record
                  GROUP BY source_id) told
          GROUP BY source_id) found
     WHERE found.source_id = source.id"""
