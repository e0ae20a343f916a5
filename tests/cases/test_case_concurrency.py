"""Drains of two sources and a person at once, each in a transaction of its own.

Covers models/review/exception_follow.py.
"""

import json
import os

from odoo.tests import BaseCase, tagged

from ..pipeline.test_concurrency import SETUP
from ..support import stripe_fixtures
from ..support.live import create_database, find_trouble, run_script

_AT_ONCE = """
from psycopg2 import errorcodes

def open_cases():
    env.invalidate_all()
    cases = env["saas.exception"].search([("state", "=", "open")], order="source_id")
    return [(case.source_id.name, case.event_count) for case in cases]

sources = []
for code, kind in (("ONE", 1), ("TWO", 2)):
    source = create_source(code)
    source.default_product_id = False
    source.sale_journal_id = journal.copy({{"code": f"S{{kind}}"}})
    sources.append(source)
env.cr.commit()
one, two = sources
for number, source in enumerate(sources):
    store(source, f"a{{number}}")
    store(source, f"b{{number}}")

# Both drains have their snapshots before either ends, and none waits for the other.
with env.registry.cursor() as first, env.registry.cursor() as second:
    for cr in (first, second):
        cr.execute("SET lock_timeout = '2s'; SELECT 1")
    assert drain_in(first, one) == "2 quarantined"
    assert drain_in(second, two) == "2 quarantined"
    first.commit()
    second.commit()
assert open_cases() == [("ONE", 2), ("TWO", 2)], open_cases()

# A person takes the case of one source while both are drained.
store(one, "c")
store(two, "c")
with env.registry.cursor() as first, env.registry.cursor() as second:
    for cr in (first, second):
        cr.execute("SET lock_timeout = '2s'; SELECT 1")
    assert drain_in(second, two) == "1 quarantined"
    case = env["saas.exception"].search([("source_id", "=", one.id)])
    case.with_user(2).action_take()
    env.cr.commit()
    try:
        drain_in(first, one)
    except Exception as error:
        # Both write the source's log: the later one begins anew, on what is there.
        assert getattr(error, "pgcode", None) == errorcodes.SERIALIZATION_FAILURE or (
            type(error).__name__ == "RetryableJobError"), error
        first.rollback()
        assert drain_in(first, one) == "1 quarantined"
    first.commit()
    second.commit()
assert open_cases() == [("ONE", 3), ("TWO", 3)], open_cases()
assert env["saas.exception"].search([("source_id", "=", one.id)]).user_id.id == 2

# One event is ignored by a person while another one of its case is drained: the case
# stays open for it, or is opened again.
store(one, "d")
with env.registry.cursor() as first:
    first.execute("SET lock_timeout = '2s'; SELECT 1")
    waiting = env["saas.subscription.event"].search(
        [("source_id", "=", one.id), ("state", "=", "quarantined")]
    )
    env["saas.event.ignore"].create(
        {{"event_ids": [Command.set(waiting.ids)], "note": "no"}}
    ).action_apply()
    env.cr.commit()
    try:
        drain_in(first, one)
    except Exception:
        first.rollback()
        drain_in(first, one)
    first.commit()
assert open_cases() == [("ONE", 1), ("TWO", 3)], open_cases()
closed = env["saas.exception"].search([("state", "=", "ignored")])
assert len(closed) == 1 and closed.source_id == one, closed
stray = env["saas.exception.event"].search(
    [("is_open", "=", True), ("case_id.state", "!=", "open")]
)
assert not stray, stray
"""


@tagged("post_install", "-at_install")
class TestCaseConcurrency(BaseCase):
    def test_drains_and_a_person_at_once(self):
        """Sources never wait for each other's cases, a person's change holds, and no
        event is left without its open case.
        """
        database = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        event = json.dumps(stripe_fixtures.load("basil", "invoice.finalized"))
        log = run_script(database, (SETUP + _AT_ONCE).format(event=event))
        self.assertEqual(find_trouble(log), [])
