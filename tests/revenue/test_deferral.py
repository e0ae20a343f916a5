"""Lines whose service goes beyond their document's month, as whole journal entries: own
ones and mirrored ones.

Covers ledger/revenue/deferral and ledger/revenue/taken_back.
"""

from datetime import UTC, datetime

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..billing.common import at
from ..support import stripe_fixtures
from .common import RevenueCommon


def stamp(*parts):
    """Return an instant in UTC as seconds."""
    return int(datetime(*parts, tzinfo=UTC).timestamp())


@tagged("post_install", "-at_install")
class TestDeferral(RevenueCommon):
    """What is posted, and which schedules come with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.annual = cls.create_plan(
            "annual", base={"unit_price": "1200", "cadence": "yearly"}
        )
        cls.monthly = cls.create_plan("monthly", base={"unit_price": "31"})

    def _bill(self, version, moment, **vals):
        """Return the invoice of a new subscription's first period."""
        tenant = self.create_tenant()
        self.subscribe(tenant, version, moment, **vals)
        self.bill(moment)
        return self.get_moves(tenant)

    def _get_schedules(self, move):
        return self.env["saas.revenue.schedule"].search([("move_id", "=", move.id)])

    # -- own invoices ------------------------------------------------------------

    def test_an_own_line_is_deferred(self):
        move = self._bill(self.annual, at(2026, 1, 1))
        self.assertEqual(
            self.journal_items(move),
            ["AR +1428.00 open +1428.00", "TAX -228.00", "DEF -1200.00 {19% VAT}"],
        )
        [schedule] = self._get_schedules(move)
        self.assertEqual(schedule.charge_id.move_line_id, schedule.move_line_id)
        self.assertEqual(schedule.tenant_id, move.saas_tenant_id)
        self.assertEqual(
            schedule.income_account_id, self.product.property_account_income_id
        )
        shares = self.read_shares(schedule)
        self.assertEqual(len(shares), 12)
        self.assertEqual(
            shares[:2], [("2026-01", 10192, 10192), ("2026-02", 9205, 9205)]
        )
        self.assertEqual(sum(amount for _m, amount, _b in shares), 120000)
        self.assertProved()

    def test_a_foreign_currency(self):
        move = self._bill(self.annual, at(2026, 1, 1), currency="EUR")
        self.assertEqual(
            self.journal_items(move),
            [
                "AR +1785.00 (+1428.00 EUR) open +1428.00",
                "TAX -285.00 (-228.00 EUR)",
                "DEF -1500.00 (-1200.00 EUR) {19% VAT}",
            ],
        )
        [schedule] = self._get_schedules(move)
        self.assertEqual(self.read_shares(schedule)[0], ("2026-01", 10192, 12740))
        self.assertEqual((schedule.amount, schedule.balance), (120000, 150000))
        self.assertProved()

    def test_a_service_inside_its_month(self):
        move = self._bill(self.monthly, at(2026, 1, 1))
        self.assertEqual(
            self.journal_items(move),
            ["AR +36.89 open +36.89", "REV -31.00 {19% VAT}", "TAX -5.89"],
        )
        self.assertFalse(self._get_schedules(move))

    def test_the_months_of_the_subscriptions_zone(self):
        """A month of New York begins and ends later than one of the source's, and is
        one month all the same.
        """
        moment = at(2026, 4, 1, 4)
        for zone, is_deferred in (("America/New_York", False), ("UTC", True)):
            with self.subTest(zone=zone):
                tenant = self.create_tenant()
                terms = {**self.make_terms(self.monthly), "zone": zone}
                subscription = self.env["saas.subscription"].create(
                    {
                        "external_id": zone,
                        "source_id": self.own.id,
                        "tenant_id": tenant.id,
                        "state": "none",
                    }
                )
                self.change(subscription, "activated", moment, terms=terms)
                self.bill(moment)
                found = self._get_schedules(self.get_moves(tenant))
                self.assertEqual(bool(found), is_deferred)

    def test_two_lines_of_which_one_is_deferred(self):
        """25: 31 from 15 January, and 5 at once beside it."""
        both = self.create_plan(
            "both",
            base={"unit_price": "31"},
            setup={"unit_price": "5", "alignment": "calendar", "proration": "none"},
        )
        move = self._bill(both, at(2026, 1, 15))
        schedules = self._get_schedules(move)
        shares = {s.charge_id.component_id.code: self.read_shares(s) for s in schedules}
        self.assertEqual(
            shares["base"], [("2026-01", 1700, 1700), ("2026-02", 1400, 1400)]
        )

    def test_what_is_given_back_has_a_schedule_of_its_own(self):
        """27: 90 for April to June, to 120 a quarter."""
        tenant = self.create_tenant()
        low = self.create_plan("low", base={"unit_price": "91", "cadence": "quarterly"})
        high = self.create_plan(
            "high", base={"unit_price": "182", "cadence": "quarterly"}
        )
        subscription = self.subscribe(tenant, low, at(2026, 4, 1))
        self.bill(at(2026, 4, 1))
        self.change(
            subscription,
            "changed",
            at(2026, 4, 21),
            terms=self.make_terms(high),
        )
        self.bill(at(2026, 4, 21))
        moves = self.get_moves(tenant)
        self.assertEqual(
            self.journal_items(moves[1]),
            [
                "AR +84.49 open +84.49",
                "TAX -13.49",
                "DEF -142.00 {19% VAT}",
                "DEF +71.00 {19% VAT}",
            ],
        )
        by_amount = {
            s.amount: self.read_shares(s) for s in self._get_schedules(moves[1])
        }
        self.assertEqual(by_amount[-7100][0], ("2026-04", -1000, -1000))
        self.assertEqual(by_amount[14200][0], ("2026-04", 2000, 2000))
        self.recognize(2026, 4)
        self.assertProved()

    def test_off_for_what_came_before(self):
        self.company.revenue_deferred_from = "2026-02-01"
        self.assertFalse(self._get_schedules(self._bill(self.annual, at(2026, 1, 31))))
        self.assertTrue(self._get_schedules(self._bill(self.annual, at(2026, 2, 1))))
        self.own.deferral = "never"
        self.assertFalse(self._get_schedules(self._bill(self.annual, at(2026, 2, 2))))

    def test_an_account_and_a_method_of_its_own(self):
        other = self._create_account("DEF2", "liability_non_current")
        self.env["saas.revenue.account"].create(
            {
                "company_id": self.company.id,
                "income_account_id": self.product.property_account_income_id.id,
                "deferred_account_id": other.id,
                "method": "month_even",
            }
        )
        [schedule] = self._get_schedules(self._bill(self.annual, at(2026, 1, 15)))
        self.assertEqual(schedule.deferred_account_id, other)
        shares = self.read_shares(schedule)
        self.assertEqual({amount for _m, amount, _b in shares}, {10000})
        self.assertEqual(len(shares), 12)

    def test_an_account_is_chosen_first(self):
        with self.assertRaisesRegex(ValidationError, "account for deferred revenue"):
            self.company.revenue_account_id = False
        self.company.revenue_deferred_from = False
        self.company.revenue_account_id = False
        with self.assertRaisesRegex(ValidationError, "account for deferred revenue"):
            self.source.write({"deferral": "own", "deferred_from": "2026-01-01"})

    def test_analytic_accounts_get_what_is_recognised_alone(self):
        plan = self.env["account.analytic.plan"].create({"name": "Products"})
        account = self.env["account.analytic.account"].create(
            {"name": "Cloud", "plan_id": plan.id, "company_id": self.company.id}
        )
        share = {str(account.id): 100.0}
        self.env["account.analytic.distribution.model"].create(
            {"product_id": self.product.id, "analytic_distribution": share}
        )
        move = self._bill(self.annual, at(2026, 1, 1))
        self.assertFalse(move.line_ids.analytic_line_ids)
        [schedule] = self._get_schedules(move)
        self.assertEqual(schedule.analytic_distribution, share)
        run = self.recognize(2026, 1)
        self.assertEqual(
            [line.amount for line in run.move_ids.line_ids.analytic_line_ids], [101.92]
        )

    # -- mirrored documents ----------------------------------------------------------

    def _mirror(self, name, *periods):
        """Return what becomes of an invoice of the other system whose lines are for
        periods, and what it is called there.
        """
        payload = stripe_fixtures.load("basil", name)
        lines = payload["data"]["object"]["lines"]["data"]
        for line, (start, end) in zip(lines, periods, strict=True):
            line["period"] = {"start": stamp(*start), "end": stamp(*end)}
        self.assertState(self.deliver(payload), "done")
        ref = payload["data"]["object"]["id"]
        return self.env["account.move"].search([("saas_external_id", "=", ref)])

    def test_a_mirrored_line_is_deferred(self):
        for is_form in (False, True):
            with self.subTest(form=is_form), self.env.cr.savepoint() as save:
                # By the form, where the tax can't be prepared.
                self.vat_19.include_base_amount = is_form
                move = self._mirror(
                    "invoice.finalized-eur", ((2026, 11, 1), (2027, 11, 1))
                )
                self.assertEqual(
                    self.journal_items(move),
                    [
                        "AR +148.75 (+119.00 EUR) open +119.00",
                        "TAX -23.75 (-19.00 EUR)",
                        "DEF -125.00 (-100.00 EUR) {19% VAT}",
                    ],
                )
                [schedule] = self._get_schedules(move)
                self.assertEqual(schedule.source_id, self.source)
                self.assertEqual(
                    self.read_shares(schedule)[:2],
                    [("2026-11", 822, 1027), ("2026-12", 849, 1062)],
                )
                self.assertProved()
                save.rollback()

    def test_a_mirrored_line_inside_its_month(self):
        move = self._mirror("invoice.finalized-eur", ((2026, 11, 1), (2026, 12, 1)))
        self.assertEqual(
            self.journal_items(move),
            [
                "AR +148.75 (+119.00 EUR) open +119.00",
                "REV -125.00 (-100.00 EUR) {19% VAT}",
                "TAX -23.75 (-19.00 EUR)",
            ],
        )

    def test_a_mirrored_credit_note(self):
        """An invoice below zero is a credit note, whose lines give back."""
        year = ((2026, 11, 1), (2027, 11, 1))
        month = ((2026, 11, 1), (2026, 12, 1))
        move = self._mirror("invoice.finalized-negative", year, month)
        self.assertEqual(move.move_type, "out_refund")
        self.assertEqual(
            self.journal_items(move),
            [
                "AR -59.50",
                "REV -30.00 {19% VAT}",
                "TAX +9.50",
                "DEF +80.00 {19% VAT}",
            ],
        )
        [schedule] = self._get_schedules(move)
        self.assertEqual(schedule.amount, -8000)
        self.assertProved()
