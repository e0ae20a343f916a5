"""What a reader sees of deferred revenue: the months of a document's lines, and the
waterfall.
"""

from datetime import date, datetime
from decimal import Decimal

from odoo.tests import new_test_user, tagged

from ..billing.common import at
from .common import RevenueCommon


@tagged("post_install", "-at_install")
class TestRevenueShown(RevenueCommon):
    """A quarter for 90: 31, 28 and 31."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quarter = cls.create_plan(
            "quarter",
            base={"unit_price": "90", "cadence": "quarterly"},
            once={"unit_price": "5", "cadence": "monthly"},
        )
        cls.tenant = cls.create_tenant()

    def setUp(self):
        super().setUp()
        self.subscription = self.subscribe(self.tenant, self.quarter, at(2026, 1, 1))
        self.bill(at(2026, 1, 1))
        self.schedule = self.env["saas.revenue.schedule"].search([])

    def test_the_months_of_a_line(self):
        self.recognize(2026, 1)
        self.assertEqual(self.schedule.summary, "3 months to 31 Mar 2026, 1 recognised")
        self.assertEqual(
            [tuple(month.values()) for month in self.schedule.months],
            [
                ("Jan 2026", "$\xa031.00", "done"),
                ("Feb 2026", "$\xa028.00", "open"),
                ("Mar 2026", "$\xa031.00", "open"),
            ],
        )
        move = self.schedule.move_id
        lines = move.invoice_line_ids
        self.assertEqual(
            {line.name[:4]: line.saas_revenue_summary for line in lines},
            {"Base": self.schedule.summary, "Once": False},
        )
        self.assertEqual(move.saas_schedule_ids, self.schedule)

    def test_a_month_that_is_known_otherwise_by_now(self):
        """What is booked and no longer earned is shown until it is taken back."""
        self.recognize(2026, 1)
        self.schedule._recut({self.schedule: ()}, "moved")
        self.env.invalidate_all()
        self.assertEqual([month["state"] for month in self.schedule.months], ["part"])
        self.assertEqual(self.schedule.summary, "1 month to 31 Mar 2026, 0 recognised")

    def test_who_may_not_see_schedules_sees_the_line(self):
        """An accountant without a role of this app opens the invoice all the same."""
        person = new_test_user(
            self.env,
            "accountant_shown",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        move = self.schedule.move_id.with_user(person).sudo(False)
        line = move.invoice_line_ids.filtered("saas_revenue_summary")
        self.assertEqual(
            line.saas_revenue_summary, "3 months to 31 Mar 2026, 0 recognised"
        )
        self.assertNotIn("saas_schedule_ids", move.get_view(view_type="form")["arch"])

    def test_the_waterfall(self):
        """What is recognised, by the month it is booked in; the rest, by the month that
        earns it. Each row adds up to what was deferred.
        """
        self.recognize(2026, 1)
        self.bill(at(2026, 4, 1))
        self.recognize(2026, 4)
        self.assertProved()
        zero = Decimal(0)
        self.assertEqual(
            self.read_waterfall(),
            {
                ("2026-01", "2026-01"): (31, zero),
                ("2026-01", "2026-04"): (59, zero),
                ("2026-04", "2026-04"): (Decimal("29.67"), zero),
                ("2026-04", "2026-05"): (zero, Decimal("30.66")),
                ("2026-04", "2026-06"): (zero, Decimal("29.67")),
            },
        )

    def test_the_waterfall_of_a_day(self):
        """As it was known on a day: what was booked by then, and what each month should
        have earned by the version of that day.
        """
        self.recognize(2026, 1)
        first = self.schedule.version_id
        first.sudo().known_at = datetime(2026, 1, 1)
        parts = self.schedule._get_parts()
        moved = {self.schedule: (*parts,)}
        self.schedule._recut(moved, "moved")
        newest = self.schedule.version_id
        newest.known_at = datetime(2026, 2, 10)
        march = newest.share_ids.filtered(lambda share: share.month == date(2026, 3, 1))
        self.env.cr.execute(
            "UPDATE saas_revenue_share SET month = '2026-04-01' WHERE id = %s",
            [march.id],
        )
        self.env.invalidate_all()
        known = {("2026-01", "2026-02"): (0, 28)}
        for day, expected in (
            ("2025-12-31", {}),
            (
                "2026-01-30",
                {
                    **known,
                    ("2026-01", "2026-01"): (0, 31),
                    ("2026-01", "2026-03"): (0, 31),
                },
            ),
            (
                ["2026-02-09"],
                {
                    **known,
                    ("2026-01", "2026-01"): (31, 0),
                    ("2026-01", "2026-03"): (0, 31),
                },
            ),
            (
                "2026-02-10",
                {
                    **known,
                    ("2026-01", "2026-01"): (31, 0),
                    ("2026-01", "2026-04"): (0, 31),
                },
            ),
        ):
            with self.subTest(day=day):
                self.assertEqual(self.read_waterfall(day), expected)

    def test_a_row_leads_to_its_schedules(self):
        rows = self.env["saas.revenue.waterfall"].search([])
        action = rows[:1].action_view_schedules()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.schedule)

    def test_the_finance_page(self):
        """What is still deferred, and the months of it."""
        self.recognize(2026, 1)
        page = self.env["saas.metrics.earned"].with_context(
            allowed_company_ids=self.company.ids
        )
        section = page._lay_out()
        [tile] = section["tiles"]
        self.assertEqual(Decimal(tile["value"]), 59)
        self.assertTrue(section["chart"]["stacked"])
        self.assertEqual(len(section["chart"]["labels"]), 18)
