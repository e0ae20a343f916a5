import json
import os

from odoo.tests import BaseCase, tagged

from ..support import stripe_fixtures
from ..support.live import create_database, find_trouble, run_script

#: A source in a database of its own, so that transactions can really commit.
SETUP = """
import json
from odoo import Command, api
from odoo.addons.queue_job.exception import RetryableJobError

journal = env["account.journal"].search([("type", "=", "sale")], limit=1)
product = env["product.product"].create({{"name": "Plan"}})
tax = env["account.tax"].create({{"name": "VAT", "amount": 19, "type_tax_use": "sale"}})

def create_source(code):
    return env["saas.source"].with_user(1).create({{
        "name": code,
        "tz": "UTC",
        "sale_journal_id": journal.id,
        "default_product_id": product.id,
        "default_tax_id": tax.id,
        "clearing_journal_id": env["account.journal"]
        .create({{"name": code, "code": code, "type": "bank"}})
        .id,
    }})

def store(source, number):
    event = json.loads({event!r})
    event["id"] += number
    event["data"]["object"]["id"] += number
    body = json.dumps(event).encode()
    source._store_event(source._get_adapter()._identify(event), body)
    env.cr.commit()

def drain_in(cr, source):
    return api.Environment(cr, 1, {{}})["saas.source"].browse(source.id)._job_drain()

def numbers():
    env.invalidate_all()
    moves = env["account.move"].search([("saas_source_id", "!=", False)])
    return sorted(moves.mapped("sequence_number"))

def check_retry(cr, source):
    try:
        drain_in(cr, source)
    except RetryableJobError as error:
        # It comes back in a moment, and that is not counted as a try.
        assert (error.seconds, error.ignore_retry) == (1, True)
    else:
        raise AssertionError("it should have been left to the other job")
"""
_HELD = """
source = create_source("ONE")
store(source, "1")
with env.registry.cursor() as other:
    drain_in(other, source)
    check_retry(env.cr, source)
    env.cr.rollback()
    other.commit()
assert drain_in(env.cr, source) == "Nothing to do."
"""
_STALE = """
store(source, "2")
with env.registry.cursor() as late:
    late.execute("SELECT 1")
    drain_in(env.cr, source)
    env.cr.commit()
    check_retry(late, source)
    late.rollback()
    assert drain_in(late, source) == "Nothing to do."
assert numbers() == [1, 2], numbers()
"""
_SHARED_JOURNAL = """
second = create_source("TWO")
store(source, "3")
store(second, "4")
with env.registry.cursor() as late:
    late.execute("SELECT 1")
    drain_in(env.cr, source)
    check_retry(late, second)
    late.rollback()
    late.execute("SELECT 1")
    env.cr.commit()
    assert drain_in(late, second) == "1 done"
    late.commit()
assert numbers() == [1, 2, 3, 4], numbers()
"""
_WAKE_UP = """
def waiting():
    key, waits = source._get_drain_key(), ("pending", "enqueued")
    env.invalidate_all()
    return env["queue.job"].search(
        [("identity_key", "=", key), ("state", "in", waits)]
    )

def told(number):
    event = json.loads({event!r})
    event["id"] += number
    event["data"]["object"]["id"] += number
    return event

source = create_source("ONE")
source._enqueue_drain()
env.cr.commit()
job = waiting().ensure_one()
with env.registry.cursor() as late:
    of = api.Environment(late, 1, {{}})["saas.source"].browse(source.id)
    assert of.env["saas.reading.fetch"]._store(of, [told("1")]) == 1
    # The job that it relied on begins, and is over, before anything can be seen of it.
    job.state = "started"
    env.cr.commit()
    assert drain_in(env.cr, source) == "Nothing to do."
    job.state = "done"
    env.cr.commit()
    late.commit()
env.cr.rollback()
assert len(waiting()) == 1, "nothing wakes the drain"
with env.registry.cursor() as late:
    of = api.Environment(late, 1, {{}})["saas.source"].browse(source.id)
    of.env["saas.reading.fetch"]._store(of, [told("2")])
    late.commit()
env.cr.rollback()
assert len(waiting()) == 1, "one that has not begun is enough"
assert drain_in(env.cr, source) == "2 done"
"""
_OPERATIONS = """
from psycopg2.errors import SerializationFailure
from odoo.exceptions import UserError
from odoo.addons.saas_billing_sync.models.operations.operation_kind import Operation

env.cr.execute(
    "INSERT INTO saas_subscription_event (source_id, company_id, external_id,"
    " event_type, body, state, attempts, received_at)"
    " SELECT %s, %s, 'many_' || n, 'x', '', 'dead', 0, now()"
    " FROM generate_series(1, 300) n RETURNING id",
    (source.id, source.company_id.id),
)
ids = [id_ for (id_,) in env.cr.fetchall()]
env.cr.commit()

def start(cr):
    operations = api.Environment(cr, 1, {{}})["saas.operation"]
    domain = operations._get_claimable(Operation.RETRY, [("id", "in", ids)])
    return operations._start(Operation.RETRY, "because", domain=domain)

def check_refused(cr, error):
    try:
        start(cr)
    except error:
        cr.rollback()
    else:
        raise AssertionError("it was pressed twice")

def run_chunk(operation):
    operation._job_chunk(operation.step, 1)
    env.cr.commit()
    env.invalidate_all()
    return operation.done_count

with env.registry.cursor() as late:
    late.execute("SELECT 1")
    operation = start(env.cr)
    env.cr.commit()
    check_refused(late, SerializationFailure)
    check_refused(late, UserError)
assert operation.total_count == 300
with env.registry.cursor() as drain:
    drain.execute(
        "SELECT FROM saas_subscription_event WHERE id = ANY(%s) FOR NO KEY UPDATE",
        (ids[:50],),
    )
    assert [run_chunk(operation) for _chunk in range(3)] == [200, 250, 250]
    assert operation.state == "running"
    drain.rollback()
assert run_chunk(operation) == 300
assert operation.state == "done"
"""


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Two jobs at once, each in a transaction of its own on a real database."""

    def test_jobs(self):
        """A job leaves a partition alone that another one holds. One that began
        before another has committed does not work on what it can't see any more,
        and nobody is alarmed. Two sources with one journal draw its numbers in turn.
        """
        database = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        event = json.dumps(stripe_fixtures.load("basil", "invoice.finalized"))
        log = run_script(
            database, SETUP.format(event=event) + _HELD + _STALE + _SHARED_JOURNAL
        )
        self.assertEqual(find_trouble(log), [])

    def test_wake_up(self):
        """What a transaction stores that relied on a job which has begun meanwhile is
        processed at once all the same, and does not wait for the sweep.
        """
        database = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        event = json.dumps(stripe_fixtures.load("basil", "invoice.finalized"))
        log = run_script(database, (SETUP + _WAKE_UP).format(event=event))
        self.assertEqual(find_trouble(log), [])

    def test_operations(self):
        """Of two who press the same at once, one has it done and the other finds
        nothing left. A chunk leaves alone what a drain works on, and comes back.
        """
        database = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        event = json.dumps(stripe_fixtures.load("basil", "invoice.finalized"))
        script = SETUP + 'source = create_source("ONE")\nenv.cr.commit()\n'
        log = run_script(database, (script + _OPERATIONS).format(event=event))
        self.assertEqual(find_trouble(log), [])
