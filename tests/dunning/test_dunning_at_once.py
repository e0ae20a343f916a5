"""Nothing is done twice by two nodes, and a payment is never overtaken: in databases
where transactions really commit.

Covers models/dunning/run and models/dunning/run_jobs.
"""

import os

from odoo.tests import BaseCase, tagged

from ..support.live import create_database, find_trouble, run_script

_SETUP = """
from datetime import date, timedelta
from odoo import Command, api
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure, UniqueViolation

env = env(user=1)
own = env["saas.source"]._ensure_own(env.company)
policy = env["saas.dunning.policy"].create({
    "name": "Usual", "weekend": "none",
    "step_ids": [
        Command.create({"after_days": 1, "name": "Restriction", "action": "restrict"}),
    ],
})
env.company.dunning_policy_id = policy
env["saas.outbound.target"].create({"name": "CRM"})
partner = env["res.partner"].create({"name": "Ada", "email": "ada@fjord.example"})
tenant = env["saas.tenant"].create({"name": "Ada", "partner_id": partner.id})
income = env["account.account"].search([("account_type", "=", "income")], limit=1)
today = env.company._get_dunning_day()

def owe():
    move = env["account.move"].create({
        "move_type": "out_invoice",
        "partner_id": partner.id,
        "invoice_date": today - timedelta(days=30),
        "invoice_date_due": today - timedelta(days=10),
        "invoice_payment_term_id": False,
        "saas_tenant_id": tenant.id,
        "saas_source_id": own.id,
        "invoice_line_ids": [Command.create({
            "name": "Plan", "price_unit": 100, "tax_ids": False,
            "account_id": income.id,
        })],
    })
    move.action_post()
    return move

def pay(move):
    register = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=move.ids)
    register.create({})._create_payments()

def in_other(cr, record):
    return record.with_env(api.Environment(cr, 1, {}))

@mute_logger("odoo.sql_db")
def lost(call, *arguments):
    try:
        call(*arguments)
        call.__self__.env.cr.flush()
    except (SerializationFailure, UniqueViolation) as error:
        return type(error).__name__

steps = env["saas.collections.steps"]
runs = env["saas.dunning.run"]
move = owe()
env.cr.commit()
"""
_TWO_CLOCKS = """
with env.registry.cursor() as late:
    late.execute("SELECT 1")
    runs._cron_dun()
    env.cr.commit()
    in_other(late, runs)._cron_dun()
    late.commit()
env.invalidate_all()
assert len(runs.search([])) == 1
jobs = [("method_name", "=", "_job_chunk"), ("model_name", "=", "saas.dunning.run")]
assert env["queue.job"].search_count(jobs) == 1
run = runs.search([])

# Two nodes have the same job.
with env.registry.cursor() as late:
    late.execute("SELECT 1")
    run._job_chunk(0)
    env.cr.commit()
    assert lost(in_other(late, run)._job_chunk, 0) == "SerializationFailure"
    late.rollback()
    print(in_other(late, run)._job_chunk(0))
    late.commit()
env.invalidate_all()
assert len(env["saas.dunning.step"].search([])) == 1
assert run.state == "done" and run.step_count == 1
"""
_TWO_TAKE = """
# Without the run's own lock, the state's row is one, from the first time on.
with env.registry.cursor() as late:
    late.execute("SELECT 1")
    assert len(steps._take(tenant)) == 1
    env.cr.commit()
    assert lost(in_other(late, steps)._take, in_other(late, tenant)) in (
        "SerializationFailure", "UniqueViolation")
    late.rollback()
    assert not in_other(late, steps)._take(in_other(late, tenant))
    late.commit()
assert tenant.is_restricted
"""
_PAID_MEANWHILE = """
standing = env["saas.collections.standing"]
standing._refresh(tenant)
env.cr.commit()
# A payment that commits first is seen by the step, which is tried again.
with env.registry.cursor() as late:
    late.execute("SELECT 1")
    pay(move)
    env.cr.commit()
    assert lost(in_other(late, steps)._take, in_other(late, tenant)) == (
        "SerializationFailure")
    late.rollback()
    assert not in_other(late, steps)._take(in_other(late, tenant))
    late.commit()
assert not tenant.is_restricted

# Of a step that commits first, the payment that is on its way is tried again, and ends
# it in the very commit that reconciles.
move = owe()
env.cr.commit()
with env.registry.cursor() as early:
    early.execute("SELECT 1")
    env.cr.execute("SELECT 1")
    pay(move)
    assert len(in_other(early, steps)._take(in_other(early, tenant))) == 1
    early.commit()
    assert lost(env["saas.dunning.state"]._follow, tenant) == "SerializationFailure"
    env.cr.rollback()
env.invalidate_all()
assert tenant.is_restricted
pay(move)
env.cr.commit()
with env.registry.cursor() as cr:
    [restricted] = cr.execute("SELECT is_restricted FROM saas_tenant") or cr.fetchone()
    assert not restricted
    cr.execute(
        "SELECT payload->'object'->>'collection_state' FROM saas_outbound_message"
        " WHERE type = 'collection_state.changed' ORDER BY sequence")
    assert [row[0] for row in cr.fetchall()] == ["restricted", "current"]
"""


@tagged("post_install", "-at_install")
class TestDunningAtOnce(BaseCase):
    def check(self, suffix, script):
        """Run a script in a database of its own."""
        template = os.environ.get("SAAS_TEMPLATE")
        name = create_database(type(self), template, suffix)
        log = run_script(name, _SETUP + script)
        self.assertFalse(find_trouble(log))
        return log

    def test_two_clocks(self):
        log = self.check("_c", _TWO_CLOCKS)
        self.assertIn("There is nothing to do any more.", log)

    def test_two_take(self):
        self.check("_t", _TWO_TAKE)

    def test_paid_meanwhile(self):
        self.check("_p", _PAID_MEANWHILE)
