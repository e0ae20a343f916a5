"""Two drains that count on the same day, and one beside another that holds the journal:
nothing is lost, nothing is counted twice, and usage waits for no invoice.

Covers handlers/usage/usage.
"""

import os

from odoo.tests import BaseCase, tagged

from ..support.live import create_database, find_trouble, run_script

_SETUP = """
import json
from datetime import datetime
from psycopg2.errors import SerializationFailure
from odoo import Command, api
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.saas_billing_sync.canonical.envelope import Envelope

journal = env["account.journal"].search([("type", "=", "sale")], limit=1)

def create_source(name):
    return env["saas.source"].with_user(1).create({
        "name": name, "tz": "UTC", "adapter": "standard",
        "sale_journal_id": journal.id,
        "clearing_journal_id": env["account.journal"]
        .create({"name": name, "code": name, "type": "bank"}).id,
        "default_product_id": env["product.product"].create({"name": "Plan"}).id,
    })

def write(number, event_type, data):
    return {
        "specversion": "1.0", "id": f"e-{number}", "source": "https://app.example",
        "type": event_type, "time": "2026-06-15T12:00:00Z", "data": data,
    }

def store(source, *events):
    for event in events:
        envelope = source._get_adapter()._identify(event)
        source._store_event(envelope, json.dumps(event).encode())
    env.cr.commit()

def usage(number, customer="C-1", **data):
    return write(number, "usage.recorded", {
        "customer": customer, "meter": "calls", "quantity": "1", **data
    })

def drain_in(cr, source):
    return api.Environment(cr, 1, {})["saas.source"].browse(source.id)._job_drain()

def lost(call, *arguments):
    try:
        call(*arguments)
    except (RetryableJobError, SerializationFailure):
        return True
    return False

def read(query):
    env.cr.execute(query)
    found = env.cr.fetchall()
    env.cr.rollback()
    return found

one, two = create_source("ONE"), create_source("TWO")
env["saas.meter"].create({"name": "Calls", "code": "calls"})
party = {"id": "C-1", "name": "Fjord", "vat_numbers": ["DE811569869"]}
for source in (one, two):
    store(source, write(f"c{source.id}", "customer.upserted", party))
    drain_in(env.cr, source)
    env.cr.commit()
store(one, write("s", "subscription.created", {
    "id": "S-1", "customer": "C-1", "state": "active", "currency": "USD",
}))
drain_in(env.cr, one)
env.cr.commit()
assert read("SELECT count(*) FROM saas_tenant") == [(1,)]
"""
#: Both are of one tenant, and count in one bucket. The second of two that began at the
#: same moment loses, comes back, and then counts on what the first has written.
_SAME_BUCKET = """
store(one, usage(1))
store(two, usage(2))
with env.registry.cursor() as late:
    late.execute("SELECT 1")
    drain_in(env.cr, one)
    env.cr.commit()
    assert lost(drain_in, late, two)
    late.rollback()
    assert drain_in(late, two) == "1 done"
    late.commit()
assert read("SELECT sum::text, count FROM saas_usage_bucket") == [("2", 2)]
"""
#: A drain that books holds the journal until it ends. Usage is counted beside it, and
#: an invoice is not.
_JOURNAL = """
line = {"id": "L-1", "description": "Plan", "net": 100}
def invoice(number):
    return write(f"i{number}", "invoice.issued", {
        "id": f"I-{number}", "number": f"N-{number}", "customer": party,
        "issued_at": "2026-06-15T12:00:00Z", "currency": "USD", "total": 100,
        "lines": [line],
    })

store(one, invoice(1))
store(two, usage(3))
with env.registry.cursor() as other:
    drain_in(other, one)
    assert drain_in(env.cr, two) == "1 done"
    env.cr.commit()
    store(two, invoice(2), usage(4))
    assert lost(drain_in, env.cr, two)
    env.cr.rollback()
    other.commit()
assert drain_in(env.cr, two) == "2 done"
env.cr.commit()
assert read("SELECT sum::text FROM saas_usage_bucket") == [("4",)]
# Two drains of one source never run at once.
store(two, usage(5))
with env.registry.cursor() as other:
    drain_in(other, two)
    assert lost(drain_in, env.cr, two)
    env.cr.rollback()
    other.commit()
assert drain_in(env.cr, two) == "Nothing to do."
env.cr.commit()
"""
#: A meter is made while a drain runs that doesn't see it: what that parks is swept.
_MISSED = """
store(one, usage(6, meter="late"))
with env.registry.cursor() as drain:
    drain.execute("SELECT 1")
    env["saas.meter"].create({"name": "Late", "code": "late"})
    env.cr.commit()
    drain_in(drain, one)
    drain.commit()
assert read("SELECT why FROM saas_usage_record WHERE meter_ref = 'late'") == [
    ("unknown_meter",)
]
env["saas.source"]._cron_sweep()
env.cr.commit()
assert read("SELECT state FROM saas_usage_record WHERE meter_ref = 'late'") == [
    ("counted",)
]
env["saas.usage.check"]._check()
env.cr.commit()
assert read("SELECT count(*) FROM saas_usage_bucket WHERE differs") == [(0,)]
assert read("SELECT DISTINCT usage_missing FROM saas_source") == [(0,)]
print("ALL COUNTED")
"""


@tagged("post_install", "-at_install")
class TestUsageConcurrency(BaseCase):
    def test_nothing_is_lost_and_nothing_waits(self):
        database = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        script = "".join((_SETUP, _SAME_BUCKET, _JOURNAL, _MISSED))
        log = run_script(database, script)
        self.assertIn("ALL COUNTED", log)
        self.assertEqual(find_trouble(log), [])
