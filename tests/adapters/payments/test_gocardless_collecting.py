"""What GoCardless does with our orders, and says of them, through its own library.

Covers adapters/gocardless/payments/collect and adapters/gocardless/payments/payment.
"""

from dataclasses import replace
from datetime import timedelta

from odoo.tests import tagged

from ....canonical.payments.collecting import CollectionReason, CollectionState
from ....dev.make_believe.gocardless.api import TOKEN
from .collecting_order import make_order
from .gocardless_collecting import GoCardlessCollectingCommon


@tagged("post_install", "-at_install")
class TestGoCardlessCollecting(GoCardlessCollectingCommon):
    # -- it is collected -----------------------------------------------------------

    def test_collected(self):
        order = self.make_order(self.mandate)
        answer = self.collect(order)
        self.assertPending(answer)
        [payment] = self.get_payments()
        self.assertEqual(
            (payment["id"], payment["amount"], payment["currency"]),
            (answer.external_id, 11900, "GBP"),
        )
        self.assertEqual(payment["metadata"], dict(order.labels))
        self.assertEqual(payment["links"]["mandate"], self.mandate)
        call = self.gocardless.calls[-1]
        self.assertEqual(call.headers["idempotency-key"], order.key)

    def test_best_mandate(self):
        """The newest of those that are active, in the order's currency."""
        old = self.account.add_mandate(self.customer)
        pending = self.account.add_mandate(self.customer, status="pending_submission")
        other = self.account.add_mandate(self.customer, "sepa_core")
        states = (
            (other, "sepa_core", "active"),
            (pending, "bacs", "pending"),
            (old, "bacs", "active"),
            (self.mandate, "bacs", "active"),
        )
        order = replace(self.make_order(), mandates=states)
        self.collect(order)
        euro = replace(make_order(self.customer, 2), mandates=states)
        self.collect(replace(euro, currency="EUR", sent_at=self.account.at))
        used = [payment["links"]["mandate"] for payment in self.get_payments()]
        self.assertEqual(used, [old, other])

    def test_what_a_payment_tells(self):
        """Of each state, what its order is: in the order in which they are told."""
        order = self.make_order(self.mandate)
        ref = self.collect(order).external_id
        pending = [(order.key, "pending", False, None)]
        self.assertEqual(self.read_outcomes(ref), pending)
        self.play("payment_submitted", ref)
        self.assertEqual(self.read_outcomes(ref), pending)
        self.play("payment_paid_out", ref)
        came = [(order.key, "succeeded", False, None)]
        self.assertEqual(self.read_outcomes(ref), came)
        self.play("payment_late_failure", ref)
        self.assertEqual(self.read_outcomes(ref), [(order.key, "failed", True, None)])
        self.play("payment_resubmitted", ref)
        self.assertEqual(self.read_outcomes(ref), pending)
        self.play("payment_confirmed", ref)
        self.assertEqual(self.read_outcomes(ref), came)

    def test_what_a_chargeback_tells(self):
        order = self.make_order(self.mandate)
        ref = self.collect(order).external_id
        self.play("payment_charged_back", ref)
        reason = CollectionReason.CHARGED_BACK
        self.assertEqual(self.read_outcomes(ref), [(order.key, "failed", True, reason)])
        self.play("payment_chargeback_cancelled", ref)
        self.assertEqual(
            self.read_outcomes(ref), [(order.key, "succeeded", False, None)]
        )

    def test_why_a_payment_fails(self):
        for number, (cause, reason) in enumerate(
            (
                ("insufficient_funds", CollectionReason.FUNDS),
                ("mandate_cancelled", CollectionReason.MANDATE_ENDED),
                ("bank_account_closed", CollectionReason.MANDATE_ENDED),
                ("direct_debit_not_enabled", CollectionReason.MANDATE_ENDED),
                ("invalid_bank_details", CollectionReason.MANDATE_ENDED),
                ("refer_to_payer", CollectionReason.DECLINED),
                ("from_the_future", CollectionReason.DECLINED),
            )
        ):
            order = self.make_order(self.mandate, number=number)
            ref = self.collect(order).external_id
            self.account.set("payments", ref, "failed", "failed", cause=cause)
            with self.subTest(cause):
                self.assertEqual(
                    self.read_outcomes(ref), [(order.key, "failed", False, reason)]
                )
                self.assertEqual(self.find(order).state, CollectionState.FAILED)

    def test_what_it_will_try_again(self):
        """Only the newest failure says whether GoCardless tries again by itself."""
        ref = self.collect(self.make_order(self.mandate)).external_id
        for will_retry in (True, False):
            self.account.set(
                *("payments", ref, "failed", "failed"), will_attempt_retry=will_retry
            )
            self.account.at += timedelta(days=3)
            [fact] = self.read_facts(ref)
            self.assertEqual((fact.state, fact.will_retry), ("failed", will_retry))

    def test_canceled_there(self):
        order = self.make_order(self.mandate)
        ref = self.collect(order).external_id
        self.account.set("payments", ref, "cancelled", "cancelled")
        self.assertEqual(
            self.read_outcomes(ref), [(order.key, "canceled", False, None)]
        )
        found = self.find(order)
        self.assertEqual(
            (found.state, found.reason),
            (CollectionState.CANCELED, CollectionReason.CANCELED_THERE),
        )

    # -- it is refused -------------------------------------------------------------

    def test_refused(self):
        many = tuple((str(number), "x") for number in range(4))
        for vals, reason in (
            ({"amount": 0}, CollectionReason.AMOUNT),
            ({"labels": many}, CollectionReason.REFUSED),
            ({"mandates": (("MD404", "bacs", "active"),)}, CollectionReason.REFUSED),
        ):
            with self.subTest(vals):
                order = replace(self.make_order(self.mandate), **vals)
                self.assertRefused(order, reason)
        self.assertRefused(self.make_order(currency="PLN"), CollectionReason.CURRENCY)
        self.assertFalse(self.get_payments())

    def test_token_that_may_only_read(self):
        self.gocardless.readers.add(TOKEN)
        refused = CollectionReason.KEY_REFUSED
        self.assertRefused(self.make_order(self.mandate), refused, "read-write")
        self.assertRefused(self.make_order(), refused, "read-write")
