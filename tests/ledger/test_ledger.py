"""What every booking goes through: its day, its rate, its journal and its accounts.

Covers ledger/currency, ledger/entry, ledger/period, ledger/rates and ledger/reversal.
"""

from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import tagged

from ...canonical.errors import Quarantine
from ..support import stripe_fixtures
from ..support.common import SaasCommon

#: What is booked in each way: the events before it, and the one that books it.
_WAYS = {
    "payment": (["customer.created"], "charge.succeeded"),
    "entry in the clearing journal": ([], "payout.paid"),
    "entry beside a document": (
        ["customer.created"],
        "pulled.customer_balance_transaction-adjustment",
    ),
    "reversal of a document": (["invoice.finalized-to_void"], "invoice.voided"),
    "reversal of a payment": (
        ["customer.created", "charge.succeeded", "refund.created"],
        "refund.failed",
    ),
    "reversal of an entry": (["payout.paid-bounced"], "payout.failed"),
}


@tagged("post_install", "-at_install")
class TestLedger(SaasCommon):
    def test_nothing_is_booked_on_another_day(self):
        """Odoo moves an entry where a lock forbids its day. The ledger asks before;
        should Odoo decide otherwise then, nothing may remain of the entry.
        """
        period = self.env.registry["saas.ledger.period"]
        for way, (before, name) in _WAYS.items():
            with self.subTest(way=way), self.env.cr.savepoint() as savepoint:
                self.assertState(self._deliver(*before), "done")
                books = self.books()
                self.company.fiscalyear_lock_date = "2026-12-31"
                with patch.object(period, "_get_error", lambda *args, **kwargs: None):
                    event = self._deliver(name)
                self.assertState(event, "quarantined", "period_locked")
                self.assertEqual(self.books(), books)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_locked_day_is_refused_before_it_is_booked(self):
        self.company.fiscalyear_lock_date = "2026-12-31"
        for name in ("invoice.finalized", "payout.paid"):
            with self.subTest(event=name):
                event = self._deliver(name)
                self.assertState(event, "quarantined", "period_locked")
                self.assertIn("is in a locked period", event.detail)
        self.assertFalse(self.books())

    def test_kept_days(self):
        period = self.env["saas.ledger.period"]
        self.assertState(self._deliver("payout.paid"), "done")
        move = self.env["account.move"].search(
            [("saas_source_id", "=", self.source.id)]
        )
        period._check_kept(move, [move.date])
        with self.assertRaisesRegex(Quarantine, "period_locked"):
            period._check_kept(move, [date(2026, 1, 1)])

    def test_rates_are_odoo_s(self):
        """Each currency and day is looked up once, and converts as Odoo does."""
        rates = self.env["saas.ledger.rates"]
        day, own = date(2026, 11, 2), self.company.currency_id
        found = rates._get(
            self.source,
            [(self.eur.id, day), (self.jpy.id, day), (own.id, day), (own.id, day)],
        )
        self.assertEqual(
            found, {(self.eur.id, day): 0.8, (self.jpy.id, day): 100, (own.id, day): 1}
        )
        for amount in ("119.00", "-0.01", "33.33"):
            with self.subTest(amount=amount):
                expected = self.eur._convert(float(amount), own, self.company, day)
                self.assertEqual(
                    rates._convert(self.source, Decimal(amount), 0.8),
                    Decimal(str(expected)),
                )

    def test_what_a_source_lacks_is_said_before_it_books(self):
        """The journal comes first; each sentence names what is to be set up."""
        self.source.dispute_account_id = False
        names = ("customer.created", "charge.captured")
        self.assertState(self._deliver(*names), "done")
        event = self._deliver("charge.dispute.funds_withdrawn")
        self.assertState(event, "quarantined", "incomplete_setup")
        self.assertIn("Disputed Funds", event.detail)

    def test_the_bank_line_loses_its_suspense(self):
        """A payout and its line on the bank's statement close each other."""
        self.assertState(self._deliver("payout.paid"), "done")
        payout = self.env["saas.payout"].search([("source_id", "=", self.source.id)])
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.payout_journal.id,
                "date": payout.arrival_date,
                "payment_ref": "payout",
                "amount": payout.amount,
            }
        )
        account = self.company.transfer_account_id
        self.env["saas.ledger.settlement"]._reconcile_bank_line(
            payout.move_id, account, line
        )
        self.assertTrue(line.is_reconciled)
        both = (payout.move_id | line.move_id).line_ids
        transfers = both.filtered(lambda item: item.account_id == account)
        self.assertEqual(len(transfers), 2)
        self.assertTrue(all(transfers.mapped("reconciled")))

    def _deliver(self, *names):
        """Deliver fixtures of the newest shape, in one batch."""
        return self.deliver(*(stripe_fixtures.load("basil", name) for name in names))
