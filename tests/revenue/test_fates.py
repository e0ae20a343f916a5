"""What becomes of a schedule when a subscription is paused, when its end moves after
all was recognised, and when its source says that a line is for another period. 90.00
are served from January to March, 1.00 a day.

Covers revenue/change and ledger/revenue/moved.
"""

from datetime import UTC, datetime

from odoo.tests import tagged

from ..billing.common import at
from ..support import stripe_fixtures
from .common import RevenueCommon


def stamp(*parts):
    """Return an instant in UTC as seconds."""
    return int(datetime(*parts, tzinfo=UTC).timestamp())


@tagged("post_install", "-at_install")
class TestFates(RevenueCommon):
    """Another version counts from then on; older ones stay readable."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.create_plan(
            "quarter", base={"unit_price": "90", "cadence": "quarterly"}
        )

    def _start(self, **vals):
        """Begin a subscription of a tenant; return both and the schedule."""
        tenant = self.create_tenant(**vals)
        subscription = self.subscribe(tenant, self.plan, at(2026, 1, 1))
        self.bill(at(2026, 1, 1))
        [schedule] = self.env["saas.revenue.schedule"].search([])
        return tenant, subscription, schedule

    def _get_income(self):
        revenue = self.company_data["default_account_revenue"]
        lines = self.env["account.move.line"].search(
            [("account_id", "=", revenue.id), ("parent_state", "=", "posted")]
        )
        return -round(sum(lines.mapped("balance")), 2)

    def _get_reasons(self, schedule):
        return schedule.version_ids.sorted("number").mapped("reason")

    # -- a pause -----------------------------------------------------------------------

    def test_a_pause_that_gives_back(self):
        """From 11 February 49 days are given back; eleven are billed anew when it goes
        on, which end with their month.
        """
        tenant, subscription, schedule = self._start(pause_policy="credit")
        self.change(subscription, "paused", at(2026, 2, 11))
        self.bill(at(2026, 2, 11))
        back = self.env["saas.revenue.schedule"].search([("amount", "<", 0)])
        self.assertEqual(
            self.read_shares(back),
            [("2026-02", -1800, -1800), ("2026-03", -3100, -3100)],
        )
        self.assertEqual(self._get_reasons(schedule), ["posted"])
        self.recognize(2026, 2)
        self.assertEqual(self._get_income(), 31 + 10)
        self.change(subscription, "resumed", at(2026, 3, 21))
        self.bill(at(2026, 3, 21))
        self.recognize(2026, 3)
        self.assertEqual(self._get_income(), 31 + 10 + 11)
        self.assertEqual(len(self.get_moves(tenant)), 3)
        [row] = self.assertProved()
        self.assertEqual(row.booked, 0)

    def test_a_pause_that_keeps(self):
        """What was paid for is earned as it was shared out."""
        tenant, subscription, schedule = self._start(pause_policy="keep")
        self.change(subscription, "paused", at(2026, 2, 11))
        self.bill(at(2026, 2, 11))
        self.assertEqual(len(self.get_moves(tenant)), 1)
        self.assertEqual(self._get_reasons(schedule), ["posted"])
        for month, income in ((1, 31), (2, 59), (3, 90)):
            self.recognize(2026, month)
            self.assertEqual(self._get_income(), income)
        [row] = self.assertProved()
        self.assertEqual(row.booked, 0)

    # -- an end that moves -------------------------------------------------------------

    def _cancel(self):
        self.company.revenue_on_cancel = "at_once"
        _tenant, subscription, schedule = self._start(cancel_policy="keep")
        self.recognize(2026, 1)
        self.change(subscription, "canceled", at(2026, 2, 11))
        self.bill(at(2026, 2, 11))
        self.recognize(2026, 2)
        self.assertEqual((schedule.state, self._get_income()), ("served", 90))
        return subscription, schedule

    def test_the_end_moves_after_all_was_recognised(self):
        """From 11 February to 11 March: that year's March is given back its ten days
        and what was left.
        """
        subscription, schedule = self._cancel()
        subscription.date_canceled = "2026-03-11"
        self.recognize(2026, 2)
        self.assertEqual((schedule.state, self._get_income()), ("running", 59))
        self.assertFalse(self.recognize(2026, 2).move_ids)
        self.recognize(2026, 3)
        self.assertEqual((schedule.state, self._get_income()), ("served", 90))
        self.assertEqual(
            self._get_reasons(schedule), ["posted", "canceled", "canceled"]
        )
        self.assertProved()

    def test_the_end_is_withdrawn_after_all_was_recognised(self):
        """It is earned as before, also where its month is locked by now."""
        for policy, booked in (("catch_up", "2026-03-31"), ("restate", "2026-03-31")):
            with self.subTest(policy=policy), self.env.cr.savepoint() as save:
                subscription, schedule = self._cancel()
                self.company.fiscalyear_lock_date = "2026-02-28"
                subscription.date_canceled = False
                run = self.recognize(2026, 3, policy)
                self.assertEqual({str(move.date) for move in run.move_ids}, {booked})
                self.assertEqual(
                    [
                        (str(entry.month), entry.amount)
                        for entry in run.entry_ids.sorted("month")
                    ],
                    [("2026-02-01", -3100), ("2026-03-01", 3100)],
                )
                self.assertEqual((schedule.state, self._get_income()), ("served", 90))
                self.assertProved()
                save.rollback()

    # -- another period ----------------------------------------------------------------

    def _tell(self, name, start, end, **changes):
        payload = stripe_fixtures.load("basil", name, **changes)
        for line in payload["data"]["object"]["lines"]["data"]:
            line["period"] = {"start": stamp(*start), "end": stamp(*end)}
        return payload

    def test_a_period_is_corrected_at_the_source(self):
        """100 days from 2 November become 50: what has passed is caught up with."""
        told = self._tell("invoice.finalized", (2026, 11, 2), (2027, 2, 10))
        newer = self._tell("invoice.paid", (2026, 11, 2), (2026, 12, 22))
        for is_late in (False, True):
            with self.subTest(late=is_late), self.env.cr.savepoint() as save:
                first, second = (newer, told) if is_late else (told, newer)
                self.deliver(first)
                if not is_late:
                    self.recognize(2026, 11)
                    self.assertEqual(self._get_income(), 29)
                    self.company.fiscalyear_lock_date = "2026-11-30"
                self.deliver(second)
                [schedule] = self.env["saas.revenue.schedule"].search([])
                self.assertEqual(
                    self.read_shares(schedule),
                    [("2026-11", 5800, 5800), ("2026-12", 4200, 4200)],
                )
                if not is_late:
                    self.assertEqual(self._get_reasons(schedule), ["posted", "moved"])
                    self.assertEqual(
                        self.read_shares_of(schedule.version_ids.sorted("number")[0]),
                        [2900, 3100, 3100, 900],
                    )
                run = self.recognize(2026, 12, "restate")
                self.assertEqual(
                    {str(move.date)[:7] for move in run.move_ids},
                    {"2026-12"} if not is_late else {"2026-11", "2026-12"},
                )
                self.assertEqual(self._get_income(), 100)
                [row] = self.assertProved()
                self.assertEqual(row.booked, 0)
                save.rollback()

    def read_shares_of(self, version):
        """Return what each month earned by a version, in minor units."""
        return version.share_ids.mapped("amount")
