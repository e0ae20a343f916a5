"""A copy of a live database is harmless, however it was made."""

import json
import os

from odoo.tests import tagged

from ...dev.make_believe.stripe.api import KEY, StripeApi
from ..support import stripe_fixtures
from ..support.live import LiveCase, create_database, dev, find_trouble, run_script
from ..support.pulling import ADDRESS
from ..support.session import Session

#: What is booked before the copy is made.
BEFORE = ("customer.created", "invoice.finalized")
#: What has arrived, and waits, when the copy is made.
WAITING = ("invoice_payment.paid", "invoice.finalized-discount")
CRONS = (
    ("saas.source", "_cron_sweep"),
    ("saas.source", "_cron_pull_balance"),
    ("saas.source", "_cron_recover"),
    ("saas.reconciliation", "_cron_reconcile"),
    ("saas.payout", "_cron_match_bank"),
)

#: Given to an Odoo shell: leaves events and jobs of each kind behind, as a server does
#: that is stopped in the middle of its work.
_LEAVE_WORK = """
import json
from datetime import timedelta
from odoo import fields

source = env["saas.source"].browse({source_id})
adapter = source._get_adapter()
for event in json.loads({events!r}):
    source._store_event(adapter._identify(event), json.dumps(event).encode())
source._enqueue_drain()
source._enqueue_fetch("invoice", "in_missing")
source._enqueue_read("balance_transaction", payout="po_1")
source._enqueue_read_payout("po_1")
source._enqueue_read_movements()
source._start_reading("recovery", fields.Datetime.now() - timedelta(days=3))
today = fields.Date.today()
env["saas.reconciliation"]._start(source, today - timedelta(days=7), today)
env.cr.commit()
"""
#: What somebody may do in a copy without a server: drain, and run every cron.
_TRY = """
source = env["saas.source"].browse({source_id})
print("SAID", source._job_drain())
for model, cron in {crons!r}:
    getattr(env[model], cron)()
print("SHOWN", source.environment_problem)
env.cr.commit()
"""
_CONFIRM = """
env["saas.source"].browse({source_id}).action_confirm_environment()
env.cr.commit()
"""
_STATE = """
    SELECT (SELECT count(*) FROM account_move),
           (SELECT count(*) FROM account_payment),
           (SELECT count(*) FROM saas_sync_log),
           (SELECT count(*) FROM saas_subscription_event WHERE state = 'received'),
           (SELECT count(*) FROM saas_subscription_event)"""
_JOBS = """
    SELECT split_part(func_string, '(', 1), state, eta IS NOT NULL, result
    FROM queue_job WHERE model_name LIKE 'saas.%%' AND state <> 'cancelled'"""
_RUN_CRONS = """
    UPDATE ir_cron SET nextcall = (now() AT TIME ZONE 'UTC') - interval '1 s'
     WHERE id IN (SELECT res_id FROM ir_model_data
                  WHERE module = 'saas_billing_sync' AND model = 'ir.cron')"""


