"""Cost runs: what the preview shows, who may begin one, and what can't be spread.

Covers ledger/revenue/spread.
"""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .costs_common import CostsCommon


@tagged("post_install", "-at_install")
class TestCostRuns(CostsCommon):
    """One run at a time, by finance alone."""

    def test_nobody_to_have_it(self):
        self.allocate()
        self.spend(90)
        run = self.env["saas.profit.run"].create(
            {"company_id": self.company.id, "month": "2026-03-01"}
        )
        with self.assertRaisesRegex(UserError, "Hosting, March 2026"):
            run.action_start()
        look = self.env["saas.profit.look"].action_open_run(run.id)
        shown = self.env["saas.profit.look"].browse(look["res_id"]).preview
        self.assertIn("Hosting, March 2026", shown)

    def test_the_preview_keeps_nothing(self):
        self._earn()
        self.allocate()
        self.spend(100)
        run = self.env["saas.profit.run"].create(
            {"company_id": self.company.id, "month": "2026-03-01"}
        )
        before = self.env["account.analytic.line"].search_count([])
        look = self.env["saas.profit.look"].action_open_run(run.id)
        shown = self.env["saas.profit.look"].browse(look["res_id"]).preview
        for text in ("Ada", "66.67", "33.33", "March 2026"):
            self.assertIn(text, shown)
        self.assertEqual(self.env["account.analytic.line"].search_count([]), before)
        self.assertEqual(run.state, "draft")

    def test_one_at_a_time(self):
        self._earn()
        vals = {"company_id": self.company.id, "month": "2026-03-01"}
        first, second = self.env["saas.profit.run"].create([vals, vals])
        first.action_start()
        with self.assertRaisesRegex(UserError, "is at work"):
            second.action_start()
        first.action_cancel()
        self.assertEqual(first.state, "cancelled")
        second.action_start()
        self.assertEqual(first._job_spread(), "There is nothing to do any more.")

    def test_what_is_chosen(self):
        allocation = self.allocate()
        for vals, text in (
            ({"account_id": False}, "one of the two"),
            ({"driver": "usage"}, "Choose a meter"),
            (
                {
                    "account_id": False,
                    "analytic_account_id": self.ada.analytic_account_id.id,
                },
                "an account of a tenant",
            ),
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(ValidationError, text),
                self.env.cr.savepoint(),
            ):
                allocation.write(vals)
            self.env.invalidate_all()
        with (
            self.assertRaisesRegex(ValidationError, "by another row"),
            self.env.cr.savepoint(),
        ):
            self.allocate(month_from="2026-08-01")
        self._earn()
        self.spend(90)
        self.start()
        with self.assertRaisesRegex(UserError, "spread by this row already"):
            allocation.driver = "seats"
        allocation.month_until = "2026-07-15"
        self.allocate("seats", month_from="2026-08-01")

    def test_companies_never_mix(self):
        self._earn()
        self.allocate()
        self.spend(90)
        other = self.setup_other_company()
        self.env["saas.source"]._ensure_own(other["company"])
        run = self.env["saas.profit.run"].create(
            {"company_id": other["company"].id, "month": "2026-03-01"}
        )
        run.action_start()
        run._job_spread()
        self.assertEqual((run.state, run.done_count), ("done", 0))
        with self.assertRaises(UserError):
            self.env["saas.profit.allocation"].create(
                {
                    "name": "Of another company",
                    "company_id": other["company"].id,
                    "account_id": self.hosting.id,
                    "month_from": "2026-03-01",
                }
            )

    def test_finance_acts(self):
        self._earn()
        self.allocate()
        self.spend(90)
        run = self.env["saas.profit.run"].create(
            {"company_id": self.company.id, "month": "2026-03-01"}
        )
        for role in ("auditor", "manager", "operator", "reviewer"):
            user = new_test_user(
                self.env,
                f"costs_{role}",
                groups=f"saas_billing_sync.group_saas_{role}",
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            own = run.with_user(user).sudo(False)
            if role == "reviewer":
                own.env["saas.profit.look"].action_open_run(run.id)
                own.action_start()
                continue
            with self.subTest(role=role), self.assertRaises(AccessError):
                own.action_start()
        run._job_spread()
        self.assertEqual(self.read_costs(), {"Ada": -60, "Bob": -30})
