"""Of two who add to one timeline at once, the later one comes back and sees what the
first has added, also where nothing of it shows today.

Covers models/subscriptions/life.
"""

import os

from odoo.tests import BaseCase, tagged

from ..support.live import create_database, find_trouble, run_script

#: In a database of its own, so that transactions can really commit. Both changes are
#: for another year, so neither changes what the subscription itself says today.
_SCRIPT = """
from datetime import datetime
from psycopg2.errors import SerializationFailure
from odoo import Command, api

account = env["account.account"].search([("account_type", "=", "income")], limit=1)
product = env["product.product"].create(
    {"name": "Plan", "property_account_income_id": account.id}
)
plan = env["saas.plan"].create({"name": "Team", "code": "team"})
version = env["saas.plan.version"].create({
    "plan_id": plan.id,
    "valid_from": "2020-01-01",
    "component_ids": [Command.create({
        "code": "base",
        "name": "Base",
        "product_id": product.id,
        "price_ids": [Command.create(
            {"currency_id": env.company.currency_id.id, "unit_price": "1"}
        )],
    })],
})
version.action_publish()
terms = {
    "version": version.id,
    "currency": env.company.currency_id.name,
    "quantities": {"base": "1"},
}
source = env["saas.source"]._ensure_own(env.company)
tenant = env["saas.tenant"].create({
    "name": "Ada",
    "partner_id": env["res.partner"].create({"name": "Ada"}).id,
    "billing_policy": "odoo",
})
subscription = env["saas.subscription"].create({
    "external_id": "S", "source_id": source.id, "tenant_id": tenant.id, "state": "none",
})

def tell(of, kind, year):
    return of["saas.subscription"]._record_changes([{
        "subscription_id": subscription.id,
        "source_id": source.id,
        "kind": kind,
        "effective_at": datetime(year, 1, 1),
        "known": 0,
        "key": f"{kind} {year}",
        "terms": terms if kind == "activated" else False,
    }])

def read(query):
    env.cr.execute(query)
    return env.cr.fetchall()

tell(env, "activated", 2020)
env.cr.commit()
with env.registry.cursor() as cr:
    late = api.Environment(cr, 1, {})
    assert late["saas.subscription"].browse(subscription.id).state == "active"
    before = read("SELECT * FROM saas_subscription")
    tell(env, "paused", 2090)
    env.cr.commit()
    # Nothing was written that would have been noticed.
    assert read("SELECT * FROM saas_subscription") == before
    try:
        tell(late, "resumed", 2091)
        cr.commit()
    except SerializationFailure:
        print("LOST")
        cr.rollback()
        late.invalidate_all()
        tell(late, "resumed", 2091)
        cr.commit()
env.cr.rollback()
print(read("SELECT key, outcome FROM saas_subscription_change ORDER BY id"))
"""
_BY_TIME = """
from odoo.addons.saas_billing_sync.models.concurrency import is_lost_race

def move_on(of):
    return of["saas.subscription"]._job_move_on()

read("UPDATE saas_subscription SET moves_on_at = '2020-01-01' RETURNING id")
env["saas.subscription"]._cron_move_on()
env["saas.subscription"]._cron_move_on()
env.cr.commit()
print(len(env["queue.job"].search([("method_name", "=", "_job_move_on")])), "waits")
with env.registry.cursor() as cr:
    late = api.Environment(cr, 1, {})
    late["saas.subscription"].browse(subscription.id).state
    assert move_on(env).startswith("1 ")
    env.cr.commit()
    late["saas.subscription"]._cron_move_on()
    try:
        move_on(late)
    except Exception as error:
        assert is_lost_race(error), error
        print("BACK")
    cr.rollback()
    assert move_on(late).startswith("0 ")
env.cr.rollback()
assert env["saas.subscription"].browse(subscription.id).moves_on_at > datetime.now()
"""


@tagged("post_install", "-at_install")
class TestTimelinesAtOnce(BaseCase):
    def test_who_comes_late_sees_what_was_added(self):
        name = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        log = run_script(name, _SCRIPT)
        self.assertFalse(find_trouble(log))
        self.assertIn("LOST", log)
        self.assertIn("('paused 2090', 'applied'), ('resumed 2091', 'applied')", log)

    def test_what_time_makes_of_them_is_a_job(self):
        """Whoever comes late, because an event or another node was quicker, has its job
        done again, and nobody is alarmed.
        """
        name = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        log = run_script(name, _SCRIPT + _BY_TIME)
        self.assertFalse(find_trouble(log))
        self.assertIn("BACK", log)
        self.assertIn("1 waits", log)
