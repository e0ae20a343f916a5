import json

from odoo.tests import BaseCase, tagged

from ..support import stripe_fixtures
from ..support.live import create_database, dev, find_trouble, run_script

_MODULE = "saas_billing_sync"

#: Given to an Odoo shell: what a person does in Apps, and events in between.
_INSTALL = """
def module():
    return env["ir.module.module"].search([("name", "=", "saas_billing_sync")])

env["ir.module.module"].update_list()
module().button_immediate_install()
"""
_UPGRADE = "module().button_immediate_upgrade()\n"
_UNINSTALL = "module().button_immediate_uninstall()\n"
_LOAD_DEMO = """
from odoo.modules.loading import force_demo

force_demo(env)
env.cr.commit()
"""
_USE = """
import json
from odoo import Command

journal = env["account.journal"].search([("type", "=", "sale")], limit=1)
source = env["saas.source"].search([], limit=1) or env["saas.source"].create(
    {{"name": "Stripe", "company_id": journal.company_id.id}}
)
source.write(
    {{
        "tz": "UTC",
        "sale_journal_id": journal.id,
        "clearing_journal_id": env["account.journal"]
        .create({{"name": "Clearing", "code": "STR", "type": "bank"}})
        .id,
        "default_product_id": env["product.product"].create({{"name": "Plan"}}).id,
        "default_tax_id": env["account.tax"]
        .create({{"name": "19%", "amount": 19, "type_tax_use": "sale"}})
        .id,
        "secret_ids": [Command.create({{"new_value": "whsec_anything-will-do"}})],
    }}
)
for event in json.loads({events!r}):
    adapter = source._get_adapter()
    source._store_event(adapter._identify(event), json.dumps(event).encode())
while source._has_due_events():
    source._job_drain()
states = env["saas.subscription.event"].search([]).grouped("state")
assert {{state: len(events) for state, events in states.items()}} == {{
    "done": 6, "parked": 1, "ignored": 1
}}, states
env.cr.commit()
"""

#: All that a database consists of, as (kind, name).
_SCHEMA = """
    SELECT 'relation', relname::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'column', attrelid::regclass || '.' || attname FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0
          AND NOT attisdropped
    UNION ALL SELECT 'constraint', conname FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'function', proname FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgname FROM pg_trigger
        WHERE NOT tgisinternal
"""
#: Rows that would point to what is gone.
_LEFTOVERS = {
    "ir_model_data": "module = 'saas_billing_sync'",
    "ir_model": "model LIKE 'saas.%%'",
    "ir_model_fields": "name LIKE 'saas_%%'",
    "ir_act_window": "res_model LIKE 'saas.%%'",
    "ir_ui_view": "arch_db::text LIKE '%%saas%%'",
    "ir_rule": "name LIKE 'SaaS%%'",
    "ir_act_server": "code LIKE '%%_cron_sweep%%'",
    "mail_message": "model LIKE 'saas.%%'",
    "queue_job": "model_name LIKE 'saas.%%'",
    "queue_job_function": "name LIKE '%%saas%%'",
    "queue_job_channel": "complete_name LIKE '%%saas%%'",
}


@tagged("post_install", "-at_install")
class TestLifecycle(BaseCase):
    """The addon comes and goes without a trace, and without a complaint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = dev("machine.database")
        cls.base = dev("machine.template").base()

    def test_without_demo(self):
        """Install, upgrade, use, uninstall, and install again."""
        name = create_database(type(self), self.base, "_plain")
        before = self._read_schema(name)
        self._run(name, _INSTALL, _UPGRADE, self._use(), _UNINSTALL)
        self._check_gone(name, before)
        self._run(name, _INSTALL)
        query = "SELECT state FROM ir_module_module WHERE name = %s"
        self.assertEqual(self._read(name, query, _MODULE), [("installed",)])
        self.assertEqual(self._read(name, "SELECT count(*) FROM saas_source"), [(0,)])

    def test_with_demo(self):
        """The same where Odoo's own demo data is, and ours with it. Its source is
        used, so there is more to take away than was installed.
        """
        name = create_database(type(self), self.base, "_demo")
        before = self._read_schema(name)
        self._run(name, _LOAD_DEMO, _INSTALL, self._use(), _UNINSTALL)
        self._check_gone(name, before)

    def _use(self):
        """Return the script that has events of all kinds processed."""
        names = [
            "customer.created",
            "customer.subscription.created",
            "invoice.finalized",
            "invoice_payment.paid",
            "invoice.paid",
            "invoice.payment_failed",
            "charge.refunded",
        ]
        events = [stripe_fixtures.load("basil", name) for name in names]
        events.append(stripe_fixtures.load("basil", "customer.created"))
        events[-1].update(id="evt_other", type="from_the_future.created")
        return _USE.format(events=json.dumps(events))

    def _run(self, name, *scripts):
        """Give scripts to an Odoo shell; check that its log shows no trouble."""
        log = run_script(name, "\n".join(scripts))
        self.assertEqual(find_trouble(log), [])

    def _check_gone(self, name, before):
        """Check that the schema is as it was, nothing points to what is gone, and
        the books are still there.
        """
        self.assertEqual(self._read_schema(name) ^ before, set())
        for table, condition in _LEFTOVERS.items():
            with self.subTest(table):
                query = f"SELECT * FROM {table} WHERE {condition}"
                self.assertEqual(self._read(name, query), [])
        kept = self._read(
            name,
            """SELECT move_type, state, payment_state FROM account_move
               WHERE date >= '2026-11-01' AND move_type <> 'entry'
                 AND journal_id IN (SELECT id FROM account_journal WHERE code = 'INV')
                 AND ref LIKE %s ORDER BY payment_state""",
            "%",
        )
        self.assertEqual(
            kept,
            [
                ("out_invoice", "posted", "not_paid"),
                ("out_invoice", "posted", "paid"),
            ],
        )

    def _read_schema(self, name):
        """Return what the database consists of, but for the columns that Odoo makes
        for each analytic plan, of which its demo data has some.
        """
        rows = self._read(name, _SCHEMA)
        return {(kind, what) for kind, what in rows if "x_plan" not in what}

    def _read(self, name, query, *values):
        return self.database.execute(query, *values, database=name)
