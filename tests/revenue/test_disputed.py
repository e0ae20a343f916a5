"""Disputes of payments of deferred invoices that are lost, as whole journal entries.
100.00 are served from 2 November to 9 February, 1.00 a day; ten days are served when
the dispute is lost.

Covers ledger/revenue/disputed and ledger/revenue/taken_out.
"""

import random
from datetime import UTC, datetime

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import FULL, SEED
from .common import RevenueCommon


def stamp(*parts):
    """Return an instant in UTC as seconds."""
    return int(datetime(*parts, tzinfo=UTC).timestamp())


_SERVED = {"start": stamp(2026, 11, 2), "end": stamp(2027, 2, 10)}
_CHARGE = ("ch_1M33AEnVLUKvviPFkZ36Vgwn", "pi_1yE2h8kSFz56Q6EbVZboU0bL")
_PAID = ("invoice.finalized", "charge.succeeded", "invoice_payment.paid")


@tagged("post_install", "-at_install")
class TestDisputed(RevenueCommon):
    """Service may end with a dispute that is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.revenue_on_dispute = "at_loss"

    def _load(self, name):
        payload = stripe_fixtures.load("basil", name)
        for line in payload["data"]["object"].get("lines", {}).get("data", ()):
            if line.get("period"):
                line["period"] = _SERVED
        return payload

    def _dispute(self, name, moment, amount=11900):
        """Return an event of a dispute of the invoice's payment."""
        payload = self._load(name)
        told = payload["data"]["object"]
        payload["created"] = stamp(*moment)
        told["id"] = "dp_deferred"
        told["charge"], told["payment_intent"] = _CHARGE
        told["amount"] = amount
        for movement in told["balance_transactions"]:
            sign = -1 if movement["amount"] < 0 else 1
            movement["id"] += "x"
            movement["amount"] = sign * amount
            movement["net"] = movement["amount"] - movement["fee"]
        return payload

    def _lost(self, amount=11900):
        return self._dispute(
            "charge.dispute.closed-appeal_lost", (2026, 11, 12), amount
        )

    def _won(self, amount=11900):
        return self._dispute("charge.dispute.closed-appeal_won", (2026, 12, 6), amount)

    def _deliver(self, *payloads):
        payloads = [self._load(p) if isinstance(p, str) else p for p in payloads]
        self.assertState(self.deliver(*payloads), "done")

    def _read_taken(self):
        """Return the days and items of what is taken from the deferred account."""
        moves = self.env["account.move"].search(
            [("saas_dispute_id", "!=", False)], order="id"
        )
        found = [(str(move.date), self.journal_items(move)) for move in moves]
        return [
            (day, items)
            for day, items in found
            if any(item.startswith("DEF") for item in items)
        ]

    def _get_balance(self, name):
        [account] = [account for account, n in self.accounts.items() if n == name]
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("balance")), 2)

    def _end(self):
        """Recognise all; return what is earned and what is lost."""
        self.assertProved()
        self.recognize(2027, 2)
        [row] = self.assertProved()
        self.assertEqual(row.booked, 0)
        return -self._get_balance("REV"), self._get_balance("CB")

    # -- the company's policy ----------------------------------------------------------

    def test_it_goes_on_as_it_was(self):
        self.company.revenue_on_dispute = "unchanged"
        self._deliver(*_PAID, self._lost())
        self.company.revenue_on_dispute = "at_loss"
        self._deliver("credit_note.created-balance")
        self.assertEqual(self._read_taken(), [])
        self.assertEqual(self._end(), (90, 119))

    def test_it_ends_with_the_loss(self):
        """Only what was served is lost."""
        self._deliver(*_PAID, self._lost())
        self.assertEqual(
            self._read_taken(), [("2026-11-12", ["CB -90.00", "DEF +90.00"])]
        )
        [schedule] = self.env["saas.revenue.schedule"].search([("amount", "<", 0)])
        self.assertEqual(schedule.version_id.reason, "disputed")
        self.assertEqual(
            [(month, amount) for month, amount, _b in self.read_shares(schedule)],
            [
                ("2026-11", -1900),
                ("2026-12", -3100),
                ("2027-01", -3100),
                ("2027-02", -900),
            ],
        )
        self._deliver(self._lost() | {"id": "evt_again"})
        self.assertEqual(self._end(), (10, 29))

    # -- what comes after it -----------------------------------------------------------

    def test_won_after_all(self):
        """It is earned as before, the months that have passed with it."""
        self._deliver(*_PAID, self._lost())
        self.recognize(2026, 11)
        self._deliver(self._won())
        self.assertEqual(
            self._read_taken(),
            [
                ("2026-11-12", ["CB -90.00", "DEF +90.00"]),
                ("2026-12-06", ["CB +90.00", "DEF -90.00"]),
            ],
        )
        run = self.recognize(2026, 12)
        self.assertEqual(
            -sum(
                line.balance
                for line in run.move_ids.line_ids
                if self.accounts[line.account_id] == "REV"
            ),
            31 + 19,
        )
        self.assertEqual(self._end(), (100, 0))

    def test_a_part_of_it_is_lost(self):
        """59.50 of 119.00: half of what was not served."""
        self._deliver(*_PAID, self._lost(5950))
        self.assertEqual(
            self._read_taken(), [("2026-11-12", ["CB -45.00", "DEF +45.00"])]
        )
        self.assertEqual(self._end(), (55, 14.5))

    def test_a_credit_note_of_a_part(self):
        """10.00 are given back on 15 November, when nothing was served any more: of the
        90.00 that were not served, 80.00 are taken out of the loss.
        """
        for is_late in (False, True):
            with self.subTest(late=is_late), self.env.cr.savepoint() as save:
                credit = "credit_note.created-balance"
                told = [self._lost(), credit] if is_late else [credit, self._lost()]
                self._deliver(*_PAID, *told)
                self.assertEqual(self._end(), (10, 39))
                save.rollback()

    def test_void_after_it_was_lost(self):
        """Nothing of the invoice is left, so the loss is a loss of money alone."""
        self._deliver(*_PAID, self._lost())
        invoice = self.env["account.move"].search([("move_type", "=", "out_invoice")])
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": invoice.ids,
                "date": "2026-11-20",
                "journal_id": invoice.journal_id.id,
            }
        )
        wizard.reverse_moves()
        wizard.new_move_ids.action_post()
        self._deliver(self._lost() | {"id": "evt_again"})
        self.assertEqual(
            self._read_taken(),
            [
                ("2026-11-12", ["CB -90.00", "DEF +90.00"]),
                ("2026-11-20", ["CB +90.00", "DEF -90.00"]),
            ],
        )
        self.assertEqual(self._end(), (0, 119))

    def test_any_order_ends_in_the_same_books(self):
        told = [
            *map(self._load, (*_PAID, "credit_note.created-balance")),
            self._lost(),
            self._won(),
        ]
        for ending, expected in ((told[:5], (10, 39)), (told, (90, 0))):
            for number in range(24 if FULL else 4):
                rng = random.Random(SEED + number)
                order = rng.sample(ending, len(ending))
                with self.subTest(seed=SEED + number), self.env.cr.savepoint() as save:
                    for payload in order:
                        self.deliver(payload)
                        if rng.random() < 0.3:
                            month = rng.choice([(2026, 11), (2026, 12), (2027, 1)])
                            self.recognize(*month, rng.choice(["catch_up", "restate"]))
                    self.assertEqual(self._end(), expected)
                    save.rollback()