@tagged("post_install", "-at_install")
class TestCopy(LiveCase):
    """A database is used and then stopped, with work left over; each test copies it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = cls.enterClassContext(StripeApi())
        cls.admin.call("ir.config_parameter", "set_param", ADDRESS, cls.api.url)
        cls.admin.call("saas.source", "write", [cls.source_id], {"new_api_key": KEY})
        case = cls("test_the_original_goes_on")
        for name in BEFORE:
            case.post(stripe_fixtures.load("basil", name))
        case.wait_for_events(len(BEFORE))
        cls.server.stop()
        # A job of the server's sweep may have been cut off; it is not what is tested.
        cls.sql("DELETE FROM queue_job")
        events = [stripe_fixtures.load("basil", name) for name in WAITING]
        cls.run_in_shell(cls.database, _LEAVE_WORK, events=json.dumps(events))
        [cls.before] = cls.sql(_STATE)
        cls.jobs = len(cls.sql(_JOBS))
        cls.waiting = cls.before[3]

    @classmethod
    def create_source(cls):
        source_id = super().create_source()
        cls.admin.add(
            "saas.tax.mapping",
            source_id=source_id,
            external_id="txr_vat19",
            tax_id=cls.create_vat(19),
        )
        return source_id

    def setUp(self):
        super().setUp()
        self.api.calls.clear()
        self.assertEqual(self.waiting, len(WAITING), "nothing waits, nothing tested")
        self.assertEqual(self.jobs, 7)

    @classmethod
    def run_in_shell(cls, database, script, **values):
        """Give a script to an Odoo shell; return what it logged and printed."""
        values = {"source_id": cls.source_id, "crons": CRONS, **values}
        log = run_script(database, script.format(**values))
        if trouble := find_trouble(log):
            raise AssertionError(trouble)
        return log

    def assertUntouched(self, rows):
        """Check that no book, event or log row changed, and that nobody was called."""
        self.assertEqual(rows, [self.before])
        self.assertEqual(self.api.calls, [])

    # -- another server -------------------------------------------------------

    def test_restored_on_another_server(self):
        """A dump, restored into a second PostgreSQL and served with the same odoo.conf
        and a job runner: no request, no posting. Then a manager confirms.
        """
        postgres = self.enterContext(dev("faults.postgres").Postgres("copy"))
        known = {**os.environ, **dev("machine.database").connection()}
        postgres.copy_from(self.database, known)
        server = dev("machine.server").OdooServer(
            self.database, options=postgres.odoo_options
        )
        self.addCleanup(server.stop, 2)
        # Its log is the one to show.
        self.server = server.start()
        server.wait_for_job_runner()

        def sql(query):
            return postgres.execute(query, database=self.database)

        def are_held():
            jobs = sql(_JOBS)
            return all(s == "done" or has_eta for _job, s, has_eta, _result in jobs)

        self.wait_until(are_held, "holding all jobs")
        self._check_held_jobs(sql(_JOBS))
        sql(_RUN_CRONS)
        admin = Session(server, "admin", "admin")
        for model, cron in CRONS:
            [cron_id] = admin.call("ir.cron", "search", [("code", "like", cron)])
            self.assertTrue(model and cron_id)
            admin.call("ir.cron", "method_direct_trigger", [cron_id])
        self.assertUntouched(sql(_STATE))
        self.assertEqual(len(sql(_JOBS)), self.jobs)
        problem = admin.call("saas.source", "get_environment_problem")
        self.assertIn("set up as development", problem)

        admin.call("saas.source", "action_confirm_environment", [self.source_id])
        # The time that held jobs wait is over.
        sql("UPDATE queue_job SET eta = NULL WHERE state = 'pending'")
        sql("SELECT pg_notify('queue_job', '')")
        self.wait_until(lambda: sql(_STATE)[0][3] == 0 and self.api.calls, "going on")
        moves, payments = sql(_STATE)[0][:2]
        self.assertGreater(moves, self.before[0])
        self.assertGreater(payments, self.before[1])
        rows = sql(
            """SELECT actor FROM saas_sync_log
               WHERE action = 'environment_confirmed'"""
        )
        self.assertEqual(rows, [("admin",)])
        self.assertEqual(admin.call("saas.source", "get_environment_problem"), "")

    def _check_held_jobs(self, jobs):
        self.assertEqual(len(jobs), self.jobs)
        for _job, _state, _has_eta, result in jobs:
            self.assertIn("Nothing is processed, read or sent", result)
            self.assertIn("the PostgreSQL server", result)

    # -- the same server ------------------------------------------------------

    def _copy(self, suffix):
        """Copy the database as ``createdb -T`` does; return the copy's name."""
        # Made as other tests' are, to be gone in the end: this way of copying declares
        # it a database of its own. So it is made anew without that.
        name = create_database(type(self), self.database, suffix)
        self.assertEqual(self._sql(name, "SELECT * FROM saas_environment"), [])
        database = dev("machine.database")
        database.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        database.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.database}"')
        return name

    def _sql(self, name, query):
        return dev("machine.database").execute(query, database=name)

    def test_copied_on_the_same_server(self):
        """It has the same UUID, cluster and environment, and is another database."""
        name = self._copy("_t")
        log = self.run_in_shell(name, _TRY)
        for said in ("SAID", "SHOWN"):
            self.assertIn(f"{said} This database was set up as development", log)
        self.assertIn("copied or restored", log)
        self.assertUntouched(self._sql(name, _STATE))
        self.run_in_shell(name, _CONFIRM + _TRY)
        self.assertEqual(self._sql(name, _STATE)[0][3], 0)

    def test_neutralized(self):
        """Odoo's own command leaves no key, secret or job, and a mark that blocks."""
        name = self._copy("_n")
        self._sql(
            name,
            """INSERT INTO saas_metrics_token (name, company_id, scope, digest)
               SELECT 'site', id, 'figures', 'hash' FROM res_company LIMIT 1""",
        )
        dev("machine.odoo_command").run(
            name, subcommand="neutralize", log=f"{name}-neutralize"
        )
        rows = self._sql(
            name,
            """SELECT state, (SELECT count(*) FROM saas_vault),
                      (SELECT count(*) FROM saas_source_secret),
                      (SELECT count(*) FROM saas_metrics_token),
                      (SELECT count(*) FROM queue_job WHERE model_name LIKE 'saas.%%'),
                      (SELECT count(*) FROM saas_pull_run WHERE state = 'running'),
                      (SELECT count(*) FROM saas_reconciliation
                       WHERE state = 'running')
               FROM saas_source""",
        )
        self.assertEqual(rows, [("paused", 0, 0, 0, 0, 0, 0)])
        # Activated by somebody, it is still held back.
        self._sql(name, "UPDATE saas_source SET state = 'active'")
        log = self.run_in_shell(name, _TRY)
        for said in ("SAID", "SHOWN"):
            self.assertIn(f"{said} This database was neutralized", log)
        self.assertEqual(self._sql(name, _JOBS), [])
        self.assertUntouched(self._sql(name, _STATE))

    def test_neutralized_with_a_vault(self):
        """Secrets that lie in a table of their own go as well, and a database of an
        older version, which has no table of environments, is neutralized too.
        """
        name = self._copy("_v")
        self._sql(
            name,
            """CREATE TABLE IF NOT EXISTS saas_vault (
                   owner text, sealed text, hint text);
               INSERT INTO saas_vault (owner, sealed) VALUES ('somebody', 'p:secret');
               DROP TABLE saas_environment""",
        )
        dev("machine.odoo_command").run(
            name, subcommand="neutralize", log=f"{name}-neutralize"
        )
        self.assertEqual(self._sql(name, "SELECT * FROM saas_vault"), [])
        rows = self._sql(name, "SELECT state FROM saas_source")
        self.assertEqual(rows, [("paused",)])

    def test_the_original_goes_on(self):
        """What was copied is where it was, and is not held back."""
        log = self.run_in_shell(
            self.database,
            """print("CONFIRMED", env["saas.environment"]._is_confirmed())""",
        )
        self.assertIn("CONFIRMED True", log)
