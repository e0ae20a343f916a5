"""A database knows the environment it was set up for, and holds back in any other."""

import inspect
import logging
import os
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.queue_job.exception import RetryableJobError

from ..canonical.errors import Transient
from ..models.environment import _logger
from . import stripe_fixtures
from .pulling import PullCommon

_VARIABLE = "SAAS_BILLING_SYNC_ENVIRONMENT"


@tagged("post_install", "-at_install")
class TestEnvironment(PullCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.environment = cls.env["saas.environment"]
        cls.startClassPatcher(patch.dict(os.environ, {_VARIABLE: "production"}))
        cls.environment.search([]).unlink()
        cls.environment.flush_model()

    def _record(self):
        """Let the database be used for the first time; return what it recorded."""
        self.assertTrue(self.environment._is_confirmed())
        return self.environment.search([]).ensure_one()

    def _change(self, **values):
        """Let what was recorded differ from what is there."""
        self._record().write(values)
        self.environment.flush_model()

    def _move_to(self, name):
        """Let the database run under another name."""
        self.enterContext(patch.dict(os.environ, {_VARIABLE: name}))

    # -- what is recorded, and what differs -----------------------------------

    def test_the_first_use_records(self):
        """Nothing is recorded before it, and it records all that can be known."""
        self.assertFalse(self.environment._describe_problem())
        self.assertFalse(self.environment.search([]), "a screen must write nothing")
        self.deliver()
        recorded = self.environment.search([]).ensure_one()
        self.assertEqual(recorded.name, "production")
        self.assertEqual(recorded.database, self.env.cr.dbname)
        uuid = self.env["ir.config_parameter"].get_param("database.uuid")
        self.assertEqual(recorded.database_uuid, uuid)
        self.env.cr.execute("SELECT system_identifier::text FROM pg_control_system()")
        self.assertEqual(recorded.cluster, self.env.cr.fetchone()[0])
        self.assertTrue(self.environment._is_confirmed())
        self.assertFalse(self.environment._describe_problem())

    def test_each_part_tells_a_copy(self):
        record = self._record()
        for part in ("name", "database_uuid", "cluster", "origin"):
            with self.subTest(part), self.env.cr.savepoint() as savepoint:
                self._change(**{part: "another"})
                self.assertFalse(self.environment._is_confirmed())
                self.assertIn("What differs", self.environment._describe_problem())
                savepoint.rollback()
                record.invalidate_recordset()
        self.assertTrue(self.environment._is_confirmed())

    def test_what_was_never_read_is_not_compared(self):
        """Of the cluster alone: any other part is always known."""
        self._change(cluster="")
        self.assertTrue(self.environment._is_confirmed())
        self._change(name="")
        self.assertFalse(self.environment._is_confirmed())

    def test_a_cluster_that_may_not_be_read(self):
        """It is no trouble for the transaction, and what else is known is enough."""
        self._record()
        self.env.cr.execute(
            """CREATE ROLE saas_test_environment;
               GRANT SELECT ON saas_environment, ir_config_parameter
                  TO saas_test_environment;
               REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC;
               SET LOCAL ROLE saas_test_environment"""
        )
        self.addCleanup(self.registry.clear_cache)
        self.registry.clear_cache()
        self.assertEqual(self.environment._read_cluster(), "")
        self.assertTrue(self.environment._is_confirmed())
        self.env.cr.execute("RESET ROLE")

    def test_one_query(self):
        """What a drain pays for the question."""
        self._record()
        self.environment._is_confirmed()
        with self.assertQueryCount(1):
            self.environment._is_confirmed()

    def test_a_neutralized_database_records_nothing(self):
        """It was neutralized by an older version, whose file knew no environment."""
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        self.assertFalse(self.environment._is_confirmed())
        self.environment._record_after_upgrade()
        self.assertFalse(self.environment.search([]))
        self.assertIn("neutralized", self.environment._describe_problem())
        self.source.action_confirm_environment()
        self.assertTrue(self.environment._is_confirmed())

    def test_an_upgrade_records_once(self):
        self.environment._record_after_upgrade()
        self.assertEqual(self.environment.search([]).name, "production")
        self._move_to("staging")
        self.environment._record_after_upgrade()
        self.assertEqual(self.environment.search([]).name, "production")

    # -- what is held back ----------------------------------------------------

    def _list_methods(self, prefix):
        """Yield the names of all our models' methods that begin so: not of those that
        every model has, such as queue_job's own.
        """
        everywhere = set(dir(type(self.env["base"])))
        found = 0
        for model in sorted(self.env.registry):
            if not model.startswith("saas."):
                continue
            for name in dir(type(self.env[model])):
                if name.startswith(prefix) and name not in everywhere:
                    found += 1
                    yield model, name
        self.assertGreater(found, 3, "nothing found, nothing tested")

    def _make_record(self, model):
        if model == "saas.source":
            return self.source
        vals = {"source_id": self.source.id}
        if model == "saas.pull.run":
            return self.env[model].create({**vals, "kind": "recovery"})
        if model == "saas.reconciliation":
            days = dict.fromkeys(("date_from", "date_to"), "2026-11-01")
            return self.env[model].create({**vals, **days, "state": "running"})
        return self.env[model]

    def test_every_cron_is_held(self):
        """One that is added without asking fails here."""
        event = self.store(stripe_fixtures.load("basil", "customer.created"))
        self._record()
        self._move_to("staging")
        jobs = self.env["queue.job"].search_count([])
        for model, name in self._list_methods("_cron_"):
            with self.subTest(model=model, name=name):
                # By number: Odoo gives the name to a level of its own as well.
                with self.assertLogs(_logger, logging.INFO) as logs:
                    getattr(self.env[model], name)()
                self.assertIn("held back", logs.output[0])
        self.assertEqual(self.env["queue.job"].search_count([]), jobs)
        self.assertState(event, "received")
        self.assertEqual(self.api.calls, [])

    def test_every_job_is_held(self):
        """A drain ends with a sentence, for the sweep makes another one. All others
        wait, and are not lost.
        """
        self._record()
        self._move_to("staging")
        for model, name in self._list_methods("_job_"):
            with self.subTest(model=model, name=name):
                job = getattr(self._make_record(model), name)
                needed = [
                    parameter
                    for parameter in inspect.signature(job).parameters.values()
                    if parameter.default is parameter.empty
                ]
                arguments = ["x"] * len(needed)
                if name == "_job_drain":
                    self.assertIn("manager confirms", job(*arguments))
                    continue
                with self.assertRaisesRegex(
                    RetryableJobError, "manager confirms"
                ) as caught:
                    job(*arguments)
                self.assertTrue(caught.exception.ignore_retry)
        self.assertEqual(self.api.calls, [])

    def test_no_call_gets_a_key(self):
        """Whatever asks: the narrowest door is the key."""
        self._record()
        self._move_to("staging")
        adapter = self.source._get_adapter()
        for call in (
            lambda: self.source._get_api_key(),
            lambda: adapter._fetch(self.source, "invoice", "in_1"),
            lambda: adapter._fetch_listed(self.source, "invoice", "in_1"),
            lambda: list(adapter._read_pages(self.source, "/v1/events")),
        ):
            with self.assertRaisesRegex(Transient, "manager confirms"):
                call()
        self.assertTrue(self.source._has_api_key(), "its page shows that there is one")
        self.assertEqual(self.api.calls, [])

    def test_people_are_told(self):
        """Who asks for what a copy must not do hears why."""
        self._record()
        self._move_to("staging")
        for ask in (
            self.source.action_process_now,
            lambda: self.source._start_reading("recovery", "2026-11-01"),
            lambda: self.env["saas.reconciliation"]._start(
                self.source, "2026-11-01", "2026-11-30"
            ),
        ):
            with self.assertRaisesRegex(UserError, "set up as production"):
                ask()
        self.assertIn("runs as staging", self.source.environment_problem)
        self.assertEqual(
            self.source.get_environment_problem(), self.source.environment_problem
        )

    def test_the_inbox_stays_open(self):
        """What a copy is sent is stored, and waits."""
        self._record()
        self._move_to("staging")
        before = self.books()
        event = self.store(stripe_fixtures.load("basil", "customer.created"))
        self.source._job_drain()
        self.assertState(event, "received")
        self.assertEqual(self.books(), before)
        self.assertFalse(event.log_ids)

    # -- who confirms ---------------------------------------------------------

    def _create_user(self, role):
        return new_test_user(
            self.env,
            f"environment_{role}",
            groups=f"saas_billing_sync.group_saas_{role}",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_only_a_manager_confirms(self):
        event = self.store(stripe_fixtures.load("basil", "customer.created"))
        self._record()
        self._move_to("staging")
        for role in ("operator", "reviewer", "approver"):
            source = self.source.with_user(self._create_user(role))
            self.assertIn("manager confirms", source.environment_problem)
            with self.assertRaises(AccessError):
                source.action_confirm_environment()
        with self.assertRaises(AccessError):
            self.source.with_user(
                new_test_user(self.env, "environment_plain", groups="base.group_user")
            ).get_environment_problem()
        manager = self._create_user("manager")
        self.source.with_user(manager).action_confirm_environment()
        log = self.env["saas.sync.log"].search(
            [
                ("action", "=", "environment_confirmed"),
                ("source_id", "=", self.source.id),
            ]
        )
        self.assertEqual(log.actor, manager.login)
        self.assertIn("staging", log.detail)
        self.assertIn("production", log.detail)
        self.assertEqual(self.environment.search([]).name, "staging")
        self.assertTrue(
            self.env["queue.job"].search(
                [("identity_key", "=", self.source._get_drain_key())]
            )
        )
        self.drain()
        self.assertState(event, "done")
        self.assertWhole()
        with self.assertRaisesRegex(UserError, "confirmed already"):
            self.source.with_user(manager).action_confirm_environment()

    def test_each_source_gets_a_row(self):
        """Of another company as well: a database is one."""
        company = self.env["res.company"].create({"name": "Other"})
        other = self.env["saas.source"].create(
            {"name": "Other", "company_id": company.id}
        )
        self._record()
        self._move_to("staging")
        manager = self._create_user("manager")
        self.source.with_user(manager).action_confirm_environment()
        logs = self.env["saas.sync.log"].search(
            [("action", "=", "environment_confirmed")]
        )
        self.assertEqual(logs.source_id & other, other)
        self.assertEqual(len(logs), self.env["saas.source"].search_count([]))

    def test_nobody_writes_what_was_recorded(self):
        record = self._record()
        manager = self._create_user("manager")
        self.assertEqual(record.with_user(manager).name, "production")
        with self.assertRaises(AccessError):
            record.with_user(manager).name = "staging"
        with self.assertRaises(AccessError):
            record.with_user(manager).unlink()
        with self.assertRaises(AccessError):
            self.environment.with_user(manager).create({"state": "confirmed"})
