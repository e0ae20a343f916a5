"""Where the time of a drain goes: the functions that cost most, and the queries, with
how often each is run and by whom. For `make bench ARGS=--profile`.
"""

import cProfile
import pstats
import re
import sys
import time
from collections import Counter, defaultdict

from dev.console import say

from .stage import inbox
from .stage.shell import drain
from .stage.world import PAID

ENTITY = "eu"
BATCH = 200
#: How much is shown.
FUNCTIONS, QUERIES = 50, 20
_ALWAYS = ("sql_db.py", "query.py", "mail_thread.py", "cache.py", "contextlib.py")


def measure(stage, shell):
    """Print the profile of a batch of each kind."""
    with stage.connect() as cursor:
        for kind, act in (
            ("invoice.finalized", lambda tenant, _number: tenant.bill()),
            (PAID[ENTITY], lambda _tenant, _number: _pay(stage)),
            ("customer.updated", lambda tenant, number: tenant.move(number)),
            ("customer.subscription.updated", lambda tenant, _number: tenant.renew()),
        ):
            # Half of them for each of the two ways to look.
            with stage.record(kind) as events:
                for number, tenant in enumerate(stage.choose(2 * BATCH, ENTITY)):
                    act(tenant, number)
            inbox.fill(cursor, events, stage.sources)
            source_id = stage.sources[ENTITY]["id"]
            found = shell.call("profile.profile_batch", source_id=source_id)
            each = found["seconds"] / BATCH * 1000
            say(
                f"\n{BATCH} {kind}: {each:.1f} ms each; in all {found['seconds']:.2f} s"
                f" and {found['queries']} queries, which took {found['in_sql']:.2f} s"
            )
            for line in found["top_queries"] + found["top_functions"]:
                say(line)


def _pay(stage):
    [(tenant, bill)] = stage.take_unpaid(ENTITY, 1)
    tenant.pay(tenant.account.now(), bill)


def profile_batch(env, source_id):
    """Look at two batches: at the queries of one, at the functions of the other. Runs
    inside the shell.
    """
    watch = _Watch()
    with watch:
        seconds = drain(env, source_id, limit=BATCH)
    profiler = cProfile.Profile()
    profiler.runcall(drain, env, source_id, limit=BATCH)
    return {
        "seconds": seconds,
        "queries": sum(watch.counts.values()),
        "in_sql": sum(watch.seconds.values()),
        "top_queries": watch.describe(),
        "top_functions": _describe_functions(pstats.Stats(profiler)),
    }


class _Watch:
    """Counts the queries of this process while it is entered."""

    def __init__(self):
        self.counts, self.seconds = Counter(), Counter()
        self.callers = defaultdict(Counter)

    def __enter__(self):
        from odoo.sql_db import Cursor

        self._class, self._execute = Cursor, Cursor.execute
        watch = self

        def execute(cursor, query, *args, **kwargs):
            began = time.perf_counter()
            try:
                return watch._execute(cursor, query, *args, **kwargs)
            finally:
                watch._note(query, time.perf_counter() - began)

        Cursor.execute = execute
        return self

    def __exit__(self, *_exception):
        self._class.execute = self._execute

    def _note(self, query, seconds):
        code = getattr(query, "code", query)
        key = re.sub(r"\s+", " ", code if isinstance(code, str) else code.decode())
        key = re.sub(r"(%s, )+", "%s… ", key)[:110]
        self.counts[key] += 1
        self.seconds[key] += seconds
        self.callers[key][_find_caller()] += 1

    def describe(self):
        lines = ["  queries: times run, seconds, statement, by whom"]
        for key, count in self.counts.most_common(QUERIES):
            [(caller, _times)] = self.callers[key].most_common(1)
            lines.append(f"  {count:6} {self.seconds[key]:7.3f} {key}\n{'':17}{caller}")
        return lines


def _find_caller():
    """Return the functions that asked for a query, without those that always do."""
    frame, names = sys._getframe(3), []
    while frame and len(names) < 4:
        path = frame.f_code.co_filename
        if not path.endswith(_ALWAYS) and "/odoo/orm/" not in path:
            names.append(f"{path.rsplit('/', 1)[-1]}:{frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(names)


def _describe_functions(stats):
    """Return the addons' functions that cost most with what they call."""
    rows = sorted(stats.stats.items(), key=lambda item: -item[1][3])
    lines = ["  functions: seconds with what they call, alone, calls"]
    for (path, line, name), (_own_calls, calls, alone, total, _callers) in rows:
        if "/addons/" in path or "psycopg2" in name:
            where = "/".join(path.split("/")[-3:])
            lines.append(f"  {total:8.3f} {alone:8.3f} {calls:8} {where}:{line} {name}")
        if len(lines) > FUNCTIONS:
            break
    return lines
