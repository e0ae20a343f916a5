"""What is collected is what is due when the order is sent, and never more than was
ordered.

Covers outbound/collect and models/odoo/account_move_collection.
"""

from unittest.mock import patch

from odoo.tests import tagged

from ...canonical.errors import Transient
from .collecting_common import CollectingCommon


@tagged("post_install", "-at_install")
class TestCollectingDue(CollectingCommon):
    """Between the order and its sending, the invoice is settled in other ways."""

    def test_what_is_due_when_sent(self):
        """Paid in part meanwhile, the rest is collected."""
        move = self.bill_ada()
        self.pay_by_hand(move, 10)
        self.run_jobs()
        command = move.saas_collection_ids
        self.assertCommand(command, "pending")
        self.assertEqual(self.stand_in.total, 2570)
        self.assertEqual(command.total, 25.70)

    def test_due_changes_before_it_arrives(self):
        """An order that did not arrive is decided anew, and never asks for too much."""
        move = self.bill_ada()
        command = move.saas_collection_ids
        self.stand_in.answers.append(Transient("Later."))
        self.run_jobs()
        self.pay_by_hand(move, 10)
        self.run_all()
        self.assertCommand(command, "pending")
        self.assertEqual(
            [call for call, _key in self.stand_in.calls], ["collect", "find", "collect"]
        )
        self.assertEqual(self.stand_in.total, 2570)

    def test_nothing_due(self):
        """Paid, or taken back meanwhile: nothing is sent, and it says why."""
        move = self.bill_ada()
        self.pay_by_hand(move, 35.70)
        self.assertCommand(move.saas_collection_ids, "canceled", "nothing_due")
        self.run_jobs()
        self.assertFalse(self.stand_in.calls)
        self.assertFalse(move.activity_ids)

    def test_reversed(self):
        move = self.bill_ada()
        self.credit_by_hand(move)
        self.run_jobs()
        self.assertCommand(move.saas_collection_ids, "canceled", "not_open")
        self.assertFalse(self.stand_in.calls)

    def test_due_rises_again(self):
        """Never more is collected than was ordered."""
        move = self.bill_ada()
        self.pay_by_hand(move, 10)
        self.env["saas.collection"].search([]).unlink()
        command = self.env["saas.collection"]._request(move)
        self.assertEqual(command.amount, 2570)
        move.line_ids.remove_move_reconcile()
        self.assertEqual(move.amount_residual, 35.70)
        self.run_jobs()
        self.assertEqual(self.stand_in.total, 2570)

    def test_amount_that_is_no_multiple(self):
        adapter = type(self.env["saas.adapter.stripe"])
        with patch.object(adapter, "_get_minor_units", lambda _m, _c: (0, 1)):
            command = self.collect()
        self.assertCommand(command, "failed", "amount_refused")
        self.assertFalse(self.stand_in.calls)
