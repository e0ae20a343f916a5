import json
import os

from odoo.tests import BaseCase, tagged

from ..support import stripe_fixtures
from ..support.live import create_database, find_trouble, run_script

#: A source in a database of its own, so that transactions can really commit.
_SETUP = """
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
            database, _SETUP.format(event=event) + _HELD + _STALE + _SHARED_JOURNAL
        )
        self.assertEqual(find_trouble(log), [])
