import json
from fractions import Fraction
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ...canonical.moments import naive
from ...canonical.usage.terms import Aggregation

#: Windows that one statement reads at most.
_AT_ONCE = 5_000
_MICROSECONDS = 10**6


class Used(NamedTuple):
    """What was used in a window, exactly; and the newest record that was counted."""

    quantity: Fraction
    version: int


class SaasUsageRating(models.AbstractModel):
    """Reads what was used, for rating: of many windows at once, in a number of
    statements that does not depend on how many there are.

    Days that are within a window as a whole come from their buckets, and of those at
    its edges the records that are within it. A day is within it if its first and its
    last record are, whatever zone the day is of.
    """

    _name = "saas.usage.rating"
    _description = "SaaS usage for rating"

    def _read(self, windows):
        """Return the :class:`Used` of windows, by window.

        :param windows: tuples of the ids of a subscription and of a meter, and of two
            moments in UTC: from the first one on, until before the second.
        """
        windows, used = [*dict.fromkeys(windows)], {}
        self.env.flush_all()
        for start in range(0, len(windows), _AT_ONCE):
            used |= self._read_part(windows[start : start + _AT_ONCE])
        return used

    def _read_part(self, windows):
        meters = self.env["saas.meter"].sudo().browse({window[1] for window in windows})
        ways = {meter.id: Aggregation(meter.aggregation) for meter in meters.exists()}
        statements = {
            Aggregation.UNIQUE: _UNIQUE,
            Aggregation.TIME_WEIGHTED: _TIME_WEIGHTED,
        }
        by_statement = {}
        for window in windows:
            if way := ways.get(window[1]):
                statement = statements.get(way, _PLAIN)
                by_statement.setdefault(statement, []).append(window)
        used = dict.fromkeys(windows, Used(Fraction(0), 0))
        for statement, own in by_statement.items():
            rows = self.env.execute_query(SQL(statement, _write(own)))
            for number, quantity, version in rows:
                window, quantity = own[number], Fraction(quantity or 0)
                if statement is _TIME_WEIGHTED:
                    quantity /= _get_length(window) or 1
                used[window] = Used(quantity, version)
        return used


def _write(windows):
    """Return windows as JSON for a statement."""
    return json.dumps(
        [
            {
                "number": number,
                "subscription_id": subscription_id,
                "meter_id": meter_id,
                "since": naive(start).isoformat()
                if start.tzinfo
                else start.isoformat(),
                "until": naive(end).isoformat() if end.tzinfo else end.isoformat(),
            }
            for number, (subscription_id, meter_id, start, end) in enumerate(windows)
        ]
    )


def _get_length(window):
    """Return how many microseconds a window lasts."""
    _subscription, _meter, start, end = window
    lasts = end - start
    return (lasts.days * 86400 + lasts.seconds) * _MICROSECONDS + lasts.microseconds


#: The windows, and the buckets around each: days are of some zone, within 14 hours of
#: UTC, and one may be of the zone before.
_WINDOWS = """
    WITH windows AS (
        SELECT wanted.*, meter.aggregation, meter.unique_key
          FROM jsonb_to_recordset(%s::jsonb) AS wanted(
               number integer, subscription_id integer, meter_id integer,
               since timestamp, until timestamp)
          JOIN saas_meter meter ON meter.id = wanted.meter_id)"""
_BUCKETS = """
    JOIN saas_usage_bucket bucket
      ON bucket.subscription_id = windows.subscription_id
     AND bucket.meter_id = windows.meter_id
     AND bucket.day <= windows.until::date + 2"""
_NEAR = " AND bucket.day >= windows.since::date - 2"
_WHOLE = "bucket.first_at >= windows.since AND bucket.last_at < windows.until"
_AT_EDGE = f"""
    bucket.first_at < windows.until AND bucket.last_at >= windows.since
    AND NOT ({_WHOLE})"""
_RECORDS = """
    JOIN saas_usage_record record
      ON record.subscription_id = bucket.subscription_id
     AND record.meter_id = bucket.meter_id AND record.day = bucket.day
     AND record.state = 'counted' AND record.occurred_at < windows.until"""
_WITHIN = "record.occurred_at >= windows.since"

_PLAIN = f"""{_WINDOWS}, part AS (
        SELECT windows.number, windows.aggregation, bucket.sum, bucket.count,
               bucket.max, bucket.last, bucket.last_at, bucket.version
          FROM windows {_BUCKETS} {_NEAR} WHERE {_WHOLE}
     UNION ALL
        SELECT windows.number, windows.aggregation, record.quantity, 1,
               record.quantity, record.quantity, record.occurred_at, record.id
          FROM windows {_BUCKETS} {_NEAR} {_RECORDS} WHERE {_AT_EDGE} AND {_WITHIN})
    SELECT number,
           CASE aggregation
               WHEN 'sum' THEN sum(sum)
               WHEN 'count' THEN sum(count)
               WHEN 'max' THEN max(max)
               WHEN 'last'
               THEN (array_agg(last ORDER BY last_at DESC, last DESC))[1] END::text,
           max(version)
      FROM part GROUP BY number, aggregation"""
_UNIQUE = f"""{_WINDOWS}, part AS (
        SELECT windows.number, bucket.version, known.value_hash
          FROM windows {_BUCKETS} {_NEAR}
          JOIN saas_usage_distinct known
            ON known.subscription_id = bucket.subscription_id
           AND known.meter_id = bucket.meter_id AND known.day = bucket.day
         WHERE {_WHOLE}
     UNION ALL
        SELECT windows.number, record.id,
               md5(record.dimensions ->> windows.unique_key)::uuid
          FROM windows {_BUCKETS} {_NEAR} {_RECORDS} WHERE {_AT_EDGE} AND {_WITHIN})
    SELECT number, count(DISTINCT value_hash)::text, max(version)
      FROM part GROUP BY number"""
#: Each change of the level counts until the end of the window, from when it happened or
#: from the window's begin on: what was before goes on.
_TIME_WEIGHTED = f"""{_WINDOWS}, part AS (
        SELECT windows.number, bucket.version, bucket.sum AS change,
               windows.until - windows.since AS lasts
          FROM windows {_BUCKETS} WHERE bucket.last_at < windows.since
     UNION ALL
        SELECT windows.number, record.id, record.quantity,
               windows.until - GREATEST(record.occurred_at, windows.since)
          FROM windows {_BUCKETS} {_NEAR} {_RECORDS}
         WHERE bucket.last_at >= windows.since)
    SELECT number, sum(change * extract(epoch FROM lasts) * {_MICROSECONDS})::text,
           max(version)
      FROM part GROUP BY number"""
