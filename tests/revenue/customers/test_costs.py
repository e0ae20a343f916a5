"""Costs that are spread over tenants, against numbers made by hand: by use, by seats
and by revenue; and again by the difference.

Covers revenue/costs and revenue/drivers.
"""

import random
from fractions import Fraction

from odoo.tests import tagged

from ....canonical.revenue.spread import spread
from ...billing.common import at
from ...support.common import SEED
from .costs_common import CostsCommon


@tagged("post_install", "-at_install")
class TestCosts(CostsCommon):
    """What a run writes."""

    # -- the rule ------------------------------------------------------------------

    def test_to_the_cent(self):
        for amount, weights, parts in (
            (-1000, {1: 1, 2: 1, 3: 1}, {1: -334, 2: -333, 3: -333}),
            (1000, {1: 1, 2: 1, 3: 1}, {1: 334, 2: 333, 3: 333}),
            (-100, {1: 5, 2: 0, 3: Fraction(5, 3)}, {1: -75, 3: -25}),
            (-100, {1: -2, 2: 1}, {2: -100}),
            (-1, {1: 1, 2: 3}, {2: -1}),
            (0, {}, {}),
            (-5, {}, None),
            (-5, {1: 0}, None),
        ):
            with self.subTest(amount=amount, weights=weights):
                whole = {key: Fraction(weight) for key, weight in weights.items()}
                self.assertEqual(spread(amount, whole), parts)

    def test_the_parts_come_to_the_whole(self):
        chance = random.Random(SEED)
        for _each in range(300):
            weights = {
                key: Fraction(chance.randint(0, 50), chance.randint(1, 9))
                for key in range(chance.randint(1, 9))
            }
            amount = chance.randint(-(10**6), 10**6)
            parts = spread(amount, weights)
            if parts is None:
                self.assertFalse(any(weights.values()))
                continue
            self.assertEqual(sum(parts.values()), amount)
            whole = sum(weights.values())
            for key, weight in weights.items():
                fair = amount * weight / whole if whole else 0
                self.assertLess(abs(parts.get(key, 0) - fair), 1)

    # -- by what -------------------------------------------------------------------

    def test_by_revenue(self):
        """60 and 30 of 90: 100.00 are 66.67 and 33.33."""
        self._earn()
        self.allocate()
        self.spend(100)
        run = self.start()
        self.assertEqual((run.state, run.done_count), ("done", 2))
        self.assertEqual(self.read_costs(), {"Ada": -66.67, "Bob": -33.33})
        self.assertEqual(
            self.read_lines(self.ada), ["03-01 REV +60.00", "03-31 HOST -66.67"]
        )
        self.assertSpread()
        self.assertFalse(run.line_ids.move_line_id)

    def test_by_seats(self):
        """Ada holds 4 seats for 31 days; Bob 4 for 15.5, and then none; Cleo's are of
        April. 124 and 62 of 186: 90.00 are 60.00 and 30.00.
        """
        self.subscribe(self.ada, self.pro, at(2026, 3, 1), seats=4)
        held = self.subscribe(self.bob, self.pro, at(2026, 2, 1), seats=4)
        self.change(held, "canceled", at(2026, 3, 16, 12))
        self.subscribe(self.cleo, self.pro, at(2026, 4, 1), seats=9)
        self.subscribe(self.cleo, self.max, at(2026, 2, 1))
        self.allocate("seats")
        self.spend(90)
        self.start()
        self.assertEqual(self.read_costs(), {"Ada": -60, "Bob": -30})
        self.assertSpread()

    def test_by_use(self):
        """Ada used 100.5 and 49.5, Bob 50, Cleo in April alone."""
        meter = self._use((self.ada, "100.5", 2), (self.ada, "49.5", 31))
        self._use((self.bob, "50", 9))
        self._use((self.cleo, "70", 32))
        self.allocate("usage", meter_id=meter.id)
        self.spend(100.01)
        self.start()
        self.assertEqual(self.read_costs(), {"Ada": -75.01, "Bob": -25})
        self.assertSpread()

    def _use(self, *used):
        """Count what tenants used on days of March; return the meter."""
        meter = self.env["saas.meter"].search([("code", "=", "calls")])
        meter = meter or self.env["saas.meter"].create(
            {
                "name": "Calls",
                "code": "calls",
                "aggregation": "sum",
                "company_id": self.company.id,
            }
        )
        for tenant, quantity, day in used:
            subscription = self.env["saas.subscription"].search(
                [("tenant_id", "=", tenant.id)]
            ) or self.subscribe(tenant, self.max, at(2026, 3, 1))
            moment = f"2026-03-{day:02}" if day < 32 else "2026-04-01"
            self.env["saas.usage.bucket"].create(
                {
                    "source_id": self.own.id,
                    "company_id": self.company.id,
                    "tenant_id": tenant.id,
                    "subscription_id": subscription.id,
                    "meter_id": meter.id,
                    "day": moment,
                    "count": 1,
                    "sum": float(quantity),
                    "max": float(quantity),
                    "last": float(quantity),
                    "first_at": f"{moment} 08:00:00",
                    "last_at": f"{moment} 08:00:00",
                    "version": 1,
                }
            )
        return meter

    def test_a_whole_month(self):
        """The example of the documentation: Ada pays 60, Bob 30; a person gives Bob
        10 of the hosting, and 45 are spread by revenue.
        """
        self._earn()
        self.allocate()
        self.spend(10, share={str(self.bob.analytic_account_id.id): 100})
        self.spend(45)
        self.start()
        self.assertEqual(
            self.read_report("tenant_id", "plan_id"),
            [
                ("Ada", "Max", {"revenue": "60.00", "margin": "60.00"}),
                ("Ada", "", {"allocated": "-30.00", "margin": "-30.00"}),
                ("Bob", "Pro", {"revenue": "30.00", "margin": "30.00"}),
                (
                    "Bob",
                    "",
                    {"assigned": "-10.00", "allocated": "-15.00", "margin": "-25.00"},
                ),
            ],
        )
        sums = self.env["saas.profit.month"]._read_group(
            [("company_id", "=", self.company.id)], ["tenant_id"], ["margin:sum"]
        )
        self.assertEqual(
            [(tenant.name, margin) for tenant, margin in sums],
            [("Ada", 30), ("Bob", 5)],
        )

    # -- again ---------------------------------------------------------------------

    def test_again_by_the_difference(self):
        self._earn()
        self.allocate()
        self.spend(100)
        self.start()
        self.assertEqual(self.start().done_count, 0)
        self.spend(-10, "2026-03-31")
        run = self.start("2026-04-30")
        self.assertEqual(
            [
                f"{line.date} {line.amount:.2f}"
                for line in run.line_ids.sorted("amount")
            ],
            ["2026-03-31 3.33", "2026-03-31 6.67"],
        )
        self.assertEqual(self.read_costs(), {"Ada": -60, "Bob": -30})
        self.subscribe(self.cleo, self.max, at(2026, 3, 1))
        self.bill(at(2026, 3, 1))
        self.start()
        self.assertEqual(self.read_costs(), {"Ada": -36, "Bob": -18, "Cleo": -36})
        self.assertSpread()

    def test_what_people_have_assigned_is_not_spread(self):
        self._earn()
        self.allocate()
        self.spend(100, share={str(self.bob.analytic_account_id.id): 10})
        self.start()
        self.assertEqual(self.read_costs(), {"Ada": -60, "Bob": -30})
        self.assertSpread()

    def test_from_and_until_a_month(self):
        self._earn()
        allocation = self.allocate(month_until="2026-03-31")
        for month in ("2026-02-10", "2026-03-10", "2026-04-10"):
            self.spend(90, month)
        self.start("2026-05-01")
        self.assertEqual(self.read_costs(), {"Ada": -60, "Bob": -30})
        self.assertEqual(
            set(allocation.line_ids.mapped("saas_month")), {at(2026, 3, 1).date()}
        )

    def test_into_the_first_open_month(self):
        self._earn()
        self.allocate()
        self.spend(90)
        self.company.fiscalyear_lock_date = "2026-03-31"
        self.assertEqual(self.start().done_count, 0)
        run = self.start("2026-04-01")
        self.assertEqual({str(line.date) for line in run.line_ids}, {"2026-04-30"})
        self.assertEqual(self.read_costs("2026-04"), {"Ada": -60, "Bob": -30})
        self.company.fiscalyear_lock_date = False
        self.assertEqual(self.start("2026-04-01").done_count, 0)

    def test_metrics_that_were_reported_stay(self):
        self._earn()
        self.allocate()
        self.spend(90)
        self.company.mrr_closed_until = "2026-03-31"
        run = self.start("2026-04-01")
        self.assertEqual({str(line.date) for line in run.line_ids}, {"2026-04-30"})

    def test_an_analytic_account(self):
        """Half of a bill is of a department: it keeps what the ledger has, tenant by
        tenant.
        """
        self._earn()
        plan = self.env["account.analytic.plan"].create({"name": "Departments"})
        pool = self.env["account.analytic.account"].create(
            {"name": "Operations", "plan_id": plan.id, "company_id": self.company.id}
        )
        self.allocate(analytic_account_id=pool.id)
        self.spend(180, share={str(pool.id): 50})
        run = self.start()
        self.assertEqual(self.read_costs(), {"Ada": -60, "Bob": -30})
        column = plan._column_name()
        lines = self.env["account.analytic.line"].search([(column, "=", pool.id)])
        self.assertEqual(sorted(lines.mapped("amount")), [-90, -60, -30, 90])
        self.assertEqual(len(run.line_ids), 3)
        self.assertEqual(self.start().done_count, 0)
        self.assertEqual(len(self.start("2026-04-01").line_ids), 0)
