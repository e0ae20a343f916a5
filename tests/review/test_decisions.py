"""That nothing is to be booked for an object: whatever events come before and after the
decision, and what belongs to the object.
"""

from itertools import permutations

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..support.session import create_person
from .deciding import DecidingCommon, load


@tagged("post_install", "-at_install")
class TestDecisions(DecidingCommon):
    """What is ignored for good stays ignored, in sight."""

    def test_an_ignored_invoice_stays_ignored(self):
        event = self._quarantine_invoice()
        self._ignore(event)
        self.assertState(event, "ignored", "ignored_by_person")
        later = self.deliver(load("invoice.paid"))
        self.assertState(later, "ignored", "ignored_by_person")
        self.assertIn("decider", later.detail)
        self.assertIn("It is in the old books.", later.detail)
        paid = self.deliver(load("invoice_payment.paid"))
        self.assertState(paid, "done")
        self.assertEqual(self._sum(), {"AR": -119, "SC": 119})
        [decision] = self.env["saas.resolution"].search([])
        self.assertEqual(
            (decision.kind, decision.choice, decision.author_id),
            ("invoice", "nothing", self.reviewer),
        )
        self.assertWhole()

    def test_ignoring_converges(self):
        """Whatever comes before the decision, and what after: the same books."""
        names = ("invoice.paid", "invoice_payment.paid", "charge.succeeded")
        results = set()
        for order in permutations((*names, None)):
            with self.env.cr.savepoint() as savepoint:
                event = self._quarantine_invoice()
                self.source.default_product_id = False
                for name in order:
                    if name:
                        self.deliver(load(name))
                    else:
                        self._ignore(event)
                states = self.env["saas.subscription.event"].search(
                    [("source_id", "=", self.source.id)]
                )
                self.assertLessEqual(set(states.mapped("state")), {"done", "ignored"})
                results.add(self.books())
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(len(results), 1)

    def test_what_belongs_to_an_ignored_invoice_asks_a_person(self):
        event = self._quarantine_invoice("invoice.finalized-to_credit")
        parked = self.deliver(load("credit_note.created-pre_payment"))
        self.assertState(parked, "parked")
        self._ignore(event)
        self.assertState(parked, "quarantined", "parent_ignored")
        self._ignore(parked)
        self.assertState(parked, "ignored", "ignored_by_person")
        self.assertEqual(self._sum(), {})

    def test_booked_after_all(self):
        event = self._quarantine_invoice()
        self._ignore(event)
        later = self.deliver(load("invoice.paid"))
        self.deliver(load("invoice_payment.paid"))
        self._press(later, "action_book_after_all", note="It is not there.")
        self.assertState(event | later, "done")
        self.assertEqual(self._sum(), {"REV": -100, "SC": 119, "TAX": -19})
        self.assertEqual(
            self.env["saas.resolution"].search([]).mapped("choice"), ["open", "nothing"]
        )
        self.assertWhole()

    def test_an_ignored_payment(self):
        """Its refund asks a person, its movement is explained, its fee is booked."""
        self.source.clearing_journal_id = False
        event = self.deliver(load("charge.succeeded"))
        self.source.clearing_journal_id = self.clearing_journal
        self.assertState(event, "quarantined", "incomplete_setup")
        refund = self.deliver(load("refund.created"))
        moved = self.deliver(load("pulled.balance_transaction-charge"))
        self.assertState(refund | moved, "parked")
        self._ignore(event)
        self.assertState(refund, "quarantined", "parent_ignored")
        self.assertState(moved, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "decided")
        self.assertEqual(self._sum(), {"FEE": 3.75, "SC": -3.75})
        self._ignore(refund)
        self.assertState(refund, "ignored", "ignored_by_person")

    def test_an_ignored_payment_told_by_its_part(self):
        """Ids that are told after the decision are known as the ignored payment's."""
        self.source.clearing_journal_id = False
        self.deliver(load("invoice.finalized"))
        event = self.deliver(load("invoice_payment.paid"))
        self.assertState(event, "quarantined", "incomplete_setup")
        self.source.clearing_journal_id = self.clearing_journal
        self._ignore(event)
        charge = self.deliver(load("charge.succeeded"))
        self.assertState(charge, "ignored", "ignored_by_person")
        moved = self.deliver(load("pulled.balance_transaction-charge"))
        self.assertState(moved, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "decided")

    def test_a_customer_is_ignored_by_event_alone(self):
        """Where there is no money, nothing is kept for the object."""
        event = self.deliver(load("refund.created"))
        self.assertState(event, "parked")
        self._ignore(event)
        self.assertTrue(self.env["saas.resolution"].search([]))
        event = self.deliver(load("charge.refunded"))
        count = self.env["saas.resolution"].search_count([])
        if event.state == "parked":
            self._ignore(event)
        self.assertEqual(self.env["saas.resolution"].search_count([]), count)

    def test_only_finance_decides(self):
        event = self._quarantine_invoice()
        for role in ("operator", "manager"):
            user = create_person(self, f"not_{role}", role)
            for method in ("action_ignore", "action_bind_record"):
                with self.assertRaises(AccessError):
                    getattr(event.with_user(user), method)()
        with self.assertRaises(AccessError):
            self._ignore(event)
            self.env["saas.resolution"].search([]).note = "forged"

    def test_an_ignored_payout(self):
        self.company.fiscalyear_lock_date = "2026-11-30"
        event = self.deliver(load("payout.paid"))
        self.assertState(event, "quarantined", "period_locked")
        self._ignore(event)
        self.assertState(event, "ignored", "ignored_by_person")
        self.assertEqual(self._sum(), {})
        moved = self.deliver(load("pulled.balance_transaction-payout"))
        self.assertState(moved, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "decided")

    def test_an_ignored_fee(self):
        """The payment is booked, its movement's fee is not."""
        self.deliver(load("charge.succeeded"))
        account, self.source.fee_account_id = self.source.fee_account_id, False
        event = self.deliver(load("pulled.balance_transaction-charge"))
        self.assertState(event, "quarantined", "incomplete_setup")
        self._ignore(event)
        self.source.fee_account_id = account
        self.assertState(event, "ignored", "ignored_by_person")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual((record.match_state, record.difference), ("decided", -3.75))
        self._press(event, "action_book_after_all", note="It is a fee.")
        self.assertState(event, "done")

    def test_an_ignored_dispute(self):
        self.deliver(load("charge.captured"))
        self.source.dispute_account_id = False
        event = self.deliver(load("charge.dispute.funds_withdrawn"))
        before = self._sum()
        self._ignore(event)
        self.assertState(event, "ignored", "ignored_by_person")
        moved = self.deliver(load("pulled.balance_transaction-dispute"))
        self.assertState(moved, "done")
        record = self.env["saas.balance.transaction"].search([], limit=1)
        self.assertEqual(record.match_state, "decided")
        self.assertEqual(self._sum(), before)
