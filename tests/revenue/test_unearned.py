"""Losses of invoices that are deferred, as whole journal entries. 100.00 are served
from 2 November to 9 February, 1.00 a day; 18 days are served when it is given up.

Covers ledger/revenue/unearned.
"""

from datetime import UTC, datetime

from odoo.tests import tagged

from ..support import stripe_fixtures
from .common import RevenueCommon

_SERVED = {
    "start": int(datetime(2026, 11, 2, tzinfo=UTC).timestamp()),
    "end": int(datetime(2027, 2, 10, tzinfo=UTC).timestamp()),
}


@tagged("post_install", "-at_install")
class TestUnearned(RevenueCommon):
    """Only what was served is a bad debt."""

    def _deliver(self, *names):
        payloads = [stripe_fixtures.load("basil", name) for name in names]
        for payload in payloads:
            lines = payload["data"]["object"].get("lines", {}).get("data", ())
            for line in lines:
                if line.get("period"):
                    line["period"] = _SERVED
        self.assertState(self.deliver(*payloads), "done")

    def _read_entries(self):
        """Return the days and the journal items of all entries but recognition."""
        moves = self.env["account.move"].search(
            [("move_type", "=", "entry"), ("saas_tenant_id", "!=", False)], order="id"
        )
        return [(str(move.date), self.journal_items(move)) for move in moves]

    def _get_income(self):
        revenue = self.company_data["default_account_revenue"]
        lines = self.env["account.move.line"].search(
            [("account_id", "=", revenue.id), ("parent_state", "=", "posted")]
        )
        return -round(sum(lines.mapped("balance")), 2)

    def test_given_up(self):
        """29: what was not served is taken from the deferred account."""
        self._deliver("invoice.marked_uncollectible")
        self.assertEqual(
            self._read_entries(),
            [
                ("2026-11-20", ["AR -119.00", "BAD +119.00"]),
                ("2026-11-20", ["BAD -82.00", "DEF +82.00"]),
            ],
        )
        [row] = self.assertProved()
        self.assertEqual(row.booked, 18)
        run = self.recognize(2026, 11)
        self.assertEqual(
            self.read_run(run),
            [
                (
                    "2026-11-30",
                    ["REV -29.00", "REV +11.00", "DEF -11.00", "DEF +29.00"],
                )
            ],
        )
        self.recognize(2027, 2)
        self.assertEqual(self._get_income(), 18)
        [row] = self.assertProved()
        self.assertEqual(row.booked, 0)

    def test_paid_after_all(self):
        """The loss is taken back, and the rest is earned after all."""
        self._deliver("invoice.marked_uncollectible")
        self.recognize(2026, 11)
        self._deliver("invoice_payment.paid-recovered", "invoice.paid-recovered")
        self.assertEqual(
            [items for _day, items in self._read_entries() if "DEF" in items[-1]],
            [["BAD -82.00", "DEF +82.00"], ["BAD +82.00", "DEF -82.00"]],
        )
        [row] = self.assertProved()
        self.assertEqual(row.booked, 82)
        self.recognize(2027, 2)
        self.assertEqual(self._get_income(), 100)
        [row] = self.assertProved()
        self.assertEqual(row.booked, 0)

    def test_given_up_and_then_void(self):
        self._deliver(
            "invoice.marked_uncollectible-to_void", "invoice.voided-uncollectible"
        )
        self.recognize(2027, 2)
        self.assertEqual(self._get_income(), 0)
        [row] = self.assertProved()
        self.assertEqual(row.booked, 0)

    def test_a_part_of_it_is_lost(self):
        """Some of it was paid: that share goes on being earned."""
        self._deliver(
            "invoice_payment.paid-lost_part", "invoice.marked_uncollectible-partial"
        )
        entries = [items for _day, items in self._read_entries() if len(items) == 2]
        lost = [items for items in entries if items[0].startswith("AR -")]
        self.assertTrue(lost)
        self.assertProved()
        self.recognize(2027, 2)
        [row] = self.assertProved()
        self.assertEqual(row.booked, 0)

    def test_tax_relief(self):
        self.source.bad_debt_tax_relief = True
        self._deliver("invoice.marked_uncollectible")
        self.assertEqual(
            self._read_entries(), [("2026-11-20", ["BAD -82.00", "DEF +82.00"])]
        )
        self.assertProved()
