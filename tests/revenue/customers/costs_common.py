"""Tenants, and a cost that belongs to all of them."""

from odoo import Command

from ...billing.common import BillingCommon, at
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

    def _earn(self):
        """Ada pays 60 a month, Bob 30, from 1 March."""
        self.subscribe(self.ada, self.max, at(2026, 3, 1))
        self.subscribe(self.bob, self.pro, at(2026, 3, 1), seats=0)
        self.bill(at(2026, 3, 1))
