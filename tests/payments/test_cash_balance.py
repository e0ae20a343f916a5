"""Money that customers send ahead: what can't be booked, and what is held for them.

Covers adapters/stripe/payments/cash_balance.
"""

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon

_CHANGE = "customer_cash_balance_transaction.created"
_ENTRIES = [("kind", "=", "cash_balance_entry")]


@tagged("post_install", "-at_install")
class TestCashBalance(SaasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts[cls.source.balance_account_id] = "BAL"

    def _load(self, case, **changes):
        return stripe_fixtures.load("basil", f"{_CHANGE}-{case}", **changes)

    def _deliver(self, *names):
        self.deliver(
            *(
                stripe_fixtures.load("basil", name)
                for name in ("customer.created", *names)
            )
        )

    def test_held_is_no_difference(self):
        """What was sent ahead is not in the source's balance, until it pays."""
        self._deliver(f"{_CHANGE}-funded", f"{_CHANGE}-applied_first")
        balance = self.env["saas.clearing.balance"].search([])
        self.assertEqual(
            (balance.booked, balance.stated, balance.held, balance.difference),
            (200, 0, 200, 0),
        )
        self._deliver(
            f"{_CHANGE}-applied_second",
            "charge.succeeded-transfer",
            "pulled.balance_transaction-transfer",
        )
        balance.invalidate_recordset()
        self.assertEqual(
            (balance.booked, balance.stated, balance.held, balance.difference),
            (199.25, 149.25, 50, 0),
        )
        transaction = self.env["saas.balance.transaction"].search([])
        self.assertEqual(transaction.match_state, "matched")

    def test_what_nobody_can_decide(self):
        self._deliver()
        details = {
            "adjusted_for_overdraft": "who bears the loss",
            "transferred_to_balance": "whether it is still owed",
            "conjured_up": "conjured_up are not booked",
        }
        for number, (kind, text) in enumerate(details.items()):
            payload = self._load("return", type=kind, id=f"ccsbtxn_{number}")
            payload["id"] = f"evt_undecided{number}"
            [event] = self.deliver(payload)
            self.assertState(event, "quarantined", "unsupported_type")
            self.assertIn(text, event.detail)
        self.assertFalse(self.books())

    def test_no_account(self):
        """A payment is not booked without what it was made of."""
        self._deliver(f"{_CHANGE}-applied_first")
        account = self.source.balance_account_id
        self.source.balance_account_id = False
        funded, charge = self.deliver(
            self._load("funded"),
            stripe_fixtures.load("basil", "charge.succeeded-transfer"),
        )
        for event in (funded, charge):
            self.assertState(event, "quarantined", "incomplete_setup")
            self.assertIn("Customer Credit", event.detail)
        self.assertFalse(self.books())
        self.source.balance_account_id = account
        (funded | charge).action_retry()
        self.drain()
        self.assertState(funded | charge, "done")
        self.assertEqual(len(self.env["saas.binding"].search(_ENTRIES)), 2)
        self.assertWhole()

    def test_locked_period(self):
        self._deliver()
        self.company.fiscalyear_lock_date = "2026-11-20"
        [event] = self.deliver(self._load("funded"))
        self.assertState(event, "quarantined", "period_locked")

    def test_no_customer(self):
        [event] = self.deliver(self._load("funded", customer=None))
        self.assertState(event, "quarantined", "unknown_tenant")

    def test_before_the_cutover(self):
        """The old books have the money; what it pays since leaves the balance."""
        self.source.cutover_date = "2026-11-22"
        self._deliver(
            f"{_CHANGE}-funded", f"{_CHANGE}-applied_first", "charge.succeeded-transfer"
        )
        self.assertEqual(
            self.books(),
            """
2026-11-22 entry
    AR -150.00 open -150.00
    SC +150.00
2026-11-22 entry
    SC -100.00
    BAL +100.00
""".strip(),
        )
