"""A database knows the environment it was set up for, and holds back in any other."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..support import stripe_fixtures
from ..support.session import create_person
from .environment_common import EnvironmentCommon


@tagged("post_install", "-at_install")
class TestEnvironment(EnvironmentCommon):
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
        record = self.record()
        for part in ("name", "database_uuid", "cluster", "origin"):
            with self.subTest(part), self.env.cr.savepoint() as savepoint:
                self.change(**{part: "another"})
                self.assertFalse(self.environment._is_confirmed())
                self.assertIn("What differs", self.environment._describe_problem())
                savepoint.rollback()
                record.invalidate_recordset()
        self.assertTrue(self.environment._is_confirmed())

    def test_what_was_never_read_is_not_compared(self):
        """Of the cluster alone: any other part is always known."""
        self.change(cluster="")
        self.assertTrue(self.environment._is_confirmed())
        self.change(name="")
        self.assertFalse(self.environment._is_confirmed())

    def test_a_cluster_that_may_not_be_read(self):
        """It is no trouble for the transaction, and what else is known is enough."""
        self.record()
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
        self.record()
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
        self.move_to("staging")
        self.environment._record_after_upgrade()
        self.assertEqual(self.environment.search([]).name, "production")

    # -- who confirms ---------------------------------------------------------

    def _create_user(self, role):
        return create_person(self, f"environment_{role}", role)

    def test_only_a_manager_confirms(self):
        event = self.store(stripe_fixtures.load("basil", "customer.created"))
        self.record()
        self.move_to("staging")
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
        self.record()
        self.move_to("staging")
        manager = self._create_user("manager")
        self.source.with_user(manager).action_confirm_environment()
        logs = self.env["saas.sync.log"].search(
            [("action", "=", "environment_confirmed")]
        )
        self.assertEqual(logs.source_id & other, other)
        self.assertEqual(len(logs), self.env["saas.source"].search_count([]))

    def test_nobody_writes_what_was_recorded(self):
        record = self.record()
        manager = self._create_user("manager")
        self.assertEqual(record.with_user(manager).name, "production")
        with self.assertRaises(AccessError):
            record.with_user(manager).name = "staging"
        with self.assertRaises(AccessError):
            record.with_user(manager).unlink()
        with self.assertRaises(AccessError):
            self.environment.with_user(manager).create({"state": "confirmed"})
