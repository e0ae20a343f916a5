"""Recognition runs: what is earned becomes one entry a month, once, and nothing is
written into a locked month.

Covers ledger/revenue/recognition, revenue/change, revenue/due and revenue/posting.
"""

from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..billing.common import at
from .common import RevenueCommon


@tagged("post_install", "-at_install")
class TestRecognition(RevenueCommon):
    """What a run books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quarter = cls.create_plan(
            "quarter", base={"unit_price": "90", "cadence": "quarterly"}
        )
        cls.tenant = cls.create_tenant()

    def setUp(self):
        super().setUp()
        self.subscribe(self.tenant, self.quarter, at(2026, 1, 1))
        self.bill(at(2026, 1, 1))
        self.schedule = self.env["saas.revenue.schedule"].search([])

    def test_month_by_month(self):
        """28: 90 for January to March are 31, 28 and 31."""
        for month, day, amount in ((1, 31, "31"), (2, 28, "28"), (3, 31, "31")):
            run = self.recognize(2026, month)
            self.assertEqual(run.state, "done")
            self.assertEqual(
                self.read_run(run),
                [
                    (
                        f"2026-{month:02}-{day}",
                        [f"REV -{amount}.00", f"DEF +{amount}.00"],
                    )
                ],
            )
            self.assertProved()
        self.assertEqual(self.schedule.state, "served")
        self.assertEqual(self.schedule.unrecognized, 0)
        for day, left in (("2026-01-30", 90), ("2026-01-31", 59), ("2026-02-28", 31)):
            [row] = self.assertProved(day)
            self.assertEqual(row.booked, left)

    def test_a_second_run_books_nothing(self):
        self.recognize(2026, 2)
        for month in (1, 2):
            run = self.recognize(2026, month)
            self.assertEqual((run.state, run.done_count), ("done", 0))
            self.assertFalse(run.move_ids)

    def test_all_that_is_late_in_the_month_of_the_run(self):
        run = self.recognize(2026, 3)
        self.assertEqual(
            self.read_run(run), [("2026-03-31", ["REV -90.00", "DEF +90.00"])]
        )
        self.assertEqual(
            [(e.month.month, e.amount) for e in run.entry_ids.sorted("month")],
            [(1, 3100), (2, 2800), (3, 3100)],
        )
        self.assertEqual(run.entry_ids.mapped("is_late").count(True), 2)

    def test_each_in_its_own_month(self):
        run = self.recognize(2026, 3, "restate")
        self.assertEqual(
            self.read_run(run),
            [
                ("2026-01-31", ["REV -31.00", "DEF +31.00"]),
                ("2026-02-28", ["REV -28.00", "DEF +28.00"]),
                ("2026-03-31", ["REV -31.00", "DEF +31.00"]),
            ],
        )

    def test_nothing_is_written_into_a_locked_month(self):
        for lock in ("fiscalyear_lock_date", "hard_lock_date"):
            for policy in ("catch_up", "restate"):
                with self.subTest(lock=lock, policy=policy):
                    with self.env.cr.savepoint() as save:
                        self.company[lock] = date(2026, 1, 31)
                        self.assertFalse(self.recognize(2026, 1, policy).move_ids)
                        run = self.recognize(2026, 2, policy)
                        self.assertEqual(
                            self.read_run(run),
                            [("2026-02-28", ["REV -59.00", "DEF +59.00"])],
                        )
                        self.assertProved()
                        save.rollback()

    def test_opening_a_month_again_changes_nothing(self):
        self.company.fiscalyear_lock_date = date(2026, 1, 31)
        self.recognize(2026, 2, "restate")
        self.company.fiscalyear_lock_date = False
        self.assertFalse(self.recognize(2026, 2, "restate").move_ids)

    def test_a_sales_lock_is_none(self):
        self.company.sale_lock_date = date(2026, 1, 31)
        self.assertEqual(len(self.recognize(2026, 1).move_ids), 1)

    def test_the_document_and_the_entry_lead_to_each_other(self):
        run = self.recognize(2026, 1)
        [entry] = run.entry_ids
        self.assertEqual(entry.move_id, run.move_ids)
        document = self.schedule.move_id
        self.assertTrue(document.has_saas_revenue and entry.move_id.has_saas_revenue)
        for move, found in ((document, self.schedule), (entry.move_id, entry)):
            action = move.action_view_saas_revenue()
            model = self.env[action["res_model"]]
            self.assertEqual(model.search(action["domain"]), found)

    def test_one_run_at_a_time(self):
        vals = {"company_id": self.company.id, "month": "2026-01-01"}
        first = self.env["saas.revenue.run"].create({**vals, "policy": "catch_up"})
        first._begin()
        second = first.copy()
        with self.assertRaisesRegex(UserError, "at work"):
            second._begin()
        first.action_cancel()
        self.assertEqual(first._job_recognize(), "There is nothing to do any more.")
        self.assertFalse(first.move_ids)
        second._begin()
        second._job_recognize()
        self.assertEqual(second.done_count, 1)

    def test_a_new_version_is_booked_by_the_difference(self):
        self.recognize(2026, 1)
        parts = self.schedule._get_parts()
        self.assertEqual(parts[0].amount, 9000)
        self.schedule._recut({self.schedule: ()}, "moved")
        run = self.recognize(2026, 2)
        self.assertEqual(
            self.read_run(run), [("2026-02-28", ["REV +31.00", "DEF -31.00"])]
        )
        first, second = self.schedule.version_ids.sorted("number")
        self.assertEqual((first.number, second.number), (1, 2))
        self.assertEqual(len(first.share_ids), 3)
        self.schedule._recut({self.schedule: parts}, "moved")
        run = self.recognize(2026, 3)
        self.assertEqual(
            self.read_run(run), [("2026-03-31", ["REV -90.00", "DEF +90.00"])]
        )
        self.assertProved()

    def test_a_cancellation_without_a_credit(self):
        """28: by the company's choice it goes on, or all is earned at the end. Who
        chooses otherwise later on has the difference booked.
        """
        self.tenant.cancel_policy = "keep"
        self.recognize(2026, 1)
        subscription = self.schedule.charge_id.subscription_id
        self.change(subscription, "canceled", at(2026, 2, 11))
        self.bill(at(2026, 2, 11))
        self.assertEqual(len(self.get_moves(self.tenant)), 1)
        with self.env.cr.savepoint() as save:
            run = self.recognize(2026, 2)
            self.assertEqual(
                self.read_run(run), [("2026-02-28", ["REV -28.00", "DEF +28.00"])]
            )
            save.rollback()
        self.env.invalidate_all()
        self.company.revenue_on_cancel = "at_once"
        run = self.recognize(2026, 2)
        self.assertEqual(
            self.read_run(run), [("2026-02-28", ["REV -59.00", "DEF +59.00"])]
        )
        self.assertEqual(self.schedule.version_id.reason, "canceled")
        self.assertEqual(self.schedule.state, "served")
        self.assertFalse(self.recognize(2026, 2).move_ids)
        self.company.revenue_on_cancel = "unchanged"
        run = self.recognize(2026, 2)
        self.assertEqual(
            self.read_run(run), [("2026-02-28", ["REV +31.00", "DEF -31.00"])]
        )
        self.recognize(2026, 3)
        [row] = self.assertProved()
        self.assertEqual(row.booked, 0)

    def test_the_preview_shows_what_the_run_books(self):
        finance = new_test_user(
            self.env,
            "finance_revenue",
            groups="saas_billing_sync.group_saas_reviewer",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        run = self.env["saas.revenue.run"].create(
            {"company_id": self.company.id, "month": "2026-02-01"}
        )
        look = self.env["saas.revenue.look"].with_user(finance)
        look = look.with_context(allowed_company_ids=self.company.ids).sudo(False)
        with self.enter_registry_test_mode():
            action = look.action_open_run(run.id)
            page = str(look.browse(action["res_id"]).preview)
        for text in ("59.00", "DEF"):
            self.assertIn(text, page)
        self.assertFalse(self.env["saas.revenue.entry"].search([]))
        self.assertEqual(run.state, "draft")
        run.with_user(finance).sudo(False).action_start()
        run._job_recognize()
        self.assertEqual(
            self.read_run(run), [("2026-02-28", ["REV -59.00", "DEF +59.00"])]
        )

    def test_the_clock(self):
        self.env["saas.revenue.run"]._begin_scheduled(self.company)
        run = self.env["saas.revenue.run"].search([])
        self.assertTrue(run.is_scheduled)
        self.assertEqual(run.state, "running")
        run._job_recognize()
        self.env.invalidate_all()
        self.env["saas.revenue.run"]._begin_scheduled(self.company)
        self.assertEqual(self.env["saas.revenue.run"].search([]), run)
