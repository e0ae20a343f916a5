"""A billing run bills each tenant once, whatever fails and however often it begins.

Covers billing/posting and billing/preview.
"""

import random
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...canonical.moments import aware
from ..support.books import read_record
from .common import BillingCommon, at


class Killed(BaseException):
    """Ends a job in the middle, as the end of its process does."""


@tagged("post_install", "-at_install")
class TestBillingRun(BillingCommon):
    """Runs over many tenants."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tenants = cls.env["saas.tenant"]
        for number in range(8):
            tenant = cls.create_tenant(f"Tenant {number}")
            cls.subscribe(tenant, cls.pro, at(2026, 4, 1 + number), seats=number)
            cls.subscribe(tenant, cls.max, at(2026, 4, 3), currency="EUR")
            cls.tenants |= tenant

    def read_all(self):
        """Return what is billed: the charges, and the documents by what they come
        to.
        """
        charges = [self.read_charges(tenant) for tenant in self.tenants]
        moves = [
            sorted(
                (
                    move.move_type,
                    move.currency_id.name,
                    move.amount_total,
                    str(move.date),
                )
                for move in self.get_moves(tenant)
            )
            for tenant in self.tenants
        ]
        return charges, moves

    def make_run(self, cutoff):
        """Return a run that has begun, whose jobs bill three tenants at a time."""
        self.patch(type(self.env["saas.billing.run"]), "_chunk_size", 3)
        run = self.env["saas.billing.run"].create(
            {
                "company_id": self.company.id,
                "cutoff": cutoff.replace(tzinfo=None),
                "invoice_date": cutoff.date(),
            }
        )
        run._begin()
        return run

    def test_numbers_have_no_gap(self):
        """Documents are numbered one after the other, over all chunks."""
        run = self.make_run(at(2026, 4, 30))
        steps = 0
        while run.state == "running":
            run._job_chunk(run.step)
            steps += 1
        self.assertEqual((steps, run.done_count, run.progress), (3, 8, 100))
        moves = run.item_ids.charge_ids.move_id
        numbers = sorted(moves.mapped("sequence_number"))
        self.assertEqual(len(numbers), 16)
        self.assertEqual(numbers, [*range(numbers[0], numbers[0] + 16)])

    def test_a_job_that_comes_twice(self):
        """A job that is enqueued three times, or comes late, bills nothing more."""
        run = self.make_run(at(2026, 4, 30))
        for step in (0, 0, 0, 1, 0, 2, 2, 1):
            run._job_chunk(step)
        self.assertEqual((run.state, run.document_count), ("done", 16))
        before = self.read_all()
        self.bill(at(2026, 4, 30))
        self.assertEqual(self.read_all(), before)

    def test_killed_and_restarted(self):
        """A job that is killed at any statement left nothing behind, and is done
        again.
        """
        savepoint, counts = self.env.cr.savepoint(), []
        run = self.make_run(at(2026, 4, 30))
        while run.state == "running":
            with self._kill_at(10**6) as left:
                run._job_chunk(run.step)
            counts.append(10**6 - left[0])
        expected = self.read_all()
        savepoint.rollback()
        self.env.invalidate_all()
        run = self.make_run(at(2026, 4, 30))
        chance, kills = random.Random(20261128), 0
        for count in counts:
            for number in chance.sample(range(count // 2), 8):
                with self.assertRaises(Killed), self.env.cr.savepoint(flush=False):
                    with self._kill_at(number):
                        run._job_chunk(run.step)
                self.env.invalidate_all()
                kills += 1
            run._job_chunk(run.step)
        self.assertEqual((run.state, kills), ("done", 24))
        self.assertEqual(self.read_all(), expected)

    @contextmanager
    def _kill_at(self, number):
        """Patch the cursor so that a statement of that number ends the job; yield how
        many are left.
        """
        execute, left = type(self.env.cr).execute, [number]

        def count(cr, *args, **kwargs):
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return execute(cr, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", count):
            yield left

    def test_one_bad_tenant(self):
        """What is missing is said before anything is written; the others are billed."""
        bad = self.tenants[3]
        product = self.product_b
        product.taxes_id = self.vat_19.copy({"price_include_override": "tax_included"})
        plan = self.create_plan(
            "bad", base={"unit_price": "1", "product_id": product.id}
        )
        self.subscribe(bad, plan, at(2026, 4, 5))
        run = self.bill(at(2026, 4, 30))
        self.assertEqual((run.done_count, run.failed_count), (7, 1))
        [item] = run.item_ids.filtered(lambda item: item.state == "failed")
        self.assertEqual((item.tenant_id, item.reason), (bad, "unmapped_tax"))
        self.assertIn("is included in the price", item.detail)
        self.assertFalse(self.get_moves(bad))
        [activity] = bad.activity_ids
        self.assertEqual(activity.summary, "It could not be billed")
        product.taxes_id = self.vat_19
        run.action_resume()
        while run.state == "running":
            run._job_chunk(run.step)
        self.assertEqual((run.done_count, run.failed_count), (8, 0))
        self.assertEqual(len(self.get_moves(bad)), 2)
        self.assertFalse(bad.activity_ids)

    @mute_logger("odoo.addons.saas_billing_sync.billing.posting")
    def test_one_that_odoo_refuses(self):
        """One that fails as it is posted is found, and told without names."""
        bad = self.tenants[5]
        account = self.company_data["default_account_receivable"].copy()
        bad.partner_id.property_account_receivable_id = account
        account.active = False
        run = self.bill(at(2026, 4, 30))
        self.assertEqual((run.done_count, run.failed_count), (7, 1))
        [item] = run.item_ids.filtered(lambda item: item.state == "failed")
        self.assertEqual((item.tenant_id, item.reason), (bad, "posting_failed"))
        self.assertNotIn(bad.name, item.detail)
        self.assertFalse(self.get_moves(bad))
        self.assertFalse(self.read_charges(bad))

    def test_locked_period(self):
        """Nothing is booked into a locked period, and each tenant says so."""
        self.company.sudo().fiscalyear_lock_date = "2026-04-30"
        run = self.bill(at(2026, 4, 30))
        self.assertEqual((run.done_count, run.failed_count), (0, 8))
        self.assertEqual(set(run.item_ids.mapped("reason")), {"period_locked"})
        run = self.bill(at(2026, 4, 30), date=at(2026, 5, 1).date())
        self.assertEqual(run.done_count, 8)

    def test_preview_equals_the_run(self):
        """What is shown is what is billed, line by line; nothing is left of it."""
        cutoff = at(2026, 5, 4)
        told = self.preview(cutoff)
        self.assertEqual(self.read_all(), ([[]] * 8, [[]] * 8))
        self.bill(cutoff)
        for tenant in self.tenants:
            moves = self.get_moves(tenant)
            self.assertTrue(moves)
            self.assertPreviewed(told[tenant.id], moves)

    def test_cancelled_and_gone_on(self):
        """A run that is cancelled bills no more; what it left is due in the next
        one.
        """
        run = self.make_run(at(2026, 4, 30))
        run._job_chunk(0)
        run.action_cancel()
        self.assertEqual((run.state, run.done_count), ("cancelled", 3))
        run._job_chunk(1)
        self.assertEqual(run.done_count, 3)
        with self.assertRaisesRegex(UserError, "has ended"):
            run.action_cancel()
        self.assertEqual(self.bill(at(2026, 4, 30)).done_count, 5)

    def test_one_at_a_time(self):
        """Whoever begins a second run meanwhile is told so, and nobody else."""
        run = self.make_run(at(2026, 4, 30))
        second = run.copy({"state": "draft"})
        with self.assertNoLogs("odoo.sql_db", "WARNING"):
            with self.assertRaisesRegex(UserError, "at work. Wait until"):
                second.action_start()

    def test_nothing_is_due(self):
        """Whoever begins a run with nothing due is told so."""
        run = self.env["saas.billing.run"].create(
            {"cutoff": "2020-01-01", "invoice_date": "2020-01-01"}
        )
        with self.assertRaisesRegex(UserError, "Nothing is due by then"):
            run.action_start()

    def test_the_normal_way_books_the_same(self):
        """The fast way of writing documents and Odoo's form come to one entry."""
        entries = []
        for can in (True, False):
            savepoint = self.env.cr.savepoint()
            with patch.object(
                type(self.env["saas.ledger.journal_items"]),
                "_can_prepare",
                lambda *_args, can=can: can,
            ):
                self.bill(at(2026, 4, 30))
            entries.append(
                [
                    (move.payment_reference, move.ref, str(move.invoice_date_due))
                    + (self.read_entry(move), move.line_ids.mapped("name"))
                    + (read_record(move), [*map(read_record, move.line_ids.sorted())])
                    for tenant in self.tenants
                    for move in self.get_moves(tenant)
                ]
            )
            savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(*entries)

    def test_the_clock(self):
        """The clock begins one run for a company that has something due, and none where
        somebody else begins it.
        """
        runs = self.env["saas.billing.run"]
        self.company.bills_by_clock = False
        runs._cron_bill()
        self.assertFalse(runs.search([("company_id", "=", self.company.id)]))
        self.company.bills_by_clock = True
        runs._cron_bill()
        runs._cron_bill()
        run = runs.search([("company_id", "=", self.company.id)])
        self.assertEqual((len(run), run.state, run.is_scheduled), (1, "running", True))
        self.assertEqual(run.total_count, 8)
        self.assertLessEqual(aware(run.cutoff), at(2100, 1, 1))

    def test_the_clock_after_failures(self):
        """What failed for all that is due is not tried each hour: once a day is
        enough.
        """
        self.company.sudo().fiscalyear_lock_date = "2099-12-31"
        runs = self.env["saas.billing.run"]
        own = [("company_id", "=", self.company.id)]
        runs._cron_bill()
        run = runs.search(own)
        while run.state == "running":
            run._job_chunk(run.step)
        self.assertEqual(run.failed_count, 8)
        runs._cron_bill()
        self.assertEqual(runs.search_count(own), 1)
        run.started_at -= timedelta(days=2)
        runs._cron_bill()
        self.assertEqual(runs.search_count(own), 2)
