"""Previews beside drains and people who post, each in a transaction on a real
database, and what they leave there.

Covers review/preview_cursor and pipeline/linking.
"""

import json
import os

from odoo.tests import BaseCase, tagged

from ..pipeline.test_concurrency import SETUP
from ..support import copies, stripe_fixtures
from ..support.live import create_database, find_trouble, run_script

_SETUP = """
import select, statistics, threading, time
from unittest.mock import patch
import psycopg2
from odoo import fields
from odoo.exceptions import UserError
from odoo.sql_db import connection_info_for

stories = json.loads({stories!r})
user = env.ref("base.user_admin")
user.group_ids |= env.ref("saas_billing_sync.group_saas_reviewer")
source = create_source("ONE")
events = env["saas.subscription.event"]
books = type(env["saas.preview.books"])
invoices = type(env["saas.handler.invoice"])
adapter = source._get_adapter()
for event in stories:
    source._store_event(adapter._identify(event), json.dumps(event).encode())
env.cr.commit()

def preview(cr, ids, change=None):
    here = api.Environment(cr, user.id, {{}})
    return here["saas.preview"]._preview(here[events._name].browse(ids), change)

def snapshot(cr):
    cr.execute("SELECT quote_ident(tablename) FROM pg_tables"
               " WHERE schemaname = 'public' ORDER BY 1")
    found = {{}}
    for [table] in cr.fetchall():
        rows = "count(*), sum(hashtextextended(t::text, 0))"
        cr.execute(f"SELECT {{rows}} FROM {{table}} t")
        found[table] = cr.fetchone()
    cr.execute("SELECT sequencename, last_value FROM pg_sequences"
               " WHERE sequencename NOT LIKE '%\\\\_id\\\\_seq'")
    found.update(cr.fetchall())
    return found

listener = psycopg2.connect(**connection_info_for(env.cr.dbname)[1])
listener.autocommit = True
listener.cursor().execute("LISTEN queue_job; LISTEN imbus")

def look(ids, change=None):
    # Return what a preview shows; it must leave nothing, whatever comes of it.
    env.cr.rollback()
    before = snapshot(env.cr)
    env.cr.rollback()
    told = set(env.registry.cache_invalidated)
    try:
        return preview(env.cr, ids, change)
    finally:
        env.cr.rollback()
        after = snapshot(env.cr)
        env.cr.rollback()
        wrong = {{k: (v, after.get(k)) for k, v in before.items() if v != after.get(k)}}
        assert not wrong and before.keys() == after.keys(), wrong
        select.select([listener], [], [], 0.1)
        listener.poll()
        assert not listener.notifies, listener.notifies
        assert env.registry.cache_invalidated == told
        assert threading.active_count() == threads, threading.enumerate()

threads = threading.active_count()
ids = events.search([], order="id").ids
"""
#: All that there is, with messages to others and with jobs, leaves no trace.
_TRACE = """
env["saas.outbound.target"].create({{"name": "Shop"}})
env.cr.commit()
shown = look(ids)
assert len(shown["moves"]) > 10, shown["moves"]
assert shown["messages"] and shown["tenants"] and shown["reconciliations"]

def enqueue(env):
    env[source._name].sudo().browse(source.id)._enqueue_drain()
    env.user._bus_send("simple_notification", {{"message": "Hello"}})

look(ids[:1], enqueue)
"""
#: Modules that commit, or leave something to do after a commit.
_MODULES = """
def meddle(what):
    real = invoices._apply
    def apply(handler, source, items):
        real(handler, source, items)
        what(handler.env)
    return patch.object(invoices, "_apply", apply)

def refused(what):
    with meddle(what):
        try:
            look(ids)
        except UserError as error:
            assert "Nothing was kept" in str(error), error
        else:
            raise AssertionError("it should have been refused")

def stubborn(env):
    try:
        env.cr.commit()
    finally:
        env.cr.rollback()

refused(lambda env: env.cr.commit())
refused(lambda env: env.cr.rollback())
refused(stubborn)

# Round the cursor, the database itself refuses.
def go_round(env):
    env.flush_all()
    env.cr._cnx.commit()

logging.disable(logging.CRITICAL)
refused(go_round)
logging.disable(logging.NOTSET)

ran = []
def hook(env):
    for hooks in (env.cr.postcommit, env.cr.prerollback, env.cr.postrollback):
        hooks.add(lambda: ran.append(1))
with meddle(hook):
    assert look(ids)["moves"]
assert not ran, "a hook of what never happened has run"
"""
#: A preview that is held open, as long as the block takes.
_OPEN = """
from contextlib import contextmanager

@contextmanager
def held_open(ids):
    reached, go, failed = threading.Event(), threading.Event(), []
    real = books._read
    def read(self, *args):
        reached.set()
        assert go.wait(60)
        return real(self, *args)
    def run():
        try:
            with env.registry.cursor() as cr:
                preview(cr, ids)
        except BaseException as error:
            failed.append(error)
            reached.set()
    thread = threading.Thread(target=run)
    with patch.object(books, "_read", read):
        thread.start()
        assert reached.wait(60)
        try:
            yield
        finally:
            go.set()
            thread.join(60)
    assert not failed, failed

def post_by_hand(cr):
    here = api.Environment(cr, 1, {{}})
    move = here["account.move"].create({{
        "move_type": "out_invoice",
        "journal_id": source.sale_journal_id.id,
        "partner_id": here.ref("base.main_partner").id,
        "invoice_date": "2026-11-02",
        "invoice_line_ids": [(0, 0, {{"name": "By hand", "price_unit": 10.0}})],
    }})
    move.action_post()
    return move.name

with env.registry.cursor() as cr:
    first = post_by_hand(cr)
with held_open(ids):
    began = time.monotonic()
    with env.registry.cursor() as cr:
        second = post_by_hand(cr)
    took = time.monotonic() - began
    # A second preview of the same source is refused at once, in a sentence.
    began = time.monotonic()
    try:
        preview(env.cr, ids[:1])
    except UserError as error:
        assert "Somebody else is looking" in str(error), error
    else:
        raise AssertionError("two previews at once")
    env.cr.rollback()
    assert time.monotonic() - began < 1
print("POSTED BESIDE A PREVIEW IN", round(took, 3))
# It has not waited for the preview's end, or it would be waiting still.
assert int(second[-4:]) == int(first[-4:]) + 1, (first, second)
"""
#: Previews without a pause while a drain books what they show.
_DRAIN = """
type(env["saas.drain"])._batch_size = 12
stop, shown, refusals, failed, took = threading.Event(), [], [], [], []

def look_on():
    while not stop.is_set():
        began = time.monotonic()
        with env.registry.cursor() as cr:
            try:
                shown.append(preview(cr, ids[:40]))
            except UserError as error:
                refusals.append(str(error))
            except Exception as error:
                failed.append(repr(error))
            cr.rollback()
        took.append(time.monotonic() - began)

thread = threading.Thread(target=look_on)
thread.start()
began, codes, retries = time.monotonic(), [], 0
try:
    while time.monotonic() - began < 180:
        env.cr.rollback()
        if not source._has_due_events():
            break
        try:
            drain_in(env.cr, source)
            env.cr.commit()
        except RetryableJobError:
            retries += 1
            env.cr.rollback()
            time.sleep(0.05)
        except psycopg2.Error as error:
            codes.append(error.pgcode)
            env.cr.rollback()
finally:
    stop.set()
    thread.join(60)
print("DRAINED IN", round(time.monotonic() - began, 1), "PREVIEWS", len(shown),
      "REFUSED", len(refusals), "LEFT TO THEM", retries, "CODES", codes,
      "LONGEST PREVIEW", round(max(took), 2))
assert not source._has_due_events(), "the drain was kept from its work"
assert not failed, failed
assert not codes, codes
assert env["saas.sync.log"]._verify_chain(source) == 0
"""
#: How long one takes.
_TIMES = """
times = []
for id_ in ids[:60]:
    began = time.monotonic()
    preview(env.cr, [id_])
    times.append(time.monotonic() - began)
    env.cr.rollback()
times.sort()
print("ONE PREVIEW", "p50", round(statistics.median(times) * 1000), "p95",
      round(times[int(len(times) * 0.95)] * 1000), "max", round(times[-1] * 1000))
began = time.monotonic()
preview(env.cr, ids[:200])
print("PREVIEW OF", len(ids[:200]), round(time.monotonic() - began, 2))
env.cr.rollback()
"""
_NAMES = (
    "customer.created",
    "invoice.finalized",
    "payment_intent.succeeded",
    "charge.succeeded",
    "invoice_payment.paid",
    "invoice.paid",
)


@tagged("post_install", "-at_install")
class TestPreviewAlone(BaseCase):
    """Twenty customers who pay, and a payout."""

    def test_previews(self):
        """A preview leaves nothing, whatever modules do; who posts does not wait for
        it; and a drain never fails because of it.
        """
        database = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        event = stripe_fixtures.load("basil", "invoice.finalized")
        told = [stripe_fixtures.load("basil", name) for name in _NAMES]
        stories = [part for n in range(20) for part in copies.mark(told, n)]
        stories.append(stripe_fixtures.load("basil", "payout.paid"))
        script = SETUP + _SETUP + _TRACE + _MODULES + _OPEN + _TIMES + _DRAIN
        log = run_script(
            database,
            "import logging\n"
            + script.format(event=json.dumps(event), stories=json.dumps(stories)),
        )
        self.assertEqual(find_trouble(log), [])
