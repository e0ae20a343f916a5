"""Costs that are spread over tenants, against numbers made by hand: by use, by seats
and by revenue; again by the difference; and never into a closed month.

Covers canonical/revenue/spread, revenue/costs, revenue/drivers, ledger/revenue/spread
and models/revenue/profit_run.
"""

import random
from fractions import Fraction

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ...canonical.revenue.spread import spread
from ..billing.common import BillingCommon, at
from ..support.common import SEED
from .profit_common import ProfitMixin


class CostsCommon(BillingCommon, ProfitMixin):
    """Three tenants, and hosting that costs something."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tell_apart()
        cls.ada, cls.bob, cls.cleo = (
            cls.create_tenant(name) for name in ("Ada", "Bob", "Cleo")
        )
        cls.hosting = cls.env["account.account"].create(
            {
                "code": "SAAS.HOST",
                "name": "Hosting",
                "account_type": "expense",
                "company_ids": cls.company.ids,
            }
        )
        cls.accounts[cls.hosting] = "HOST"

    def allocate(self, driver="revenue", **vals):
        """Return a cost that is spread."""
        if not vals.get("analytic_account_id"):
            vals = {"account_id": self.hosting.id, **vals}
        return self.env["saas.profit.allocation"].create(
            {
                "name": "Hosting",
                "company_id": self.company.id,
                "driver": driver,
                "month_from": "2026-03-01",
                **vals,
            }
        )

    def spend(self, amount, date="2026-03-10", share=False):
        """Book a cost."""
        cash = self.company_data["default_journal_cash"].default_account_id
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date,
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.hosting.id,
                            "balance": amount,
                            "analytic_distribution": share,
                        }
                    ),
                    Command.create({"account_id": cash.id, "balance": -amount}),
                ],
            }
        )
        move.action_post()
        return move

    def start(self, month="2026-03-15"):
        """Spread up to a month, as a person and the job do; return the run."""
        run = self.env["saas.profit.run"].create(
            {"company_id": self.company.id, "month": month}
        )
        run.action_start()
        run._job_spread()
        self.env.flush_all()
        self.env.invalidate_all()
        return run

    def read_costs(self, month=None):
        """Return what each tenant has of spread costs."""
        domain = [("company_id", "=", self.company.id)]
        rows = self.env["saas.profit.month"].search([*domain, ("allocated", "!=", 0)])
        costs = {}
        for row in rows:
            if month in (None, f"{row.month:%Y-%m}"):
                name = row.tenant_id.name
                costs[name] = round(costs.get(name, 0) + row.allocated, 2)
        return costs

    def assertSpread(self, month="2026-03"):
        """Check that tenants have all of the account up to a month, to the cent."""
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.hosting.id), ("parent_state", "=", "posted")]
        )
        booked = sum(x.balance for x in lines if f"{x.date:%Y-%m}" <= month)
        rows = self.env["saas.profit.month"].search([])
        told = sum(row.allocated + row.assigned for row in rows)
        self.assertEqual(round(told, 2), round(-booked, 2))


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

    def _earn(self):
        """Ada pays 60 a month, Bob 30, from 1 March."""
        self.subscribe(self.ada, self.max, at(2026, 3, 1))
        self.subscribe(self.bob, self.pro, at(2026, 3, 1), seats=0)
        self.bill(at(2026, 3, 1))

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

    # -- who and what may not ------------------------------------------------------

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
        with self.assertRaisesRegex(ValidationError, "by another row"):
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
