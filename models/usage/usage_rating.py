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
        by_way = {}
        for window in windows:
            if way := ways.get(window[1]):
                by_way.setdefault(way, []).append(window)
        used = dict.fromkeys(windows, Used(Fraction(0), 0))
        for way, own in by_way.items():
            rows = self.env.execute_query(SQL(_STATEMENTS[way], *_write(own)))
            used |= {
                own[number - 1]: Used(_read_exactly(quantity), version or 0)
                for number, quantity, version in rows
            }
            if way == Aggregation.TIME_WEIGHTED:
                for window in own:
                    quantity, version = used[window]
                    used[window] = Used(quantity / (_get_length(window) or 1), version)
        return used


def _read_exactly(text):
    """Return the number that a text of the database is, and zero where there is none.
    Fraction itself reads one ten times as slowly.
    """
    whole, _point, part = (text or "0").partition(".")
    part = part.rstrip("0")
    # Most are whole numbers, which need not be reduced.
    return (
        Fraction(int(whole + part), 10 ** len(part)) if part else Fraction(int(whole))
    )


def _write(windows):
    """Return the columns of windows, each as an array for a statement."""
    subscription_ids, meter_ids, starts, ends = zip(*windows, strict=True)
    written = {
        moment: (naive(moment) if moment.tzinfo else moment).isoformat()
        for moment in {*starts, *ends}
    }
    columns = (
        *(map(str, subscription_ids), map(str, meter_ids)),
        *(map(written.get, starts), map(written.get, ends)),
    )
    return ["{%s}" % ",".join(column) for column in columns]


def _get_length(window):
    """Return how many microseconds a window lasts."""
    _subscription, _meter, start, end = window
    lasts = end - start
    return (lasts.days * 86400 + lasts.seconds) * _MICROSECONDS + lasts.microseconds


#: The windows, and the buckets around each: days are of some zone, within 14 hours of
#: UTC, and one may be of the zone before.
_WINDOWS = """
    WITH windows AS (
        SELECT * FROM unnest(%s::integer[], %s::integer[], %s::timestamp[],
                             %s::timestamp[]) WITH ORDINALITY
               AS wanted(subscription_id, meter_id, since, until, number))"""
_OWN = """bucket.subscription_id = windows.subscription_id
     AND bucket.meter_id = windows.meter_id"""
_BUCKETS = f"""
    JOIN saas_usage_bucket bucket
      ON {_OWN} AND bucket.day <= windows.until::date + 2"""
_NEAR = " AND bucket.day >= windows.since::date - 2"
_WHOLE = "bucket.first_at >= windows.since AND bucket.last_at < windows.until"
_IF_WHOLE = f"FILTER (WHERE {_WHOLE})"
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


def _add_up(of_days, of_record, of_all, last_at="NULL::timestamp"):
    """Return the statement that adds each window up by itself, so that nothing is
    sorted, however many there are. Its days are read once, and records only where one
    of them is cut.

    :param of_days: what the days of a window come to that are within it as a whole.
    :param of_record: what a record counts for.
    :param of_all: what the parts ``quantity`` of a window come to.
    :param last_at: when the last record of its whole days was, if that matters.
    """
    cut = "\n".join(
        f"""UNION ALL
            SELECT {of_record}, record.occurred_at, record.id
              FROM saas_usage_bucket bucket
              {_RECORDS}
             WHERE whole.is_cut AND {_OWN} AND {days} AND {_AT_EDGE} AND {_WITHIN}"""
        for days in _ENDS
    )
    return f"""{_WINDOWS}
        SELECT windows.number, found.quantity::text, found.version
          FROM windows CROSS JOIN LATERAL (
               SELECT {of_days} AS quantity,
                      {last_at} AS last_at,
                      max(bucket.version) {_IF_WHOLE} AS version,
                      bool_or({_AT_EDGE}) AS is_cut
                 FROM saas_usage_bucket bucket
                WHERE {_OWN} AND bucket.day <= windows.until::date + 2 {_NEAR}) whole
         CROSS JOIN LATERAL (
               SELECT {of_all} AS quantity, max(part.version) AS version
                 FROM (SELECT whole.quantity, whole.last_at, whole.version
                       {cut}) part) found"""


_SUM = _add_up(f"sum(bucket.sum) {_IF_WHOLE}", "record.quantity", "sum(part.quantity)")
_COUNT = _add_up(f"sum(bucket.count) {_IF_WHOLE}", "1", "sum(part.quantity)")
_MAX = _add_up(f"max(bucket.max) {_IF_WHOLE}", "record.quantity", "max(part.quantity)")
_LAST = _add_up(
    f"""(array_agg(bucket.last ORDER BY bucket.last_at DESC, bucket.last DESC)
         {_IF_WHOLE})[1]""",
    "record.quantity",
    """(array_agg(part.quantity
           ORDER BY part.last_at DESC NULLS LAST, part.quantity DESC))[1]""",
    f"max(bucket.last_at) {_IF_WHOLE}",
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
               md5(record.dimensions ->> meter.unique_key)::uuid
          FROM windows JOIN saas_meter meter ON meter.id = windows.meter_id
          {_BUCKETS} {_NEAR} {_RECORDS} WHERE {_AT_EDGE} AND {_WITHIN})
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
_STATEMENTS = {
    Aggregation.SUM: _SUM,
    Aggregation.COUNT: _COUNT,
    Aggregation.MAX: _MAX,
    Aggregation.LAST: _LAST,
    Aggregation.UNIQUE: _UNIQUE,
    Aggregation.TIME_WEIGHTED: _TIME_WEIGHTED,
}
