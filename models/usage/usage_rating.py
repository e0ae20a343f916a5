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
            Aggregation.LAST: _LAST,
            Aggregation.UNIQUE: _UNIQUE,
            Aggregation.TIME_WEIGHTED: _TIME_WEIGHTED,
        }
        by_statement = {}
        for window in windows:
            if way := ways.get(window[1]):
                statement = statements.get(way, _SUMS)
                by_statement.setdefault(statement, []).append(window)
        used = dict.fromkeys(windows, Used(Fraction(0), 0))
        for statement, own in by_statement.items():
            rows = self.env.execute_query(SQL(statement, _write(own)))
            for number, quantity, version in rows:
                window, quantity = own[number], _read_exactly(quantity)
                if statement is _TIME_WEIGHTED:
                    quantity /= _get_length(window) or 1
                used[window] = Used(quantity, version or 0)
        return used


def _read_exactly(text):
    """Return the number that a text of the database is, and zero where there is none.
    Fraction itself reads one ten times as slowly.
    """
    whole, _point, part = (text or "0").partition(".")
    return Fraction(int(whole + part), 10 ** len(part))


def _write(windows):
    """Return windows as JSON for a statement."""
    moments = {moment for window in windows for moment in window[2:]}
    written = {
        moment: (naive(moment) if moment.tzinfo else moment).isoformat()
        for moment in moments
    }
    return json.dumps(
        [
            {
                "number": number,
                "subscription_id": subscription_id,
                "meter_id": meter_id,
                "since": written[start],
                "until": written[end],
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
_OWN = """bucket.subscription_id = windows.subscription_id
     AND bucket.meter_id = windows.meter_id"""
_BUCKETS = f"""
    JOIN saas_usage_bucket bucket
      ON {_OWN} AND bucket.day <= windows.until::date + 2"""
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

#: The days around both ends of a window, each once: only their buckets can be cut.
_ENDS = (
    "bucket.day BETWEEN windows.since::date - 2 AND windows.since::date + 2",
    """bucket.day BETWEEN GREATEST(windows.until::date - 2, windows.since::date + 3)
                      AND windows.until::date + 2""",
)
_CUT = "\n".join(
    f"""UNION ALL
        SELECT record.quantity, 1, record.quantity, record.quantity,
               record.occurred_at, record.id
          FROM saas_usage_bucket bucket
          {_RECORDS}
         WHERE {_OWN} AND {days} AND {_AT_EDGE} AND {_WITHIN}"""
    for days in _ENDS
)


def _add_up(quantity, parts):
    """Return the statement that adds each window up by itself, so that nothing is
    sorted, however many there are.

    :param quantity: the expression of what was used, of what was ``found``.
    :param parts: the columns that are found of each ``part`` of a window.
    """
    return f"""{_WINDOWS}
        SELECT windows.number, ({quantity})::text, found.version
          FROM windows CROSS JOIN LATERAL (
               SELECT {parts}, max(part.version) AS version
                 FROM (SELECT bucket.sum, bucket.count, bucket.max, bucket.last,
                              bucket.last_at, bucket.version
                         FROM saas_usage_bucket bucket
                        WHERE {_OWN} AND bucket.day <= windows.until::date + 2 {_NEAR}
                          AND {_WHOLE}
                        {_CUT}) part) found"""


_SUMS = _add_up(
    """CASE windows.aggregation
           WHEN 'sum' THEN found.sum
           WHEN 'count' THEN found.count
           WHEN 'max' THEN found.max END""",
    "sum(part.sum) AS sum, sum(part.count) AS count, max(part.max) AS max",
)
_LAST = _add_up(
    "found.last",
    "(array_agg(part.last ORDER BY part.last_at DESC, part.last DESC))[1] AS last",
)
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
