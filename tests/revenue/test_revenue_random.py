"""Random histories in the database: invoices in two currencies, amendments, pauses,
credits for reasons, versions, other choices of the company and of tenants, lock dates
that are set, moved and taken away, and runs in between.
"""

import random
from datetime import date

from odoo import fields
from odoo.tests import tagged

from ...canonical.revenue.months import add_months, get_last_day
from ...canonical.revenue.plan import find_shares, find_total
from ...canonical.revenue.recut import Crediting, accelerate
from ...canonical.revenue.span import Method
from ..billing.common import at
from ..support.common import FULL, SEED
from .common import RevenueCommon


@tagged("post_install", "-at_install")
class TestRevenueRandom(RevenueCommon):
    """What holds on any day, whatever has happened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plans = [
            cls.create_plan(
                f"p{number}", base={"unit_price": price, "cadence": cadence}
            )
            for number, (price, cadence) in enumerate(
                (("1000.01", "yearly"), ("99.99", "quarterly"), ("700", "half_yearly"))
            )
        ]

    def test_any_history(self):
        for number in range(200 if FULL else 6):
            with self.subTest(seed=SEED + number), self.env.cr.savepoint() as save:
                self._live(random.Random(SEED + number))
                save.rollback()

    def _live(self, rng):
        self.locked = date.min
        self.lives = []
        self._begin(rng)
        for _step in range(rng.randrange(6, 10)):
            what = rng.random()
            if what < 0.2:
                self._begin(rng)
            elif what < 0.4:
                self._amend(rng)
            elif what < 0.48:
                rng.choice([self._credit, self._choose])(rng)
            elif what < 0.55:
                self._recut(rng)
            elif what < 0.7:
                self._lock(rng)
            else:
                month = add_months(date(2026, 1, 1), rng.randrange(14))
                self._run(month, rng.choice(["catch_up", "restate"]))
        self.locked = date.min
        self.company.fiscalyear_lock_date = False
        self._run(date(2030, 1, 1), "catch_up")
        for schedule in self.env["saas.revenue.schedule"].search([]):
            self.assertEqual(
                (
                    sum(schedule.entry_ids.mapped("amount")),
                    sum(schedule.entry_ids.mapped("balance")),
                    schedule.state,
                ),
                (schedule.amount, schedule.balance, "served"),
            )
        self.assertEqual({row.booked for row in self.assertProved()}, {0})
        self._check_waterfall()

    def _begin(self, rng):
        moment = at(2026, 1 + rng.randrange(3), 1 + rng.randrange(28))
        currency = rng.choice(["USD", "EUR"])
        tenant = self.create_tenant(f"Life {len(self.lives)}")
        self.lives.append(
            self.subscribe(tenant, rng.choice(self.plans), moment, currency)
        )
        self.bill(moment, max(moment.date(), self._get_open_day()))

    def _amend(self, rng):
        subscription = rng.choice(self.lives)
        moment = at(2026, 3 + rng.randrange(2), 1 + rng.randrange(28))
        if rng.random() < 0.3:
            self.change(subscription, "canceled", moment)
        elif rng.random() < 0.4:
            is_paused = subscription.state == "paused"
            self.change(subscription, "resumed" if is_paused else "paused", moment)
        elif subscription.state == "active":
            currency = subscription.change_ids[:1].terms["currency"]
            terms = self.make_terms(rng.choice(self.plans), currency)
            self.change(subscription, "changed", moment, terms=terms)
        self.bill(moment, max(moment.date(), self._get_open_day()))

    def _credit(self, rng):
        """Credit an invoice by Odoo's own button, or a third of it."""
        invoices = self.env["account.move"].search([("move_type", "=", "out_invoice")])
        invoice = rng.choice(invoices)
        day = max(invoice.date, self._get_open_day(), date(2026, 4, 1))
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": invoice.ids,
                "date": day,
                "journal_id": invoice.journal_id.id,
            }
        )
        wizard.reverse_moves()
        note = wizard.new_move_ids
        note.deferred_crediting = rng.choice([False, *Crediting])
        if rng.random() < 0.5:
            for line in note.invoice_line_ids:
                line.price_unit = round(line.price_unit / 3, 2)
        note.action_post()

    def _choose(self, rng):
        """Have the company, or a tenant, have it another way from now on."""
        self.company.write(
            {
                "revenue_on_cancel": rng.choice(["unchanged", "at_once"]),
                "revenue_method": rng.choice([*Method]),
                "revenue_crediting": rng.choice([*Crediting]),
            }
        )
        tenant = rng.choice(self.lives).tenant_id
        tenant.write(
            {
                "deferred_method": rng.choice([False, *Method]),
                "pause_policy": rng.choice(["credit", "keep"]),
                "cancel_policy": rng.choice(["credit", "keep"]),
            }
        )

    def _recut(self, rng):
        schedules = self.env["saas.revenue.schedule"].search([])
        if not schedules:
            return
        schedule = schedules[rng.randrange(len(schedules))]
        moment = at(2026, 1 + rng.randrange(12), 1 + rng.randrange(28))
        parts = accelerate(schedule._get_parts(), moment, schedule.zone)
        schedule._recut({schedule: parts}, "canceled")

    def _lock(self, rng):
        month = add_months(date(2025, 12, 1), rng.randrange(8))
        self.locked = rng.choice([date.min, get_last_day(month)])
        self.company.fiscalyear_lock_date = (
            False if self.locked == date.min else self.locked
        )

    def _get_open_day(self):
        return (
            add_months(self.locked.replace(day=1), 1)
            if self.locked > date.min
            else self.locked
        )

    def _run(self, month, policy):
        run = self.recognize(month.year, month.month, policy)
        for move in run.move_ids:
            self.assertGreater(move.date, self.locked)
        self.assertFalse(self.recognize(month.year, month.month, policy).entry_ids)
        self.assertProved()
        self.assertProved(fields.Date.to_string(get_last_day(month)))
        if get_last_day(month) <= self.locked:
            return
        for schedule in self.env["saas.revenue.schedule"].search([]):
            shares = find_shares(schedule._get_parts())
            self.assertEqual(
                sum(e.amount for e in schedule.entry_ids if e.month <= month),
                sum(amount for m, (amount, _b) in shares.items() if m <= month),
            )
            self.assertEqual(
                find_total(schedule._get_parts()), (schedule.amount, schedule.balance)
            )

    def _check_waterfall(self):
        """The rows of the waterfall come to what is booked as income."""
        groups = self.env["saas.revenue.entry"]._read_group(
            [("company_id", "=", self.company.id)],
            ["document_month:month", "booked_month:month"],
            ["balance:sum"],
        )
        entries = self.env["saas.revenue.entry"].search([])
        revenue = self.company_data["default_account_revenue"]
        lines = entries.move_id.line_ids.filtered(lambda x: x.account_id == revenue)
        self.assertEqual(
            sum(total for *_months, total in groups),
            -round(sum(lines.mapped("balance")) * 100),
        )
