"""A finance reviewer takes away what a tenant may use, and gives it back:
models/customers/tenant_entitlement, wizards/customers/saas_tenant_suspend.
"""

from psycopg2.errors import NotNullViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..subscriptions.entitling import EntitlementCommon
from ..support.session import create_person


@tagged("post_install", "-at_install")
class TestSuspension(EntitlementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviewer = create_person(cls, "suspender", "reviewer")

    def suspend(self, note="No answer to three letters.", tenant=None, lift=False):
        """Answer the dialog as a finance reviewer does."""
        tenant = (tenant or self.tenant).with_user(self.reviewer)
        action = tenant.action_lift_suspension() if lift else tenant.action_suspend()
        dialog = self.env[action["res_model"]].with_user(self.reviewer)
        dialog = dialog.with_context(**action["context"]).create({"note": note})
        return dialog.action_apply()

    def test_a_suspended_tenant_has_nothing(self):
        self.listen()
        self.tell(self.use())
        self.suspend()
        self.assertEqual(self.uses, ())
        self.assertTrue(self.told[-1]["state"]["is_suspended"])
        self.assertEqual(self.find().state, "active")
        row = self.env["saas.sync.log"].search([("action", "=", "tenant_suspended")])
        self.assertEqual(
            (row.actor, row.detail),
            (self.reviewer.login, "No answer to three letters."),
        )
        self.tell(self.use("S-2", "extra"))
        self.assertEqual(self.entitlement.number, 2)
        self.suspend("They paid.", lift=True)
        self.assertEqual(self.uses, ("sso", "projects=25"))
        self.assertNumbersRise()

    def test_suspended_twice(self):
        self.suspend()
        with self.assertRaises(UserError):
            self.suspend("Again")

    def test_a_reason_is_asked_for(self):
        for blank in ("", "  "):
            with self.assertRaises(UserError):
                self.suspend(blank)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(NotNullViolation),
            self.env.cr.savepoint(),
        ):
            self.suspend(False)
        self.assertFalse(self.tenant.is_suspended)

    def test_who_may_suspend(self):
        for role in ("user", "operator", "manager", "auditor", "privacy"):
            person = create_person(self, f"suspending_{role}", role)
            tenant = self.tenant.with_user(person)
            with self.subTest(role):
                self.assertRaises(AccessError, tenant.action_suspend)
                self.assertRaises(AccessError, tenant.action_lift_suspension)
                with self.assertRaises(AccessError):
                    tenant.is_suspended = True
                with self.assertRaises(AccessError):
                    self.env["saas.tenant.suspend"].with_user(person).create(
                        {"tenant_id": tenant.id, "note": "x", "is_suspended": True}
                    )

    def test_what_people_read(self):
        self.tell(self.use(), self.use("S-2", "open"))
        self.assertEqual(
            self.tenant.may_use.split("\n"),
            ["audit", "sso", "projects without a limit"],
        )
        self.suspend()
        self.env.invalidate_all()
        self.assertEqual(self.tenant.may_use, "Nothing: the tenant is suspended.")

    def test_merged_with_a_suspended_one(self):
        self.meet("C-3", "Third")
        suspended = self.env["saas.tenant"]._find(self.source, ["C-3"])["C-3"]
        self.suspend(tenant=suspended)
        self.merge("C-3", "C-1")
        self.assertTrue(self.tenant.is_suspended)
        self.assertEqual(self.uses, ())
