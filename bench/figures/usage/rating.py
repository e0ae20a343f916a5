"""What subscriptions have used in a month, found from the buckets of its days by the
code that rates it, over one GROUP BY on the records. Both have to find the same. The
month is one in UTC and the days are those of Berlin, so those at its ends are cut.

Both run in one process of PostgreSQL: it would read the records by several and the days
by one, so the figure would say how many processors are idle.
"""

import time
from datetime import UTC, datetime
from fractions import Fraction

from ...figure import Figure
from ...stage.shell import transaction

_START = datetime(2026, 6, 1, tzinfo=UTC)
_END = datetime(2026, 7, 1, tzinfo=UTC)
_GROUP_BY = """
    SELECT subscription_id, sum(quantity)::text FROM saas_usage_record
     WHERE meter_id = %s AND state = 'counted'
       AND occurred_at >= %s AND occurred_at < %s GROUP BY subscription_id"""
_REPEATS = 3


def measure(stage, shell, known):
    """In: a shell on the database with many records, and what the set-up says."""
    figure = Figure("rate_vs_raw")
    for number in range(stage.sizes.rounds + 1):
        raw, rated = shell.call("figures.usage.rating.rate_both_ways", known=known)
        if number:  # the first was to warm up
            figure.add(raw / rated, raw_ms=raw * 1000, rated_ms=rated * 1000)
    figure.detail["subscriptions"] = len(known["subscription_ids"])
    figure.detail["records"] = stage.sizes.usage_many
    figure.detail["parallel_workers"] = 0
    return [figure]


def rate_both_ways(env, known):
    """Return how many seconds each way takes. Runs inside the shell."""
    meter_id = known["meter_ids"][0]
    windows = [(id_, meter_id, _START, _END) for id_ in known["subscription_ids"]]
    with transaction(env) as own:
        own.cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        began = time.perf_counter()
        own.cr.execute(_GROUP_BY, [meter_id, _START.date(), _END.date()])
        expected = dict(own.cr.fetchall())
        raw = time.perf_counter() - began
        rating = own["saas.usage.rating"]
        took = []
        for _repeat in range(_REPEATS):
            began = time.perf_counter()
            found = rating._read(windows)
            took.append(time.perf_counter() - began)
    used = {window[0]: each.quantity for window, each in found.items() if each.quantity}
    if used != {id_: Fraction(text) for id_, text in expected.items()}:
        raise ValueError("the buckets do not say what the records say")
    return raw, sorted(took)[_REPEATS // 2]
