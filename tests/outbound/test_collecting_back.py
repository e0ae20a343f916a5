"""Money that fails, or is taken back long after it came: the invoice is open again,
with the right books, and can be collected anew.

Covers handlers/notices/collection and models/odoo/account_move_collection.
"""

from itertools import permutations

from odoo.tests import tagged

from ...canonical.payments.collecting import CollectionReason
from .collecting_common import CollectingCommon

PAID = [
    "2026-11-01 out_invoice paid",
    "    AR +35.70",
    "    REV -30.00 {19% VAT}",
    "    TAX -5.70",
    "2026-11-03 entry",
    "    AR -35.70",
    "    SC +35.70",
]
TAKEN_BACK = [
    "2026-11-01 out_invoice not_paid",
    "    AR +35.70 open +35.70",
    "    REV -30.00 {19% VAT}",
    "    TAX -5.70",
    "2026-11-03 entry",
    "    AR -35.70",
    "    SC +35.70",
    "2026-11-07 entry",
    "    AR +35.70",
    "    SC -35.70",
]
COLLECTED_AGAIN = [
    *PAID,
    "2026-11-07 entry",
    "    AR +35.70",
    "    SC -35.70",
    "2026-11-10 entry",
    "    AR -35.70",
    "    SC +35.70",
]
SENT_BACK = [
    *PAID,
    "2026-11-06 entry",
    "    AR +35.70",
    "    SC -35.70",
    "2026-11-10 entry",
    "    AR -35.70",
    "    SC +35.70",
]


