"""The log is the proof: nobody can change it, and a change would show."""

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support import stripe_fixtures
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestSyncLog(SaasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("saas_billing_sync.group_saas_operator")
        cls.logs = cls.env["saas.sync.log"].sudo()

    def setUp(self):
        super().setUp()
        self.event = self.deliver(
            stripe_fixtures.load("basil", "customer.created"),
            stripe_fixtures.load("basil", "invoice.finalized"),
        )
        self.rows = self.logs.search([("source_id", "=", self.source.id)], order="id")

    def test_every_change_of_state_and_record_has_a_row(self):
        self.assertEqual(
            self.rows.mapped("action"),
            [
                "tenant_created",
                "tenant_updated",
                "invoice_posted",
                "event_done",
                "event_done",
            ],
        )
        self.assertEqual(set(self.rows.mapped("actor")), {"pipeline"})
        posted = self.rows[2]
        move = self.env[posted.res_model].browse(posted.res_id)
        self.assertEqual((posted.event_id, move.state), (self.event[1], "posted"))

    def test_a_person_is_named(self):
        self.event[0].action_replay()
        last = self.logs.search([("source_id", "=", self.source.id)], limit=1)
        self.assertEqual(last.actor, self.env.user.login)

    def test_orm_refuses(self):
        with self.assertRaises(UserError):
            self.rows[0].write({"detail": "something else"})
        with self.assertRaises(UserError):
            self.rows[0].unlink()

    def test_database_refuses(self):
        table = "saas_sync_log"
        for statement in (
            f"UPDATE {table} SET detail = 'x'",
            f"UPDATE {table} SET detail = 'x' WHERE id = 0",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        ):
            with (
                self.subTest(statement=statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def _tamper(self, statement, *params):
        """Do what the owner of the database could: switch the trigger off first."""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE saas_sync_log DISABLE TRIGGER USER")
        self.env.cr.execute(statement, params)
        self.env.cr.execute("ALTER TABLE saas_sync_log ENABLE TRIGGER USER")
        self.env.invalidate_all()
        return self.logs._verify_chain(self.source)

    def test_chain_is_whole(self):
        self.assertEqual(self.logs._verify_chain(self.source), 0)

    def test_chain_shows_a_changed_row(self):
        found = self._tamper(
            "UPDATE saas_sync_log SET detail = 'x' WHERE id = %s", self.rows[2].id
        )
        self.assertEqual(found, 3)

    def test_chain_shows_a_removed_row(self):
        found = self._tamper("DELETE FROM saas_sync_log WHERE id = %s", self.rows[1].id)
        self.assertEqual(found, 2)

    def test_chain_shows_a_cut_end(self):
        found = self._tamper(
            "DELETE FROM saas_sync_log WHERE id = %s", self.rows[-1].id
        )
        self.assertEqual(found, len(self.rows))

    def test_chain_shows_rows_that_changed_places(self):
        first, second = self.rows[0], self.rows[1]
        found = self._tamper(
            """UPDATE saas_sync_log SET sequence = -sequence WHERE id IN (%s, %s);
               UPDATE saas_sync_log SET sequence = 3 + sequence
               WHERE id IN (%s, %s)""",
            *(first | second).ids * 2,
        )
        self.assertEqual(found, 1)
