"""Payments, refunds, payouts, disputes and movements that a person booked by hand.

Covers handlers/payments/decided.
"""

from odoo.tests import tagged

from .deciding import DecidingCommon, load


@tagged("post_install", "-at_install")
class TestBoundMoney(DecidingCommon):
    """What was booked by hand counts in the proof, and is not booked again."""

    def test_a_bound_payment(self):
        """Its movement is proved, its invoice paid, its refund booked."""
        self.source.clearing_journal_id = False
        event = self.deliver(load("charge.succeeded"))
        self.source.clearing_journal_id = self.clearing_journal
        payment = self._enter_payment()
        self._bind(event, payment)
        self.assertState(event, "done")
        others = self.deliver(
            load("invoice.finalized"),
            load("invoice_payment.paid"),
            load("refund.created"),
            load("pulled.balance_transaction-charge"),
        )
        self.assertState(others, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "matched")
        self.assertEqual(
            payment.move_id.line_ids.filtered("reconciled").account_id,
            (self.company_data["default_account_receivable"]),
        )
        self.assertEqual(
            self._sum(),
            {"AR": 30, "FEE": 3.75, "REV": -100, "SC": 85.25, "TAX": -19},
        )
        self.assertWhole()

    def test_a_bound_payment_that_differs(self):
        """Nothing is booked for the rest; the proof shows what was decided."""
        self.source.clearing_journal_id = False
        event = self.deliver(load("charge.succeeded"))
        self.source.clearing_journal_id = self.clearing_journal
        self._bind(event, self._enter_payment(100), note="The bank kept the rest.")
        moved = self.deliver(
            load("invoice_payment.paid"), load("pulled.balance_transaction-charge")
        )
        self.assertState(moved[1], "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "decided")
        self.assertEqual(record.difference, 19)
        self.assertEqual(self._sum(), {"AR": -100, "FEE": 3.75, "SC": 96.25})

    def test_a_payment_bound_to_an_entry(self):
        receivable = self.company_data["default_account_receivable"]
        clearing = self.clearing_journal.default_account_id
        self.source.clearing_journal_id = False
        event = self.deliver(load("charge.succeeded"))
        self.source.clearing_journal_id = self.clearing_journal
        entry = self._enter_entry(clearing, receivable, 119)
        self._bind(event, entry)
        others = self.deliver(
            load("invoice.finalized"),
            load("invoice_payment.paid"),
            load("pulled.balance_transaction-charge"),
        )
        self.assertState(others, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "matched")
        self.assertEqual(
            self._sum(), {"FEE": 3.75, "REV": -100, "SC": 115.25, "TAX": -19}
        )

    def test_a_bound_payment_fails_late(self):
        """It is taken back."""
        event = self._stop(load("charge.succeeded-late"))
        self._bind(event, self._enter_payment(119), note="Its day is the bank's.")
        failed = self.deliver(load("charge.failed-late"))
        self.assertState(event | failed, "done")
        self.assertEqual(self._sum(), {})
        self.assertWhole()

    def test_a_payment_that_failed_before_it_was_bound(self):
        """The failure tells of the payment, too, so nothing is left to choose a record
        for: what a person has entered meanwhile is one too many, and the person hears.
        """
        event = self._stop(load("charge.succeeded-late"))
        payment = self._enter_payment(119)
        failed = self.deliver(load("charge.failed-late"))
        self._refuse(event, payment, "one too many", note="Its day is the bank's.")
        event.with_user(self.reviewer).action_retry()
        self.drain()
        self.assertState(event | failed, "done")
        self.assertEqual(self._sum(), {"AR": -119, "SC": 119})
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self._sum(), {})
        self.assertWhole()

    def test_an_entry_for_a_payment_that_fails_late(self):
        """A person takes an entry back that a person made."""
        receivable = self.company_data["default_account_receivable"]
        clearing = self.clearing_journal.default_account_id
        event = self._stop(load("charge.succeeded-late"))
        entry = self._enter_entry(clearing, receivable, 119)
        self._bind(event, entry, note="Its day is the bank's.")
        failed = self.deliver(load("charge.failed-late"))
        self.assertState(failed, "quarantined", "changed_by_person")
        self.assertIn(entry.name, failed.detail)
        back = self._enter_entry(receivable, clearing, 119)
        self._bind(failed, back, note="Its day is the bank's.")
        self.assertState(failed, "done")
        self.assertState(
            self.deliver({**load("charge.failed-late"), "id": "e2"}), "done"
        )
        self.assertEqual(self._sum(), {})

    def _stop(self, payload):
        """Deliver a payment that can't be booked until it is decided."""
        self.source.clearing_journal_id = False
        event = self.deliver(payload)
        self.source.clearing_journal_id = self.clearing_journal
        return event

    def test_a_bound_refund(self):
        event = self.deliver(load("refund.created"))
        self.assertState(event, "parked")
        refund = self._enter_payment(30, "outbound")
        self._bind(event, refund, note="Its day is the order's.")
        self.assertState(event, "done")
        self.deliver(load("charge.succeeded"))
        self.assertEqual(self._sum(), {"AR": -89, "SC": 89})

    def test_a_bound_payout(self):
        clearing = self.clearing_journal.default_account_id
        sent = self.company.transfer_account_id
        self.company.fiscalyear_lock_date = "2026-11-30"
        event = self.deliver(load("payout.paid"))
        self.assertState(event, "quarantined", "period_locked")
        entry = self._enter_entry(sent, clearing, 218.91, "2026-12-01")
        self.company.fiscalyear_lock_date = False
        self._refuse(event, self._enter_entry(clearing, sent, 218.91), "direction")
        self._bind(event, entry, note="November is closed.")
        self.assertState(event, "done")
        [payout] = self.env["saas.payout"].search([])
        self.assertEqual(payout.move_id, entry)
        moved = self.deliver(load("pulled.balance_transaction-payout"))
        self.assertState(moved, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "matched")

    def test_a_bound_movement(self):
        self.source.fee_account_id = False
        event = self.deliver(load("pulled.balance_transaction-stripe_fee"))
        self.assertState(event, "quarantined", "incomplete_setup")
        clearing = self.clearing_journal.default_account_id
        fact = event._read_facts()[0]
        expense = self.company_data["default_account_expense"]
        amount = -fact.net / 100
        self._bind(event, self._enter_entry(expense, clearing, amount), note="Its day.")
        self.assertState(event, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "matched")

    def test_a_bound_dispute(self):
        self.deliver(load("charge.captured"))
        account = self.source.dispute_account_id
        self.source.dispute_account_id = False
        event = self.deliver(load("charge.dispute.funds_withdrawn"))
        self.assertState(event, "quarantined", "incomplete_setup")
        self.source.dispute_account_id = account
        clearing = self.clearing_journal.default_account_id
        net = -sum(part.net for part in event._read_facts()[0].movements) / 100
        before = self._sum()
        self._bind(event, self._enter_entry(account, clearing, net), note="With fee.")
        self.assertState(event, "done")
        self.assertEqual(self._sum()["DISP"], net)
        self.assertEqual(self._sum()["SC"], round(before["SC"] - net, 2))
        moved = self.deliver(load("pulled.balance_transaction-dispute"))
        self.assertState(moved, "done")
        record = self.env["saas.balance.transaction"].search([], limit=1)
        self.assertEqual(record.match_state, "matched")
