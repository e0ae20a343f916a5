"""The clearing account proves itself: every movement of the balance is explained.

Covers handlers/clearing/proof.
"""

import random

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon

#: A history in which money comes and goes in every way that is booked.
_STORY = (
    "customer.created",
    "invoice.finalized-eur",
    "invoice.finalized-jpy",
    "invoice_payment.paid",
    "invoice.finalized",
    "payment_intent.succeeded",
)
_FAMILIES = (
    "charge.captured",
    "charge.dispute.",
    "charge.failed",
    "charge.succeeded",
    "customer_cash_balance_transaction.",
    "payout.",
    "pulled.",
    "refund.",
)
#: Of other histories, whose money is in no payout here.
_APART = (
    "charge.dispute.closed-guest",
    "charge.dispute.funds_withdrawn-guest",
    "charge.succeeded-guest",
    "charge.succeeded-moved",
    "charge.succeeded-recovered",
    "charge.succeeded-shipping",
    "pulled.balance_transaction-guest",
    "pulled.balance_transaction-moved",
    "pulled.balance_transaction-refund_guest",
    "pulled.balance_transaction-refund_left",
    "pulled.balance_transaction-refund_stray",
    "refund.created-first",
    "refund.created-guest",
    "refund.created-half",
    "refund.created-mixed",
    "refund.created-second",
    "refund.created-shipping",
    "refund.created-stray",
    "refund.created-waiting",
    "refund.updated-left",
)


def load_story(shape):
    """Return the events that move the balance, by when they happened."""
    events = [
        stripe_fixtures.load(shape, name)
        for name in stripe_fixtures.names(shape)
        if name in _STORY or (name.startswith(_FAMILIES) and name not in _APART)
    ]
    return sorted(events, key=lambda event: (event["created"], event["id"]))


@tagged("post_install", "-at_install")
class TestClearing(SaasCommon):
    def _check_explained(self):
        """Clearing is zero in each currency, and every payout is proved."""
        balances = self.env["saas.clearing.balance"].search(
            [("source_id", "=", self.source.id)]
        )
        self.assertTrue(balances)
        for balance in balances:
            with self.subTest(currency=balance.currency_id.name):
                self.assertEqual(
                    (balance.booked, balance.stated, balance.difference), (0, 0, 0)
                )
        account = self.clearing_journal.default_account_id
        lines = self.env["account.move.line"].search([("account_id", "=", account.id)])
        self.assertAlmostEqual(sum(lines.mapped("balance")), 0)
        transactions = self.env["saas.balance.transaction"].search(
            [("source_id", "=", self.source.id)]
        )
        self.assertGreater(len(transactions), 15)
        self.assertEqual(set(transactions.mapped("match_state")), {"matched"})
        self.assertFalse(any(transactions.mapped("difference")))
        payouts = self.env["saas.payout"].search([("source_id", "=", self.source.id)])
        states = {p.proof_state for p in payouts if p.automatic}
        self.assertEqual(states, {"proved"})

    def test_history_before_basil(self):
        self._check_history("before")

    def test_history_since_basil(self):
        self._check_history("basil")

    def _check_history(self, shape):
        events = self.deliver(*load_story(shape))
        self.assertState(events, "done")
        self._check_explained()
        self.assertWhole()

    def test_history_backwards(self):
        events = load_story("basil")
        self.assertState(self.deliver(*events[::-1]), "done")
        self._check_explained()

    def test_history_one_by_one_in_disorder(self):
        events = load_story("basil")
        random.Random(7).shuffle(events)
        for event in events:
            self.deliver(event)
        self._check_explained()
