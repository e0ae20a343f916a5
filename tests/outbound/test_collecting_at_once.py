"""One invoice has one order under way: between transactions, over a restart, and in a
copy of the database. The gateway is Stripe's counterpart, over HTTP.

Covers models/payments/collection and models/payments/collection_jobs.
"""

import os

from odoo.tests import BaseCase, tagged

from ...dev.make_believe.stripe.api import KEY, StripeApi
from ..support.live import create_database, dev, find_trouble, run_script

#: A tenant with an invoice of 35.70 that was just billed, and the order for it.
_SETUP = """
from itertools import count
from odoo.addons.saas_billing_sync.tests.billing.common import BillingCommon, at

class Shop(BillingCommon):
    pass

env = env(user=1)
journals = env["account.journal"]
journal = journals.search([("type", "=", "sale")], limit=1)
income = env["account.account"].search([("account_type", "=", "income")], limit=1)
gateway = env["saas.source"].create({{
    "name": "Stripe", "adapter": "stripe", "tz": "UTC", "new_api_key": {key!r},
    "sale_journal_id": journal.id,
    "clearing_journal_id":
        journals.create({{"name": "STR", "code": "STR", "type": "bank"}}).id,
}})
env["ir.config_parameter"].set_param("saas_billing_sync.stripe_api_address", {url!r})
Shop.env, Shop.company, Shop.keys = env, env.company, count(1)
Shop.own = env["saas.source"]._ensure_own(env.company)
Shop.product = env["product.product"].create(
    {{"name": "Plan", "taxes_id": [], "property_account_income_id": income.id}}
)
version = Shop.create_plan("pro", ("USD",), base={{"unit_price": "30"}})
tenant = Shop.create_tenant("Ada")
bindings = env["saas.binding"]
bindings.create(bindings._prepare_vals(gateway, "customer", "cus_ada", tenant))
tenant.collection_source_id = gateway
Shop.subscribe(tenant, version, at(2026, 11, 1))
BillingCommon.bill(Shop, at(2026, 11, 1))
env.cr.commit()
"""
_KNOWN = """
from odoo import api
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure, UniqueViolation
from odoo.addons.queue_job.exception import RetryableJobError

env = env(user=1)
command = env["saas.collection"].search([], order="id desc", limit=1)
move = command.move_id

def in_other(cr, record):
    return record.with_env(api.Environment(cr, 1, {{}}))

@mute_logger("odoo.sql_db")
def lost(call, *arguments):
    try:
        call(*arguments)
        call.__self__.flush_recordset()
    except (RetryableJobError, SerializationFailure, UniqueViolation) as error:
        return type(error).__name__
"""
_AT_ONCE = """
# Two people, of whom neither sees what the other one does.
command.action_cancel()
env.cr.commit()
with env.registry.cursor() as late:
    late.execute("SELECT 1")
    assert len(env["saas.collection"]._request(move)) == 1
    env.cr.commit()
    theirs = in_other(late, env["saas.collection"])
    assert lost(theirs._request, in_other(late, move)) == "UniqueViolation"
    late.rollback()
    assert not theirs._request(in_other(late, move))
    late.rollback()

# Two jobs of one order: the first calls, the other one comes back and finds that.
command = env["saas.collection"].search([], order="id desc", limit=1)
command._job_decide()
env.cr.commit()
with env.registry.cursor() as late:
    late.execute("SELECT 1")
    command._job_send()
    assert lost(in_other(late, command)._job_send) == "RetryableJobError"
    env.cr.commit()
    assert lost(in_other(late, command)._job_send) == "SerializationFailure"
    late.rollback()
    in_other(late, command)._job_send()
    late.rollback()
assert command.state == "pending", command.explanation
"""
#: The process ends after the call, and before it can write what came of it.
_KILLED = """
command._job_decide()
env.cr.commit()
env["saas.collect"]._call(command)
assert command.state == "pending", (command.state, command.detail)
env.cr.rollback()
"""
_RESTARTED = """
assert command.state == "sent", command.state
assert not env["saas.collection"]._request(move)
command._job_send()
assert command.state == "pending", (command.state, command.detail)
assert not env["saas.collection"]._request(move)
env.cr.commit()
"""
#: What somebody may try in a copy, with a job that the original has left.
_COPIED = """
assert lost(command._job_decide) == "RetryableJobError"
assert lost(command._job_send) == "RetryableJobError"
env["saas.collection"]._cron_collect()
assert not env["saas.collection"]._request(move)
from odoo.exceptions import UserError
from odoo.addons.saas_billing_sync.canonical.payments.collecting import CollectionReason
try:
    env["saas.collection.start"].create({{"move_id": move.id}}).action_start()
except UserError as error:
    print("REFUSED", error)
command._give_up(CollectionReason.BY_PERSON)
again = env["saas.collection"]._request(move)
assert lost(again._job_decide) == "RetryableJobError"
assert again.state == "waiting"
env.cr.commit()
"""
_ACTIVATED = """
env["saas.source"].search([]).write({{"state": "active"}})
"""


@tagged("post_install", "-at_install")
class TestCollectingAtOnce(BaseCase):
    """A database with one invoice; each test has a copy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = cls.enterClassContext(StripeApi())
        cls.api.put({"id": "cus_ada", "object": "customer", "livemode": False})
        cls.api.writes.act("save_method", customer="cus_ada", is_default=True)
        cls.template = create_database(cls, os.environ.get("SAAS_TEMPLATE"))
        cls.run_in_shell(cls.template, _SETUP)

    def setUp(self):
        super().setUp()
        self.api.calls.clear()

    @classmethod
    def run_in_shell(cls, name, *scripts):
        script = "".join(scripts).format(key=KEY, url=cls.api.url)
        log = run_script(name, script)
        if trouble := find_trouble(log):
            raise AssertionError(trouble)
        return log

    def make_copy(self, suffix):
        """Return a database that begins where the first one was left."""
        return create_database(type(self), self.template, suffix)

    def get_orders(self):
        """Return the requests by which money was ordered."""
        return [c for c in self.api.calls if c.path == "/v1/payment_intents"]

    def count_intents(self):
        """Return how many payments were made by these."""
        keys = {call.headers["idempotency-key"] for call in self.get_orders()}
        return len(keys)

    def test_two_transactions(self):
        self.run_in_shell(self.make_copy("_a"), _KNOWN, _AT_ONCE)
        self.assertEqual(len(self.get_orders()), 1)

    def test_killed_and_restarted(self):
        name = self.make_copy("_k")
        self.run_in_shell(name, _KNOWN, _KILLED)
        self.run_in_shell(name, _KNOWN, _RESTARTED)
        self.assertEqual((len(self.get_orders()), self.count_intents()), (2, 1))

    def test_copied(self):
        """A plain copy of the database calls nobody, whoever tries."""
        database = dev("machine.database")
        name = self.make_copy("_c")
        # Made anew without what declares it a database of its own.
        database.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        database.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}"')
        log = self.run_in_shell(name, _KNOWN, _COPIED)
        self.assertIn("REFUSED This database was set up as", log)
        self.assertEqual(self.api.calls, [])

    def test_neutralized(self):
        """Nor does a neutralized one, also if its sources are activated."""
        name = self.make_copy("_n")
        dev("machine.odoo_command").run(
            name, subcommand="neutralize", log=f"{name}-neutralize"
        )
        log = self.run_in_shell(name, _KNOWN, _ACTIVATED, _COPIED)
        self.assertIn("REFUSED This database was neutralized", log)
        self.assertEqual(self.api.calls, [])
