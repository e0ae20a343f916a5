"""What is money and what is not, and when it moved, as the adapter reads it.

Covers adapters/stripe/clearing/payout, adapters/stripe/payments/payment,
adapters/stripe/payments/refund and adapters/stripe/notices/unbooked_types.
"""

from datetime import UTC, datetime

from odoo.tests import tagged

from ...canonical.errors import Quarantine
from ..support import stripe_fixtures
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestCashReading(SaasCommon):
    def _read(self, name, type_=None, /, **changes):
        payload = stripe_fixtures.load("basil", name, **changes)
        payload["type"] = type_ or payload["type"]
        return self.env["saas.adapter.stripe"]._normalise(payload)

    def test_release_of_an_authorisation_is_no_refund(self):
        """It succeeded, and has no balance transaction. An object that was written
        without that key, as some counterparts do, goes by its state.
        """
        self.assertEqual(self._read("refund.created", balance_transaction=None), [])
        payload = stripe_fixtures.load("basil", "refund.created")
        del payload["data"]["object"]["balance_transaction"]
        [fact] = self.env["saas.adapter.stripe"]._normalise(payload)
        self.assertTrue(fact.left)

    def test_what_was_not_captured_was_not_refunded(self):
        [total] = self._read("charge.captured", "charge.refunded", amount_refunded=2000)
        self.assertEqual(total.refunded, 0)
        [total] = self._read("charge.captured", "charge.refunded", amount_refunded=2500)
        self.assertEqual(total.refunded, 500)
        self.assertEqual(self._read("charge.expired", "charge.refunded"), [])

    def test_pulled_payment_is_dated_by_its_movement(self):
        moved = datetime(2026, 11, 5, 8, tzinfo=UTC)
        movement = {"id": "txn_1", "created": int(moved.timestamp())}
        [fact] = self._read(
            "charge.succeeded", "pulled.charge", balance_transaction=movement
        )
        self.assertEqual(fact.paid_at, moved)
        [fact] = self._read("charge.succeeded", "pulled.charge")
        created = stripe_fixtures.load("basil", "charge.succeeded")["data"]["object"]
        self.assertEqual(fact.paid_at.timestamp(), created["created"])

    def test_pulled_return_is_dated_by_its_movement(self):
        moved = datetime(2026, 11, 15, 8, tzinfo=UTC)
        movement = {"id": "txn_1", "created": int(moved.timestamp())}
        for name, kind, field in (
            ("refund.failed", "pulled.refund", "returned_at"),
            ("payout.failed", "pulled.payout", "failed_at"),
        ):
            with self.subTest(name):
                [fact] = self._read(name, kind, failure_balance_transaction=movement)
                self.assertEqual(getattr(fact, field), moved)
                [fact] = self._read(name, kind, failure_balance_transaction=None)
                self.assertIsNone(getattr(fact, field))
                with self.assertRaises(Quarantine) as raised:
                    self._read(name, kind)
                self.assertEqual(raised.exception.reason, "incomplete_payload")

    def test_later_snapshots_of_a_failed_payout_are_no_failure(self):
        [fact] = self._read("payout.failed", "payout.updated")
        self.assertEqual((fact.state, fact.failed_at), ("failed", None))

    def test_no_need_to_subscribe_to_what_changes_nothing(self):
        types = self.env["saas.adapter.stripe"]._event_types
        self.assertIn("payout.paid", types)
        self.assertNotIn("charge.updated", types)
        self.assertEqual(self._read("charge.updated"), [])
