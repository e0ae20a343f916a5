"""What own documents and recognition give tenants' analytic accounts, and the report
by tenant, plan and month, against numbers made by hand.

Covers revenue/posting.
"""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...billing.common import at
from ..common import RevenueCommon
from .profit_common import ProfitMixin


@tagged("post_install", "-at_install")
class TestProfit(RevenueCommon, ProfitMixin):
    """A company that defers revenue, and tells tenants apart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tell_apart()
        cls.annual = cls.create_plan(
            "annual", base={"unit_price": "1200", "cadence": "yearly"}
        )
        cls.ada, cls.bob = cls.create_tenant("Ada"), cls.create_tenant("Bob")

    def test_two_plans_in_two_currencies(self):
        """Ada has 2 seats of pro, 30 + 20 a month; Bob has max for 60 EUR, which are
        75.00. Both months are billed on 1 April, each service within its month.
        """
        self.subscribe(self.ada, self.pro, at(2026, 3, 1), seats=2)
        self.subscribe(self.bob, self.max, at(2026, 3, 1), currency="EUR")
        self.bill(at(2026, 4, 1))
        self.assertEqual(
            self.read_report("month", "tenant_id", "plan_id"),
            [
                ("2026-04", "Ada", "Pro", {"revenue": "100.00", "margin": "100.00"}),
                ("2026-04", "Bob", "Max", {"revenue": "150.00", "margin": "150.00"}),
            ],
        )
        self.assertTies()

    def test_what_is_deferred_counts_when_it_is_earned(self):
        """1200 a year by the day from 1 January: 101.92 and 92.05."""
        self.subscribe(self.ada, self.annual, at(2026, 1, 1))
        self.bill(at(2026, 1, 1))
        self.assertEqual(self.read_lines(), [])
        self.recognize(2026, 1)
        self.recognize(2026, 2)
        self.assertEqual(
            self.read_lines(self.ada), ["01-31 REV +101.92", "02-28 REV +92.05"]
        )
        self.assertEqual(
            self.read_report("month", "tenant_id", "plan_id"),
            [
                (month, "Ada", "Annual", {"revenue": amount, "margin": amount})
                for month, amount in (("2026-01", "101.92"), ("2026-02", "92.05"))
            ],
        )
        self.assertTies()

    def test_each_tenant_has_its_own_part_of_an_entry(self):
        for tenant in (self.ada, self.bob):
            self.subscribe(tenant, self.annual, at(2026, 1, 1))
        self.bill(at(2026, 1, 1))
        run = self.recognize(2026, 1)
        [move] = run.move_ids
        self.assertEqual(
            self.journal_items(move),
            ["REV -101.92", "REV -101.92", "DEF +101.92", "DEF +101.92"],
        )
        self.assertEqual(self.read_lines(self.bob), ["01-31 REV +101.92"])
        self.assertTies()

    def test_what_was_deferred_before_counts_when_it_is_earned(self):
        self.company.profit_from = "2026-02-01"
        self.subscribe(self.ada, self.annual, at(2026, 1, 1))
        self.bill(at(2026, 1, 1))
        self.recognize(2026, 1)
        self.assertEqual(self.read_lines(), [])
        self.recognize(2026, 2)
        self.assertEqual(self.read_lines(), ["02-28 REV +92.05"])

    def test_a_rule_gives_the_rest(self):
        """Odoo's own rule distributes to another plan; the tenant has all of it, too.
        Its rule for tenants' accounts is not asked.
        """
        plan = self.env["account.analytic.plan"].create({"name": "Products"})
        other = self.env["account.analytic.account"].create(
            {"name": "Product", "plan_id": plan.id, "company_id": self.company.id}
        )
        for account, percent in ((other, 60), (self.bob.analytic_account_id, 100)):
            self.env["account.analytic.distribution.model"].create(
                {
                    "product_id": self.product.id,
                    "company_id": self.company.id,
                    "analytic_distribution": {str(account.id): percent},
                }
            )
        self.subscribe(self.ada, self.max, at(2026, 3, 1))
        self.subscribe(self.ada, self.annual, at(2026, 3, 1))
        self.bill(at(2026, 3, 1))
        self.recognize(2026, 3)
        lines = self.env["account.analytic.line"].search([], order="id")
        column = plan._column_name()
        self.assertEqual(
            [f"{line.amount:.2f}" for line in lines if line[column]],
            ["36.00", "61.15"],
        )
        self.assertEqual(self.read_lines(), ["03-01 REV +60.00", "03-31 REV +101.92"])
        self.assertEqual(self.read_lines(self.bob), [])

    def test_a_credit_note_by_hand(self):
        self.subscribe(self.ada, self.max, at(2026, 3, 1))
        self.bill(at(2026, 3, 1))
        [move] = self.get_moves(self.ada)
        reversal = move._reverse_moves(
            [{"date": "2026-03-20", "invoice_date": "2026-03-20"}]
        )
        reversal.invoice_line_ids.price_unit = 15
        reversal.action_post()
        self.assertEqual(
            self.read_report("month", "plan_id"),
            [
                ("2026-03", "", {"refunds": "-15.00", "margin": "-15.00"}),
                ("2026-03", "Max", {"revenue": "60.00", "margin": "60.00"}),
            ][::-1],
        )

    def test_costs_that_a_person_assigns(self):
        """A bill of 100.00, of which Ada has 30 % and Bob 70 %."""
        expense = self.company_data["default_account_expense"]
        share = {
            str(self.ada.analytic_account_id.id): 30,
            str(self.bob.analytic_account_id.id): 70,
        }
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner_a.id,
                "invoice_date": "2026-03-05",
                "date": "2026-03-05",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Support",
                            "account_id": expense.id,
                            "quantity": 1,
                            "price_unit": 100,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": share,
                        }
                    )
                ],
            }
        )
        self.assertEqual(self.read_report("tenant_id"), [])
        bill.action_post()
        self.assertEqual(
            self.read_report("tenant_id"),
            [
                ("Ada", {"assigned": "-30.00", "margin": "-30.00"}),
                ("Bob", {"assigned": "-70.00", "margin": "-70.00"}),
            ],
        )
        row = self.env["saas.profit.month"].search([("tenant_id", "=", self.bob.id)])
        lines = self.env["account.analytic.line"].search(
            row.action_view_lines()["domain"]
        )
        self.assertEqual(lines.mapped("amount"), [-70])
        bill.button_draft()
        self.assertEqual(self.read_report("tenant_id"), [])

    def test_a_tenant_that_was_merged(self):
        """What it brought in is the other's."""
        self.subscribe(self.ada, self.max, at(2026, 3, 1))
        self.subscribe(self.bob, self.max, at(2026, 3, 1))
        self.bill(at(2026, 3, 1))
        self.bob.merged_into_id = self.ada
        self.assertEqual(
            self.read_report("tenant_id"),
            [("Ada", {"revenue": "120.00", "margin": "120.00"})],
        )
        action = self.ada.action_view_profit()
        months = self.env["saas.profit.month"].search(action["domain"])
        lines = months.action_view_lines()["domain"]
        self.assertEqual(self.env["account.analytic.line"].search_count(lines), 2)

    # -- who sees it ---------------------------------------------------------------

    def test_finance_and_auditors_see_their_companies(self):
        self.subscribe(self.ada, self.max, at(2026, 3, 1))
        self.bill(at(2026, 3, 1))
        self.env.flush_all()
        other = self.setup_other_company()["company"]
        for role, company, seen in (
            ("reviewer", self.company, 1),
            ("auditor", self.company, 1),
            ("reviewer", other, 0),
            ("operator", self.company, None),
            ("manager", self.company, None),
        ):
            with self.subTest(role=role, company=company.name):
                user = new_test_user(
                    self.env,
                    f"{role}_{company.id}",
                    groups=f"saas_billing_sync.group_saas_{role}",
                    company_id=company.id,
                    company_ids=[Command.set(company.ids)],
                )
                months = self.env["saas.profit.month"].with_user(user).sudo(False)
                months = months.with_context(allowed_company_ids=company.ids)
                if seen is None:
                    with self.assertRaises(AccessError):
                        months.search([])
                    continue
                rows = months.search([])
                self.assertEqual(len(rows), seen)
                if rows:
                    rows.action_view_lines()
                    self.assertEqual(rows.margin, 60)
