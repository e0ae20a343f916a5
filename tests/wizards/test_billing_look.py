"""Before anything is billed, people see what would be, with its journal entries.

Covers billing/preview and wizards/billing.
"""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..billing.common import BillingCommon, at


@tagged("post_install", "-at_install")
class TestBillingLook(BillingCommon):
    """The dialog *What Is Due*."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada = cls.create_tenant("Ada Analytics")
        cls.bob = cls.create_tenant("Bob Robotics")
        for tenant in (cls.ada, cls.bob):
            cls.subscribe(tenant, cls.pro, at(2026, 4, 1), seats=2)
        cls.finance = new_test_user(
            cls.env,
            "finance_look",
            groups="saas_billing_sync.group_saas_reviewer",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def look(self, method, record, user=None):
        """Open the dialog as a user; return its page."""
        look = self.env["saas.billing.look"].with_user(user or self.finance)
        look = look.with_context(allowed_company_ids=self.company.ids).sudo(False)
        with self.enter_registry_test_mode():
            action = getattr(look, method)(record.id)
            return str(look.browse(action["res_id"]).page)

    def test_a_run(self):
        """A run's page has each tenant with its lines, what all come to, and the
        journal entries; nothing is left of them.
        """
        run = self.env["saas.billing.run"].create(
            {"cutoff": "2026-04-01", "invoice_date": "2026-04-01"}
        )
        page = self.look("action_open_run", run)
        for text in ("Ada Analytics", "Bob Robotics", "100.00", "Base, 04/01/2026"):
            self.assertIn(text, page)
        self.assertIn("Journal entries", page)
        self.assertIn("59.50", page)
        self.assertFalse(self.get_moves(self.ada))
        self.assertFalse(self.env["saas.charge"].search([]))

    def test_a_tenant(self):
        """A tenant's page has what is due next, and nobody else's."""
        self.bill(at(2026, 4, 1))
        self.env.invalidate_all()
        page = self.look("action_open_tenant", self.ada)
        self.assertIn("Base, 05/01/2026", page)
        self.assertNotIn("Bob Robotics", page)
        self.assertEqual(len(self.get_moves(self.ada)), 1)

    def test_what_is_missing(self):
        """Who can't be billed is shown with why."""
        self.product.taxes_id = self.vat_19.copy(
            {"price_include_override": "tax_included"}
        )
        page = self.look("action_open_tenant", self.ada)
        self.assertIn("is included in the price", page)

    def test_roles(self):
        """Who may not see books opens no such page."""
        operator = new_test_user(
            self.env,
            "operator_look",
            groups="saas_billing_sync.group_saas_operator",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.look("action_open_tenant", self.ada, operator)