@tagged("post_install", "-at_install")
class TestCollectingBack(CollectingCommon):
    """The books after each turn of the story."""

    def assertBooks(self, lines):
        self.assertEqual(self.books().splitlines(), lines)
        self.assertWhole(self.own)
        self.assertWhole(self.gateway)

    def test_declined(self):
        """The debit was taken on, and fails before any money came."""
        command = self.collect()
        reason = CollectionReason.FUNDS
        fact = self.outcome(command, "failed", reason=reason)
        self.assertState(self.tell(self.gateway, fact), "done")
        move = command.move_id
        self.assertCommand(command, "failed", "insufficient_funds")
        self.assertEqual((move.payment_state, move.amount_residual), ("not_paid", 35.7))
        self.assertIn("not enough money", move.activity_ids.summary)
        self.assertIn("not enough money", self.tenant.collection_problem)
        self.assertEqual(self.tenant.collection_state, "past_due")
        self.assertEqual(
            self.read_actions(command), ["collection_ordered", "collection_refused"]
        )
        self.assertIn("collection_failed", self.read_actions(move))

    def test_failed_late(self):
        command = self.collect()
        self.tell(self.gateway, *self.paid(command))
        self.assertBooks(PAID)
        self.assertState(self.tell(self.gateway, *self.gone(command)), "done")
        self.assertCommand(command, "failed", "failed_late")
        self.assertBooks(TAKEN_BACK)
        move = command.move_id
        self.assertEqual(move.saas_state, "open")
        self.assertIn("open again", move.activity_ids.summary)

    def test_charged_back_and_collected_again(self):
        command = self.collect()
        self.tell(self.gateway, *self.paid(command))
        reason = CollectionReason.CHARGED_BACK
        self.tell(self.gateway, *self.gone(command, reason=reason))
        self.assertCommand(command, "failed", "charged_back")
        self.assertIn("taken the money back", self.tenant.collection_problem)
        again = self.env["saas.collection"]._request(command.move_id)
        self.run_jobs()
        self.assertFalse(self.tenant.collection_problem)
        self.tell(self.gateway, *self.paid(again, day=8))
        self.assertCommand(again, "succeeded")
        self.assertBooks(COLLECTED_AGAIN)
        self.assertFalse(command.move_id.activity_ids)
        self.assertEqual(command.move_id.saas_state, "paid")
        self.assertFalse(self.tenant.collection_problem)

    def test_sent_back_and_collected_again(self):
        """No credit note explains a refund. Once a person has said that it gives the
        payment back, the invoice is open, and its money is collected as any other's.
        """
        command = self.collect()
        self.tell(self.gateway, *self.paid(command))
        move, ref = command.move_id, command.external_id
        refund = self.refund(payment=ref, amount=3570, day=4, customer="c_ada")
        self.assertState(self.tell(self.gateway, refund), "done")
        self.assertFalse(move.saas_can_collect)
        self.assertEqual(move.saas_state, "paid")
        move.line_ids.remove_move_reconcile()
        self.assertEqual((move.saas_state, move.saas_state_date), ("open", False))
        booked = self.env["account.payment"].search([("saas_source_id", "!=", False)])
        items = booked.move_id.line_ids.filtered(
            lambda item: item.account_type == "asset_receivable"
        )
        items.reconcile()
        self.assertEqual(move.amount_residual, 35.70)
        self.assertTrue(move.saas_can_collect)
        again = self.start(move)
        self.run_jobs()
        self.assertCommand(again, "pending")
        self.assertEqual(again.total, 35.70)
        self.tell(self.gateway, *self.paid(again, day=8))
        self.assertEqual((move.saas_state, move.amount_residual), ("paid", 0))
        self.assertBooks(SENT_BACK)

    def test_part_sent_back(self):
        """Only what was sent back may be collected again."""
        command = self.collect()
        self.tell(self.gateway, *self.paid(command))
        move, ref = command.move_id, command.external_id
        refund = self.refund(payment=ref, amount=1000, day=4, customer="c_ada")
        self.tell(self.gateway, refund)
        move.line_ids.remove_move_reconcile()
        self.assertEqual(self.start(move).total, 10)

    def test_two_payments_and_one_taken_back(self):
        """A customer has paid twice for one order. Whatever is told first, the money
        that is left is the order's, and pays the invoice.
        """
        command = self.collect()
        told = (
            self.paid(command, "pay_1", day=1),
            self.paid(command, "pay_2", day=2),
            self.gone(command, "pay_1", reason=CollectionReason.CHARGED_BACK),
        )
        savepoint = self.env.cr.savepoint()
        for order in permutations(told):
            for fact in order:
                self.tell(self.gateway, *fact)
            self.assertCommand(command, "succeeded")
            self.assertEqual(command.external_id, "pay_2")
            move = command.move_id
            self.assertEqual((move.amount_residual, move.saas_state), (0, "paid"))
            self.assertFalse(move.activity_ids)
            self.assertFalse(self.tenant.collection_problem)
            savepoint.rollback()
            self.env.invalidate_all()

    def test_two_payments_and_both_taken_back(self):
        """The last one that was taken back says why."""
        command = self.collect()
        told = (
            self.paid(command, "pay_1", day=1),
            self.paid(command, "pay_2", day=2),
            self.gone(command, "pay_1", reason=CollectionReason.CHARGED_BACK),
            self.gone(command, "pay_2", day=6),
        )
        savepoint = self.env.cr.savepoint()
        for order in permutations(told):
            for fact in order:
                self.tell(self.gateway, *fact)
            self.assertCommand(command, "failed", "failed_late")
            self.assertEqual(command.external_id, "pay_2")
            move = command.move_id
            self.assertEqual((move.amount_residual, move.saas_state), (35.70, "open"))
            savepoint.rollback()
            self.env.invalidate_all()

    def test_success_after_failure(self):
        """A gateway tries again by itself, and the money comes after all."""
        command = self.collect()
        self.tell(self.gateway, self.outcome(command, "failed", day=1))
        self.tell(self.gateway, self.outcome(command, "pending", day=2))
        self.assertCommand(command, "pending")
        self.tell(self.gateway, *self.paid(command, day=3))
        self.assertCommand(command, "succeeded")
        self.assertEqual(command.move_id.amount_residual, 0)
        self.assertFalse(command.move_id.activity_ids)

    def test_old_news(self):
        """What is told late of an earlier moment changes nothing."""
        command = self.collect()
        self.tell(self.gateway, *self.paid(command, day=3))
        for state in ("failed", "canceled", "pending"):
            self.tell(self.gateway, self.outcome(command, state, day=2))
            self.assertCommand(command, "succeeded")
        self.tell(self.gateway, *self.gone(command, day=3))
        self.assertCommand(command, "failed", "failed_late")
        self.tell(self.gateway, self.outcome(command, "succeeded", day=3))
        self.assertCommand(command, "failed", "failed_late")

    def test_another_attempt(self):
        """What is told late of an attempt that another one follows ends nothing."""
        command = self.collect()
        for state in ("failed", "canceled"):
            self.tell(self.gateway, self.outcome(command, state, "pay_0", day=4))
            self.assertCommand(command, "pending")

    def test_canceled_there(self):
        command = self.collect()
        self.tell(self.gateway, self.outcome(command, "canceled"))
        self.assertCommand(command, "canceled", "canceled_there")
        self.assertTrue(command.move_id.saas_can_collect)

    def test_of_nobody(self):
        """What no command has ordered, and what another gateway tells, stays so."""
        command = self.collect()
        fact = self.outcome(command, "failed").model_copy(update={"order": "saas-x"})
        self.assertState(self.tell(self.gateway, fact), "done")
        event = self.tell(self.platform, self.outcome(command, "failed"))
        self.assertState(event, "done")
        self.assertCommand(command, "pending")

    def test_paid_twice(self):
        """By hand and by the gateway: the second is the customer's open credit."""
        command = self.collect()
        self.pay_by_hand(command.move_id, 35.70)
        self.tell(self.gateway, *self.paid(command))
        self.assertCommand(command, "succeeded")
        self.assertEqual(command.move_id.amount_residual, 0)
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.tenant.partner_id.id),
                ("account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
            ]
        )
        self.assertEqual(sum(items.mapped("amount_residual")), -35.70)
