"""Two transactions that count one tenant at once: no movement is lost, and none is
there twice.

Covers models/metrics/standing.
"""

import os

from odoo.tests import BaseCase, tagged

from ...support.live import create_database, find_trouble, run_script

#: A tenant with two subscriptions, in a database of its own, so that transactions can
#: really commit.
_SETUP = """
from datetime import datetime
from threading import Thread

from psycopg2.errors import SerializationFailure
from odoo import api

company = env["res.company"].search([], order="id", limit=1)
own = env["saas.source"]._ensure_own(company)
plan = env["saas.plan"].create(
    {"name": "Team", "code": "team", "company_id": company.id}
)
version = env["saas.plan.version"].create({
    "plan_id": plan.id,
    "valid_from": "2020-01-01",
    "component_ids": [(0, 0, {
        "code": "base",
        "name": "Base",
        "product_id": env["product.product"].create({"name": "Plan"}).id,
        "price_ids": [
            (0, 0, {"currency_id": company.currency_id.id, "unit_price": "10"})
        ],
    })],
})
version.action_publish()
partner = env["res.partner"].create({"name": "Ada"})
tenant = env["saas.tenant"].create(
    {"name": "Ada", "partner_id": partner.id, "company_id": company.id}
)
subscriptions = env["saas.subscription"].create([
    {
        "external_id": name,
        "source_id": own.id,
        "tenant_id": tenant.id,
        "state": "none",
    }
    for name in ("first", "second")
])
first, second = subscriptions.ids
env.cr.commit()

def tell(cr, subscription, kind, month):
    moment = datetime(2026, month, 1)
    terms = {
        "version": version.id,
        "currency": company.currency_id.name,
        "quantities": {"base": "1"},
    }
    env_ = api.Environment(cr, 1, {})
    env_["saas.subscription"]._record_changes([{
        "subscription_id": subscription,
        "source_id": own.id,
        "kind": kind,
        "effective_at": moment,
        "known": month,
        "key": f"{subscription} {kind}",
        "terms": terms if kind == "activated" else False,
    }])
    env_.flush_all()

def refresh(cr):
    env_ = api.Environment(cr, 1, {})
    return env_["saas.mrr.movement"]._refresh(env_["saas.tenant"].browse(tenant.id))

def check_lost(cr, what, *arguments):
    try:
        what(cr, *arguments)
    except SerializationFailure:
        cr.rollback()
    else:
        raise AssertionError("both have counted")

def read():
    env.cr.rollback()
    env.cr.execute(
        "SELECT kind, amount::int FROM saas_mrr_movement WHERE amount <> 0"
        " ORDER BY at, id"
    )
    return env.cr.fetchall()
"""
#: The second one began before the first one has committed, when the tenant was never
#: counted, and when it was.
_LATE = """
with env.registry.cursor() as late:
    late.execute("SELECT 1")
    tell(env.cr, first, "activated", 1)
    env.cr.commit()
    check_lost(late, tell, second, "activated", 2)
    tell(late, second, "activated", 2)
    late.commit()
assert read() == [("new", 10), ("expansion", 10)], read()
with env.registry.cursor() as late:
    late.execute("SELECT 1")
    tell(env.cr, first, "canceled", 3)
    env.cr.commit()
    check_lost(late, refresh)
    assert refresh(late) == 0
    tell(late, second, "canceled", 4)
    late.commit()
expected = [("new", 10), ("expansion", 10), ("contraction", -10), ("churn", -10)]
assert read() == expected, read()
"""
#: The second one waits for the first one, and fails once that has committed.
_WAITING = """
failed = []

def count_at_once():
    with env.registry.cursor() as late:
        late.execute("SELECT 1")
        try:
            refresh(late)
        except SerializationFailure:
            failed.append(True)
            late.rollback()
            failed.append(refresh(late))
            late.commit()

tell(env.cr, first, "activated", 1)
other = Thread(target=count_at_once)
other.start()
other.join(1)
assert other.is_alive(), "it does not wait"
env.cr.commit()
other.join(60)
assert failed == [True, 0], failed
assert read() == [("new", 10)], read()
"""


@tagged("post_install", "-at_install")
class TestMrrLock(BaseCase):
    """Two that count one tenant, each in a transaction of its own on a real
    database.
    """

    def run_on_database(self, script):
        """Run a script on a database with a tenant; nothing in its log is amiss."""
        database = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        self.assertEqual(find_trouble(run_script(database, _SETUP + script)), [])

    def test_late(self):
        """Who has not seen what another one has added does not add anything, and does
        it again.
        """
        self.run_on_database(_LATE)

    def test_waiting(self):
        """Who comes while another one counts waits, and then does it again."""
        self.run_on_database(_WAITING)
