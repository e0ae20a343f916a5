"""What credit notes and void documents do to deferred revenue, as whole journal
entries. 100.00 are served from 2 November to 9 February, 1.00 a day.

Covers ledger/revenue/by_hand and ledger/revenue/taken_back.
"""

from datetime import UTC, datetime

from odoo.tests import tagged

from ..support import stripe_fixtures
from .common import RevenueCommon


def stamp(*parts):
    """Return an instant in UTC as seconds."""
    return int(datetime(*parts, tzinfo=UTC).timestamp())


@tagged("post_install", "-at_install")
class TestTakenBack(RevenueCommon):
    """Mirrored documents that are credited, or void."""

    def _load(self, name, **changes):
        """Return an event about a document whose lines are for the 100 days."""
        payload = stripe_fixtures.load("basil", name, **changes)
        for line in payload["data"]["object"]["lines"]["data"]:
            if line.get("period"):
                line["period"] = {
                    "start": stamp(2026, 11, 2),
                    "end": stamp(2027, 2, 10),
                }
        return payload

    def _deliver(self, *payloads):
        self.assertState(self.deliver(*payloads), "done")

    def _find(self, payload):
        ref = payload["data"]["object"]["id"]
        return self.env["account.move"].search([("saas_external_id", "=", ref)])

    def _get_shares(self, move):
        found = self.env["saas.revenue.schedule"].search([("move_id", "=", move.id)])
        return [(month[5:], amount) for month, amount, _b in self.read_shares(found)]

    def _void(self, *day):
        """Return the event of the invoice that is made void on a day."""
        payload = self._load("invoice.voided")
        moments = payload["data"]["object"]["status_transitions"]
        moments["voided_at"] = payload["created"] = stamp(*day)
        return payload

    # -- credit notes ----------------------------------------------------------------

    def test_a_credit_note(self):
        """10.00 are given back when 13 of 100 days are served."""
        for crediting, expected in (
            ("proportional", [-290, -310, -310, -90]),
            ("prospective", [-184, -356, -357, -103]),
            ("retrospective", [-290, -310, -310, -90]),
        ):
            with self.subTest(crediting=crediting), self.env.cr.savepoint() as save:
                self.company.revenue_crediting = crediting
                credit = self._load("credit_note.created-balance")
                self._deliver(self._load("invoice.finalized"), credit)
                move = self._find(credit)
                self.assertEqual(
                    [line[:3] for line in self.journal_items(move)],
                    ["AR ", "TAX", "DEF"],
                )
                months = ("11", "12", "01", "02")
                self.assertEqual(
                    self._get_shares(move), [*zip(months, expected, strict=True)]
                )
                run = self.recognize(2026, 11)
                nov = -expected[0] / 100
                self.assertEqual(
                    self.read_run(run),
                    [
                        (
                            "2026-11-30",
                            [
                                "REV -29.00",
                                f"REV {nov:+.2f}",
                                f"DEF {-nov:+.2f}",
                                "DEF +29.00",
                            ],
                        )
                    ],
                )
                self.recognize(2027, 2)
                [row] = self.assertProved()
                self.assertEqual(row.booked, 0)
                save.rollback()

    def test_a_credit_note_of_what_was_earned_at_once(self):
        """The invoice was posted before anything was deferred."""
        self.company.revenue_deferred_from = False
        self._deliver(self._load("invoice.finalized"))
        self.company.revenue_deferred_from = "2025-01-01"
        credit = self._load("credit_note.created-balance")
        self._deliver(credit)
        self.assertEqual(
            self.journal_items(self._find(credit))[1:],
            ["REV +10.00 {19% VAT}", "TAX +1.90"],
        )
        self.assertFalse(self.env["saas.revenue.schedule"].search([]))

    def test_a_credit_note_by_hand(self):
        """Of the whole, by Odoo's own button: what was recognised is taken back at
        once, and nothing is earned any more.
        """
        invoice = self._load("invoice.finalized")
        self._deliver(invoice)
        self.recognize(2026, 11)
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": self._find(invoice).ids,
                "date": "2026-11-20",
                "journal_id": self._find(invoice).journal_id.id,
            }
        )
        wizard.reverse_moves()
        credit = wizard.new_move_ids
        credit.action_post()
        self.assertEqual(
            self._get_shares(credit),
            [("11", -2900), ("12", -3100), ("01", -3100), ("02", -900)],
        )
        self.assertProved()
        # A second time, after it was set to draft.
        credit.button_draft()
        credit.action_post()
        self.recognize(2027, 2)
        [row] = self.assertProved()
        self.assertEqual(row.booked, 0)

    # -- void ------------------------------------------------------------------------

    def test_a_void_invoice(self):
        """29, the other way round: what was recognised is taken back when it is made
        void.
        """
        invoice = self._load("invoice.finalized-to_void")
        self._deliver(invoice)
        self.recognize(2026, 11)
        self._deliver(self._void(2026, 12, 6))
        run = self.recognize(2026, 12)
        self.assertEqual(
            self.read_run(run),
            [
                (
                    "2026-12-31",
                    ["REV -71.00", "REV +100.00", "DEF -100.00", "DEF +71.00"],
                )
            ],
        )
        [row] = self.assertProved()
        self.assertEqual(row.booked, 0)
        self.assertEqual(
            set(self.env["saas.revenue.schedule"].search([]).mapped("state")),
            {"served"},
        )
        self.assertFalse(self.recognize(2027, 3).move_ids)

    def test_a_void_invoice_after_the_month_was_locked(self):
        self._deliver(self._load("invoice.finalized-to_void"))
        self.recognize(2026, 11)
        self.company.fiscalyear_lock_date = "2026-11-30"
        self._deliver(self._void(2026, 12, 6))
        run = self.recognize(2026, 12, "restate")
        self.assertEqual({str(move.date) for move in run.move_ids}, {"2026-12-31"})
        [row] = self.assertProved()
        self.assertEqual(row.booked, 0)

    def test_a_void_invoice_with_a_credit_note(self):
        """In either order: nothing is left of either, and nothing was earned."""
        for is_late in (False, True):
            with self.subTest(late=is_late), self.env.cr.savepoint() as save:
                invoice = self._load("invoice.finalized-to_void")
                told = invoice["data"]["object"]
                credit = self._load("credit_note.created-pre_payment")
                credit["data"]["object"]["invoice"] = told["id"]
                [line] = credit["data"]["object"]["lines"]["data"]
                line["invoice_line_item"] = told["lines"]["data"][0]["id"]
                self._deliver(invoice)
                if not is_late:
                    self._deliver(credit)
                self.recognize(2026, 11)
                self._deliver(self._void(2026, 12, 6))
                if is_late:
                    self._deliver(credit)
                self.recognize(2027, 3)
                [row] = self.assertProved()
                self.assertEqual(row.booked, 0)
                revenue = self.company_data["default_account_revenue"]
                lines = self.env["account.move.line"].search(
                    [("account_id", "=", revenue.id), ("parent_state", "=", "posted")]
                )
                self.assertEqual(round(sum(lines.mapped("balance")), 2), 0)
                save.rollback()
