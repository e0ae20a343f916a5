"""Retention by plan and by group of plans: what tenants move between plans is lost by
one and won by the other, and inside a group neither.

Covers models/metrics/month, models/metrics/month_query and models/metrics/plan_group.
"""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...billing.common import BillingCommon, at


@tagged("post_install", "-at_install")
class TestPlanGroups(BillingCommon):
    """*Small* and *big* are in one group, *other* is in none of theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"
        cls.plans = {
            code: cls.create_plan(code, base={"unit_price": price})
            for code, price in (("small", "20"), ("big", "50"), ("other", "30"))
        }
        cls.group = cls.env["saas.plan.group"].create(
            {"name": "Companies", "company_id": cls.company.id}
        )
        cls.others = cls.group.copy({"name": "Others"})
        for code, version in cls.plans.items():
            is_other = code == "other"
            version.plan_id.group_id = cls.others if is_other else cls.group

    def move(self, before, after, count=1):
        """Let tenants come in January with one plan, and move to another in March."""
        for _each in range(count):
            tenant = self.create_tenant(f"{before} {after} {next(self.keys)}")
            own = self.subscribe(tenant, self.plans[before], at(2026, 1, 10))
            terms = self.make_terms(self.plans[after])
            self.change(own, "changed", at(2026, 3, 10), terms=terms)

    def read_retention(self, *groupby):
        """Return the net and the gross retention of March, in percent; 0 where there
        was nothing to retain.
        """
        rows = self.env["saas.mrr.month"]._read_group(
            [("company_id", "=", self.company.id), ("month", "=", date(2026, 3, 1))],
            groupby,
            ["net_retention:avg", "gross_retention:avg"],
        )
        return {
            tuple(key.display_name for key in row[:-2]) or "all": tuple(
                round(share * 100, 2) for share in row[-2:]
            )
            for row in rows
        }

    def test_up(self):
        """A worked example: of three tenants that pay 20, one moves up to 50. The plan
        has lost 20 of 60, and the group nothing: it has won 30.
        """
        self.move("small", "big")
        self.move("small", "small", 2)
        self.assertEqual(
            self.read_retention("plan_id"),
            {("Small",): (66.67, 66.67), ("Big",): (0, 0)},
        )
        self.assertEqual(self.read_retention("group_id"), {("Companies",): (150, 100)})
        self.assertEqual(self.read_retention(), {"all": (150, 100)})

    def test_down(self):
        """Who moves down inside a group is a contraction of it."""
        self.move("big", "small")
        self.move("small", "small", 2)
        self.assertEqual(
            self.read_retention("plan_id"),
            # What a tenant moved and what it pays less both left the plan.
            {("Small",): (150, 100), ("Big",): (0, 0)},
        )
        self.assertEqual(
            self.read_retention("group_id"), {("Companies",): (66.67, 66.67)}
        )
        self.assertEqual(self.read_retention(), {"all": (66.67, 66.67)})

    def test_between_groups(self):
        """What leaves a group was not retained by it, whatever came from elsewhere; all
        plans together have lost nothing.
        """
        self.move("small", "other")
        self.move("other", "big")
        self.assertEqual(
            self.read_retention("plan_id"),
            {("Small",): (0, 0), ("Big",): (0, 0), ("Other",): (100, 0)},
        )
        self.assertEqual(
            self.read_retention("group_id"),
            {("Companies",): (250, 0), ("Others",): (100, 0)},
        )
        self.assertEqual(self.read_retention(), {"all": (160, 100)})

    def test_both_ways(self):
        """Two tenants that swap plans: each plan has lost the one that left."""
        self.move("small", "big")
        self.move("big", "small")
        self.assertEqual(
            self.read_retention("plan_id"), {("Small",): (100, 0), ("Big",): (100, 0)}
        )
        self.assertEqual(
            self.read_retention("group_id"), {("Companies",): (100, 57.14)}
        )

    def test_rows(self):
        """Each row says the same of its plan as the sums do."""
        self.move("small", "big")
        self.move("small", "small", 2)
        [row] = self.env["saas.mrr.month"].search(
            [
                ("plan_id", "=", self.plans["small"].plan_id.id),
                ("month", "=", date(2026, 3, 1)),
            ]
        )
        self.assertEqual(row.group_id, self.group)
        self.assertAlmostEqual(row.gross_retention, 2 / 3)
        self.assertEqual((row.left_plan, row.left_group), (-20, 0))

    def test_company(self):
        """A plan belongs to a group of its own company."""
        other = self.env["res.company"].create({"name": "Other"})
        group = self.env["saas.plan.group"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        with self.assertRaises(UserError):
            self.plans["small"].plan_id.group_id = group
