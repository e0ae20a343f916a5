"""What happens later to money that a person booked by hand: a bank disputes it, it
comes back, or it is held for the customer.

Covers handlers/payments/decided, handlers/clearing/dispute_entry,
handlers/payments/held_cash and handlers/documents/credit_adjustment.
"""

from odoo.tests import tagged

from .deciding import DecidingCommon, load


@tagged("post_install", "-at_install")
class TestBoundLater(DecidingCommon):
    """Later facts find what a person said a thing is, in any order."""

    def test_a_dispute_of_a_bound_payment(self):
        """Withdrawn and lost, told before the decision or after it."""
        for is_first in (False, True):
            with self.subTest(is_first=is_first):
                savepoint = self.env.cr.savepoint()
                self.source.clearing_journal_id = False
                event = self.deliver(load("charge.captured"))
                self.source.clearing_journal_id = self.clearing_journal
                amount = event._read_facts()[0].amount / 100
                dispute = [
                    load("charge.dispute.funds_withdrawn"),
                    load("charge.dispute.closed"),
                ]
                told = self.deliver(*dispute) if is_first else event.browse()
                self._bind(event, self._enter_payment(amount), note="By its day.")
                told |= self.deliver(
                    *({**one, "id": f"{one['id']}again"} for one in dispute)
                )
                self.assertState(event | told, "done")
                [record] = self.env["saas.dispute"].search([])
                withdrawn = told[0]._read_facts()[0].movements
                net = sum(part.net for part in withdrawn) / 100
                fee = sum(part.fee for part in withdrawn) / 100
                lost = sum(part.amount for part in withdrawn) / 100
                self.assertEqual(record.state, "lost")
                self.assertEqual(
                    self._sum(),
                    {
                        "AR": -amount,
                        "CB": -lost,
                        "FEE": fee,
                        **({"SC": round(amount + net, 2)} if amount + net else {}),
                    },
                )
                self.assertWhole()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_bound_refund_comes_back(self):
        """It is taken back, whether that is told before the decision or after it."""
        for is_first in (False, True):
            with self.subTest(is_first=is_first):
                savepoint = self.env.cr.savepoint()
                event = self.deliver(load("refund.created-bounced"))
                self.assertState(event, "parked")
                back = load("refund.failed")
                told = self.deliver(back) if is_first else event.browse()
                self._bind(
                    event, self._enter_payment(20, "outbound"), note="By its day."
                )
                told |= self.deliver({**back, "id": "evt_back_again"})
                self.assertState(event | told, "done")
                self.deliver(load("charge.succeeded"))
                self.assertEqual(self._sum(), {"AR": -119, "SC": 119})
                self.assertWhole()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_held_cash_that_was_booked_by_hand(self):
        """What a payment takes out of it later is booked as ever."""
        name = "customer_cash_balance_transaction.created-funded"
        account, self.source.balance_account_id = self.source.balance_account_id, False
        event = self.deliver(load(name))
        self.assertState(event, "quarantined", "incomplete_setup")
        self.source.balance_account_id = account
        amount = event._read_facts()[0].amount / 100
        clearing = self.clearing_journal.default_account_id
        entry = self._enter_entry(clearing, account, amount)
        self._bind(event, entry, note="By its day.")
        again = self.deliver({**load(name), "id": "evt_again"})
        self.assertState(event | again, "done")
        self.assertEqual(self._sum(), {"BAL": -amount, "SC": amount})
        self.assertWhole()

    def test_held_cash_that_is_ignored(self):
        name = "customer_cash_balance_transaction.created-funded"
        account, self.source.balance_account_id = self.source.balance_account_id, False
        event = self.deliver(load(name))
        self.source.balance_account_id = account
        self._ignore(event)
        again = self.deliver({**load(name), "id": "evt_again"})
        self.assertState(event | again, "ignored", "ignored_by_person")
        self.assertEqual(self._sum(), {})

    def test_an_adjustment_that_was_booked_by_hand(self):
        """It is told by a read, and read again."""
        name = "pulled.customer_balance_transaction-adjustment"
        account = self.source.adjustment_account_id
        self.source.adjustment_account_id = False
        event = self.deliver(load(name))
        self.assertState(event, "quarantined", "incomplete_setup")
        self.source.adjustment_account_id = account
        amount = event._read_facts()[0].amount / 100
        sides = (account, self.source.balance_account_id)
        entry = self._enter_entry(*(sides if amount > 0 else sides[::-1]), abs(amount))
        self._bind(event, entry, note="By its day.")
        again = self.deliver({**load(name), "id": "evt_again"})
        self.assertState(event | again, "done")
        self.assertEqual(self._sum(), {"ADJ": amount, "BAL": -amount})
        self.assertWhole()

    def test_an_adjustment_that_is_ignored_and_booked_after_all(self):
        name = "pulled.customer_balance_transaction-adjustment"
        account = self.source.adjustment_account_id
        self.source.adjustment_account_id = False
        event = self.deliver(load(name))
        self.source.adjustment_account_id = account
        amount = event._read_facts()[0].amount / 100
        self._ignore(event)
        again = self.deliver({**load(name), "id": "evt_again"})
        self.assertState(event | again, "ignored", "ignored_by_person")
        self.assertEqual(self._sum(), {})
        self._press(event, "action_book_after_all", note="It is in no other books.")
        self.assertState(event, "done")
        self.assertEqual(self._sum(), {"ADJ": amount, "BAL": -amount})
