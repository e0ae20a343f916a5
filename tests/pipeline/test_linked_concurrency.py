"""Drains of two linked sources at the same time, each in a transaction of its own.

Covers pipeline/linking.
"""

import json
import os

from odoo.tests import BaseCase, tagged

from ..support import stripe_fixtures
from ..support.live import create_database, find_trouble, run_script
from .test_concurrency import SETUP

_SETUP = """
import threading
import time
from odoo import Command

own = env["account.journal"].create({{"name": "Own", "code": "OWN", "type": "sale"}})
platform, gateway = create_source("PLAT"), create_source("GATE")
# Nothing but the link keeps their drains apart.
gateway.sale_journal_id = own
gateway.issuer_ids = [Command.link(platform.id)]
env.cr.commit()
assert "last ones" in gateway._job_process_linked()
env.cr.commit()
events = env["saas.subscription.event"]

def charge(number):
    event = json.loads({charge!r})
    event["id"] += number
    data = event["data"]["object"]
    data["id"] += number
    data.update(customer=None, payment_intent=None, balance_transaction=None)
    data["metadata"] = {{"invoice_id": {invoice!r} + number}}
    body = json.dumps(event).encode()
    gateway._store_event(gateway._get_adapter()._identify(event), body)
    env.cr.commit()

def states():
    env.invalidate_all()
    return [(e.state, e.waiting_for or "") for e in events.search([], order="id")]

def open_items():
    env.invalidate_all()
    lines = env["account.move.line"].search([
        ("account_type", "=", "asset_receivable"), ("reconciled", "=", False),
        ("parent_state", "=", "posted")])
    return lines.mapped("amount_residual")
"""
#: A drain that can't see what a linked one has just brought begins anew: it would park
#: its payment on an invoice that is there, and nobody would free it.
_STALE = """
store(platform, "1")
charge("1")
with env.registry.cursor() as late:
    late.execute("SELECT 1")
    drain_in(env.cr, platform)
    check_retry(late, gateway)
    late.rollback()
    late.execute("SELECT 1")
    env.cr.commit()
    check_retry(late, gateway)
    late.rollback()
    assert drain_in(late, gateway) == "1 done"
    late.commit()
assert not open_items(), open_items()
"""
#: The payment comes first. Its drain holds the platform's too; then the invoice frees
#: it in the transaction that brings it.
_PARKED = """
charge("2")
store(platform, "2")
with env.registry.cursor() as other:
    assert drain_in(other, gateway) == "1 parked"
    check_retry(env.cr, platform)
    env.cr.rollback()
    other.commit()
assert drain_in(env.cr, platform) == "1 done"
assert ("received", "") in states(), states()
env.cr.commit()
assert drain_in(env.cr, gateway) == "1 done"
env.cr.commit()
assert not open_items(), open_items()
"""
#: Both at full tilt: no deadlock, and nothing waits that could go on.
_TOGETHER = """
for number in range(3, 15):
    if number % 2:
        charge(str(number))
        store(platform, str(number))
    else:
        store(platform, str(number))
        charge(str(number))
env["ir.config_parameter"].sudo().get_param("x")
drain_class = type(env["saas.drain"])
drain_class._batch_size = 2
errors = []

def run(source_id):
    # As the job runner: a source with nothing due has no job, and one that was told
    # to come back comes back later. Else the idle one holds the lock all the time.
    deadline = time.monotonic() + 100
    try:
        while time.monotonic() < deadline:
            with env.registry.cursor() as cr:
                source = api.Environment(cr, 1, {{}})["saas.source"].browse(source_id)
                if not source._has_due_events():
                    both = source.browse([platform.id, gateway.id])
                    if not any(each._has_due_events() for each in both):
                        return
                    cr.rollback()
                    time.sleep(0.02)
                    continue
                try:
                    source._job_drain()
                except RetryableJobError:
                    cr.rollback()
                    time.sleep(0.01)
                    continue
                except Exception as error:
                    if getattr(error, "pgcode", None) != "40001":
                        raise
                    cr.rollback()
                    continue
                cr.commit()
        errors.append("work is left after 100 s")
    except Exception as error:
        errors.append(repr(error))

threads = [threading.Thread(target=run, args=(s.id,)) for s in (platform, gateway)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(120)
assert not any(thread.is_alive() for thread in threads), "one waits for the other"
assert not errors, errors
env.cr.rollback()
assert {{state for state, _w in states()}} == {{"done"}}, states()
assert not open_items(), open_items()
"""


@tagged("post_install", "-at_install")
class TestLinkedConcurrency(BaseCase):
    def test_jobs(self):
        database = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        event = stripe_fixtures.load("basil", "invoice.finalized")
        charge = stripe_fixtures.load("basil", "charge.succeeded")
        script = SETUP + _SETUP + _STALE + _PARKED + _TOGETHER
        log = run_script(
            database,
            script.format(
                event=json.dumps(event),
                charge=json.dumps(charge),
                invoice=event["data"]["object"]["id"],
            ),
        )
        self.assertEqual(find_trouble(log), [])
