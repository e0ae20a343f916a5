"""Only the owner of a kind of event causes bookings, and one page says who that is."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ...canonical.border.ownership import OWNED_KINDS
from ..customers.ownership_common import OwnershipCommon


@tagged("post_install", "-at_install")
class TestOwnedEvents(OwnershipCommon):
    """Only the owner of a kind of event causes bookings."""

    def test_a_fact_of_another_books_nothing(self):
        self.own(self.gateway, "payment")
        self.tell(self.platform, self.customer(), self.invoice())
        event = self.tell(self.platform, self.payment())
        self.assertState(event, "ignored", "not_owner")
        self.assertFalse(self.env["account.payment"].search([]))
        self.assertIn("a rule under Ownership", event.detail)
        self.assertIn("100.00 USD", event.figures_html)
        row = self.env["saas.sync.log"].search(
            [("event_id", "=", event.id), ("action", "=", "event_ignored")]
        )
        self.assertIn("are owned by Gateway", row.detail)
        self.assertWhole()

    def test_it_can_be_accepted_once(self):
        rule = self.own(self.gateway, "payment")
        self.tell(self.platform, self.customer(), self.invoice())
        event = self.tell(self.platform, self.payment(invoices=("I-1",)))
        self.accept_once(event)
        self.drain()
        self.assertState(event, "done")
        self.assertEqual(
            self.books(),
            "2026-11-05 entry\n    AR -100.00\n    SC +100.00 open +100.00\n"
            "2026-11-05 out_invoice paid\n    AR +100.00\n    REV -100.00".replace(
                " open +100.00", ""
            ),
        )
        self.assertEqual(rule.rule, "owner")
        again = self.tell(self.platform, self.payment("P-2"))
        self.assertState(again, "ignored", "not_owner")

    def test_changing_the_rule_and_retrying_books_it(self):
        rule = self.own(self.gateway, "payment")
        self.tell(self.platform, self.customer())
        event = self.tell(self.platform, self.payment())
        rule.unlink()
        event.action_retry()
        self.drain()
        self.assertState(event, "done")

    def test_gateways_own_money_by_default(self):
        """Who neither holds money nor is set up to do so causes no payments."""
        self.platform.clearing_journal_id = False
        adapter = self.env.registry["saas.adapter.stripe"]
        rules = self.env["saas.ownership"]._read_rules(self.company)
        self.assertTrue(rules.is_plain)
        self.addCleanup(setattr, adapter, "_capabilities", adapter._capabilities)
        adapter._capabilities = frozenset({"receives", "issues_documents"})
        rules = self.env["saas.ownership"]._read_rules(self.company)
        for kind, is_owner in (("payment", False), ("invoice", True), ("usage", True)):
            verdict = rules.find(self.platform.id, kind)
            self.assertEqual(verdict.is_owner, is_owner, kind)
        self.assertTrue(rules.find(self.gateway.id, "payment").is_owner)


@tagged("post_install", "-at_install")
class TestOwnershipPage(OwnershipCommon):
    """One page shows who owns what, with the defaults, and changes it."""

    def test_every_kind_is_shown_and_a_change_makes_a_rule(self):
        rules = self.env["saas.ownership"].with_user(self.manager)
        rules = rules.with_company(self.company)
        action = rules.action_open_page()
        self.assertEqual(action["res_model"], "saas.ownership")
        rows = rules.search([("company_id", "=", self.company.id)])
        self.assertEqual(rows.mapped("kind"), [kind.value for kind in OWNED_KINDS])
        self.assertTrue(all(row.is_default and row.effect for row in rows))
        self.assertTrue(self.env["saas.ownership"]._read_rules(self.company).is_plain)
        row = rows.filtered(lambda row: row.kind == "payment")
        row.source_id = self.gateway
        self.assertFalse(row.is_default)
        self.assertEqual(row.effect, "Gateway")
        verdict = rules._read_rules(self.company).find(self.platform.id, "payment")
        self.assertFalse(verdict.is_owner)
        rules.action_open_page()
        self.assertEqual(rules.search_count([("kind", "=", "payment")]), 1)
        logged = self.env["saas.sync.log"].search(
            [("res_model", "=", "saas.ownership"), ("res_id", "=", row.id)]
        )
        self.assertEqual(logged.source_id, self.gateway)

    def test_only_managers_change_it(self):
        rule = self.own(self.gateway, "payment")
        for user in (self.reviewer, self.operator):
            own = rule.with_user(user)
            self.assertEqual(own.rule, "owner")
            own.action_open_page()
            with self.assertRaises(AccessError):
                own.rule = "ignored"

    def test_rules_that_mean_nothing_are_refused(self):
        with self.assertRaises(ValidationError):
            self.own(self.gateway, "payment", "email")
        with self.assertRaises(ValidationError):
            self.own(None, "payment", rule="ignored")
