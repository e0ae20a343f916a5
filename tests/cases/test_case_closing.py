"""What belongs to a month whose books are about to be closed is grave.

Covers canonical/review/severity, models/review/exception_amount and
models/odoo/res_company_alerts.
"""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import BaseCase, tagged

from ...canonical.review.severity import (
    HIGH,
    LOW,
    MEDIUM,
    find_closing,
    list_closings,
)
from .case_common import CaseCommon

_NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


class TestClosingMonth(BaseCase):
    """Which month is about to be closed is told from the day and the company's rule."""

    def test_from_three_days_before_until_a_week_after(self):
        for day, month in (
            (date(2026, 12, 1), None),
            (date(2026, 12, 2), _NOVEMBER),
            (date(2026, 12, 5), _NOVEMBER),
            (date(2026, 12, 12), _NOVEMBER),
            (date(2026, 12, 13), None),
        ):
            self.assertEqual(find_closing(day, 5), month, day)

    def test_before_the_month_ends(self):
        """Who closes on the first day is hurried while the month goes on."""
        self.assertEqual(find_closing(date(2026, 11, 28), 1), _NOVEMBER)
        self.assertIsNone(find_closing(date(2026, 11, 27), 1))

    def test_in_short_months(self):
        self.assertEqual(
            find_closing(date(2027, 3, 3), 31),
            (date(2027, 1, 1), date(2027, 1, 31)),
        )

    def test_each_month_comes_once_a_year_and_one_at_a_time(self):
        for closing_day in range(1, 32):
            found = []
            for number in range(365):
                day = date(2026, 1, 1) + timedelta(days=number)
                month = find_closing(day, closing_day)
                self.assertEqual(
                    list_closings(day).get(str(closing_day)),
                    month and [each.isoformat() for each in month],
                )
                if month and month not in found:
                    found.append(month)
            self.assertEqual(found, sorted(found))
            self.assertGreaterEqual(len(found), 12)


@tagged("post_install", "-at_install")
class TestCaseClosing(CaseCommon):
    """The invoice is of 2 November 2026, and 119.00 US dollars wait with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.exception_closing_day = 5

    def setUp(self):
        super().setUp()
        self.deliver(self.invoice(1, "price_a"))
        self.case = self.cases()
        self.assertEqual(
            self.case.link_ids.event_id.stake_day, self.get_day(), "the invoice's own"
        )

    def get_day(self):
        [fact] = self.case.link_ids.event_id._read_facts()[-1:]
        return self.source._localize_date(fact.issued_at)

    def grade(self, day):
        """Return how grave the case is on a day, and whether its month closes."""
        with freeze_time(day):
            self.env["saas.exception"]._cron_regrade()
        self.env.invalidate_all()
        return self.case.severity, self.case.is_closing

    def test_near_and_past(self):
        self.assertEqual(self.grade("2026-11-20 12:00:00"), (MEDIUM, False))
        due = self.case.date_due
        self.assertEqual(self.grade("2026-12-03 12:00:00"), (HIGH, True))
        self.assertEqual(due - self.case.date_due, timedelta(hours=24))
        self.assertEqual(self.grade("2026-12-20 12:00:00"), (MEDIUM, False))
        self.assertEqual(self.case.date_due, due)

    def test_a_new_event_is_graded_by_its_drain(self):
        with freeze_time("2026-12-03 12:00:00"):
            self.deliver(self.invoice(2, "price_b"))
        self.assertEqual(self.cases()[1:].severity, HIGH)

    def test_what_is_locked_already_is_not_hurried(self):
        for name in ("tax_lock_date", "sale_lock_date", "fiscalyear_lock_date"):
            with self.subTest(lock=name), self.env.cr.savepoint() as savepoint:
                self.assertEqual(self.grade("2026-12-03 12:00:00"), (HIGH, True))
                with freeze_time("2026-12-03 12:00:00"):
                    self.company[name] = "2026-11-30"
                self.env.invalidate_all()
                self.assertEqual(self.case.severity, MEDIUM)
                self.assertFalse(self.case.is_closing)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_money_knows_no_lock_of_taxes(self):
        self.case.link_ids.event_id.object_kind = "payment"
        self.company.tax_lock_date = "2026-11-30"
        self.assertEqual(self.grade("2026-12-03 12:00:00"), (HIGH, True))

    def test_what_is_open_since_long_closes_with_it(self):
        """With a lock, all that is not locked yet; without one, older is history."""
        event = self.case.link_ids.event_id
        event.stake_day = "2026-09-15"
        self.assertEqual(self.grade("2026-12-03 12:00:00"), (MEDIUM, False))
        self.company.fiscalyear_lock_date = "2026-08-31"
        self.assertEqual(self.grade("2026-12-03 12:00:00"), (HIGH, True))
        event.stake_day = "2026-12-01"
        self.assertEqual(self.grade("2026-12-03 12:00:00"), (MEDIUM, False))

    def test_locks_of_the_company_above_count(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.case.flush_recordset()
        self.env.cr.execute(
            "UPDATE saas_exception SET company_id = %s WHERE id = %s",
            [branch.id, self.case.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.grade("2026-12-03 12:00:00"), (HIGH, True))
        self.company.fiscalyear_lock_date = "2026-11-30"
        self.assertEqual(self.grade("2026-12-03 12:00:00"), (MEDIUM, False))

    def test_who_closes_no_months(self):
        with freeze_time("2026-12-03 12:00:00"):
            self.company.exception_closing_day = 0
        self.assertEqual(self.grade("2026-12-03 12:00:00"), (MEDIUM, False))

    def test_what_is_no_business_of_these_books_is_hurried_too(self):
        self.case.reason = "wrong_mode"
        self.env.flush_all()
        self.assertEqual(self.grade("2026-11-20 12:00:00"), (LOW, False))
        self.assertEqual(self.grade("2026-12-03 12:00:00"), (HIGH, True))

    def test_statements_do_not_grow(self):
        """Grading many cases takes as many statements as grading one."""
        counts = []
        for number in (1, 12):
            for each in range(2, number + 1):
                self.deliver(self.invoice(each, f"price_{each}"))
            cases = self.cases()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases._refresh()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(cases), number)
        self.assertEqual(counts[0], counts[1])

    def test_a_new_company_closes_on_the_fifth(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertEqual(company.exception_closing_day, 5)
