"""What is wrong with payments and refunds here is found: another day, another invoice,
and what failed.
"""

from datetime import date
from types import SimpleNamespace

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.reconciling import ReconcileCommon

#: 2026-11-02 and 2026-11-14, when the story's money moved, and 2026-11-20.
PAID_AT = 1793613660
REFUNDED_AT = 1794657600
LATER = 1795168800
SECOND = "in_1SecondInvoice000002nd"


@tagged("post_install", "-at_install")
class TestReconcileMoney(ReconcileCommon):
    def setUp(self):
        super().setUp()
        self.tell()
        self._put_movement("charge.succeeded", "txn_paid", PAID_AT)
        self._put_movement("refund.created-credited", "txn_back", REFUNDED_AT)

    def _put_movement(self, name, ref, moment, key="balance_transaction", **changes):
        self.change(name, **{key: ref}, **changes)
        self.api.put(
            {
                "id": ref,
                "object": "balance_transaction",
                "created": moment,
                "livemode": False,
            }
        )

    def _plant_day(self, name, model="account.payment"):
        """Have a payment be booked on another day than its money moved on."""
        ref = stripe_fixtures.object_id("basil", name)
        kind = "refund" if name.startswith("refund") else "payment"
        binding = self.env["saas.binding"]._find(self.source, kind, [ref])[ref]
        item = SimpleNamespace(log=lambda *_args: None)
        self.env["saas.ledger.rebooking"]._move_payments(
            self.source, [(item, binding._get_record(), date(2026, 11, 20))]
        )

    def test_right_books(self):
        self.book()
        self.reconcile("payment", "refund", "invoice")
        self.assertEqual(self.found(), [])

    def test_another_day(self):
        self.book()
        self._plant_day("charge.succeeded")
        self._plant_day("refund.created-credited")
        self.reconcile("payment", "refund")
        self.assertEqual(
            self.found(),
            [
                "payment different date: 2026-11-02 / 2026-11-20",
                "refund different date: 2026-11-14 / 2026-11-20",
            ],
        )

    def test_another_day_is_healed_by_a_movement(self):
        """What was wrong is right once the movement is told."""
        self.book()
        self._plant_day("charge.succeeded")
        movement = stripe_fixtures.load("basil", "pulled.balance_transaction-charge")
        self.assertState(self.deliver(movement), "done")
        self.reconcile("payment")
        self.assertEqual(self.found(), [])

    def test_another_invoice(self):
        """Somebody has matched the payment with another invoice of the customer."""
        other = stripe_fixtures.load(
            "basil", "invoice.finalized", id=SECOND, number="N-2"
        )
        other["id"] += "_2"
        self.book()
        self.deliver(other)
        moves = self.env["account.move"].search([("move_type", "=", "out_invoice")])
        first, second = moves.sorted("id")
        payment = self.env["account.payment"].search([("payment_type", "=", "inbound")])
        first.line_ids.remove_move_reconcile()
        (second.line_ids | payment.move_id.line_ids).filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.reconcile("payment")
        self.assertEqual(
            self.found(), ["payment different invoice: 7IGOG4F5-0001 / N-2"]
        )

    def test_failed_there_and_paid_here(self):
        self.book()
        self.change("charge.succeeded", status="failed")
        self.reconcile("payment")
        self.assertEqual(
            self.found(),
            ["payment only_here object: - / PSTR/2026/00001, 119.00 USD"],
        )

    def test_failed_on_both_sides(self):
        self.book()
        failed = stripe_fixtures.load(
            "basil",
            "charge.succeeded",
            status="failed",
            failure_balance_transaction="txn_failure",
        )
        failed["id"] += "_failed"
        failed["type"], failed["created"] = "charge.failed", LATER
        self.assertState(self.deliver(failed), "done")
        self.change("charge.succeeded", status="failed")
        self.reconcile("payment")
        self.assertEqual(self.found(), [])

    def test_returned_on_another_day(self):
        """A refund came back on the 16th, and is booked on the 15th."""
        back = {"status": "failed"}
        event = stripe_fixtures.load("basil", "refund.created-credited", **back)
        event["data"]["object"]["failure_balance_transaction"] = "txn_failed"
        event["id"] += "_failed"
        event["type"], event["created"] = "refund.failed", REFUNDED_AT + 86400
        self.book()
        self.assertState(self.deliver(event), "done")
        self._put_movement(
            "refund.created-credited",
            "txn_failed",
            REFUNDED_AT + 2 * 86400,
            key="failure_balance_transaction",
            balance_transaction="txn_back",
            **back,
        )
        self.reconcile("refund")
        self.assertEqual(
            self.found(), ["refund different date: 2026-11-16 / 2026-11-15"]
        )
