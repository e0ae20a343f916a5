"""Balance transactions: fees with their tax, what is missing, and what is not known.

Covers adapters/stripe/clearing/movement, handlers/clearing/movement and
handlers/clearing/movement_object.
"""

from odoo import Command
from odoo.tests import tagged

from ..golden.case import sort_books
from ..golden.disputes import LOST
from ..support import stripe_fixtures
from ..support.common import SaasCommon

_TXN = "pulled.balance_transaction"


class FeeCommon(SaasCommon):
    """A company with an account of input tax, and taxes on fees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.input_account = cls.env["account.account"].create(
            {
                "code": "SAAS.IN",
                "name": "Input tax",
                "account_type": "asset_current",
                "company_ids": cls.company.ids,
            }
        )
        cls.accounts[cls.input_account] = "IN"

    def _create_tax(self, percent, *factors):
        repartition = [
            Command.create({"repartition_type": "base"}),
            *(
                Command.create(
                    {
                        "repartition_type": "tax",
                        "factor_percent": factor,
                        "account_id": account.id,
                    }
                )
                for factor, account in factors
            ),
        ]
        return self.env["account.tax"].create(
            {
                "name": f"{percent}% on fees",
                "amount": percent,
                "type_tax_use": "purchase",
                "price_include_override": "tax_excluded",
                "company_id": self.company.id,
                "invoice_repartition_line_ids": repartition,
                "refund_repartition_line_ids": repartition,
            }
        )

    def _deliver_fee(self, name, *needs, **changes):
        """Deliver a balance transaction and what it needs; return its items."""
        self.deliver(*(stripe_fixtures.load("basil", need) for need in needs))
        [event] = self.deliver(stripe_fixtures.load("basil", name, **changes))
        record = self.env["saas.balance.transaction"].search(
            [("external_id", "=", stripe_fixtures.object_id("basil", name))]
        )
        return event, record


@tagged("post_install", "-at_install")
class TestBalanceTransactions(FeeCommon):
    def test_input_tax(self):
        """The tax the source states is input tax, to the cent."""
        self.source.fee_tax_id = self._create_tax(19, (100, self.input_account))
        _event, record = self._deliver_fee(
            f"{_TXN}-fee_tax", "customer.created", "charge.succeeded-disputed"
        )
        self.assertEqual(
            self.journal_items(record.move_id),
            ["SC -1.46", "FEE +1.23 {19% on fees}", "IN +0.23"],
        )
        self.assertEqual(record.match_state, "matched")

    def test_input_tax_of_another_rate(self):
        self.source.fee_tax_id = self._create_tax(7, (100, self.input_account))
        event, record = self._deliver_fee(
            f"{_TXN}-fee_tax", "customer.created", "charge.succeeded-disputed"
        )
        self.assertState(event, "quarantined", "tax_mismatch")
        self.assertFalse(record)

    def test_reverse_charge(self):
        """Where the source states no tax, a tax that comes to zero is a reverse
        charge; any other is not on this fee.
        """
        tax = self._create_tax(19, (100, self.input_account), (-100, self.tax_account))
        self.source.fee_tax_id = tax
        _event, record = self._deliver_fee(f"{_TXN}-stripe_fee")
        self.assertEqual(
            self.journal_items(record.move_id),
            ["TAX -0.48", "SC -2.50", "FEE +2.50 {19% on fees}", "IN +0.48"],
        )
        self.source.fee_tax_id = self._create_tax(7, (100, self.input_account))
        _event, record = self._deliver_fee(f"{_TXN}-network_cost")
        self.assertEqual(self.journal_items(record.move_id), ["SC -0.12", "FEE +0.12"])

    def test_missing_accounts(self):
        """What can't be booked waits, and names the field that is not set."""
        self.source.fee_account_id = False
        event, _record = self._deliver_fee(f"{_TXN}-stripe_fee")
        self.assertState(event, "quarantined", "incomplete_setup")
        self.assertIn("Processing Fees", event.detail)
        self.company.transfer_account_id = False
        [event] = self.deliver(stripe_fixtures.load("basil", "payout.paid"))
        self.assertState(event, "quarantined", "incomplete_setup")
        self.source.dispute_account_id = False
        self.deliver(
            stripe_fixtures.load("basil", "customer.created"),
            stripe_fixtures.load("basil", "charge.captured"),
        )
        [event] = self.deliver(
            stripe_fixtures.load("basil", "charge.dispute.funds_withdrawn")
        )
        self.assertState(event, "quarantined", "incomplete_setup")
        self.assertIn("Disputed Funds", event.detail)

    def test_missing_account_then_retry(self):
        account, self.source.fee_account_id = self.source.fee_account_id, False
        event, _record = self._deliver_fee(f"{_TXN}-stripe_fee")
        self.source.fee_account_id = account
        event.action_retry()
        self.drain()
        self.assertState(event, "done")
        self.assertEqual(len(self.books().splitlines()), 3)

    def test_other_categories_stay_in_sight(self):
        """What is not handled is stored, books nothing and shows as a difference,
        also of its payout.
        """
        changes = {"reporting_category": "contribution", "type": "contribution"}
        event, record = self._deliver_fee(f"{_TXN}-fee_taken_back", **changes)
        self.assertState(event, "done")
        self.assertEqual(self.books(), "")
        self.assertEqual((record.match_state, record.difference), ("unhandled", -5.0))
        self.deliver(
            stripe_fixtures.load("basil", "payout.paid-negative"),
            stripe_fixtures.load("basil", f"{_TXN}-payout_negative"),
            stripe_fixtures.load("basil", "pulled.payout_transactions-negative"),
        )
        payout = record.payout_id
        self.assertEqual(
            (payout.proof_state, payout.difference, payout.booked_difference),
            ("not_proved", 0, -5.0),
        )
        self.assertIn("differences", payout.proof_hint)

    def test_a_movement_never_changes(self):
        _event, record = self._deliver_fee(f"{_TXN}-stripe_fee", status="pending")
        self.assertFalse(record.is_available)
        payload = stripe_fixtures.load("basil", f"{_TXN}-stripe_fee")
        payload["id"] += "2"
        self.deliver(payload)
        self.assertTrue(record.is_available)
        payload["id"] += "3"
        payload["data"]["object"].update(amount=-251, net=-251)
        [event] = self.deliver(payload)
        self.assertState(event, "quarantined", "amount_mismatch")

    def test_sum_that_is_none(self):
        event, _record = self._deliver_fee(f"{_TXN}-stripe_fee", net=-249)
        self.assertState(event, "quarantined", "invalid_payload")

    def test_locked_period(self):
        self.company.fiscalyear_lock_date = "2026-11-30"
        event, record = self._deliver_fee(f"{_TXN}-stripe_fee")
        self.assertState(event, "quarantined", "period_locked")
        self.assertFalse(record)

    def test_debit_that_failed(self):
        """A bank debit that failed moved the balance and moved it back: nothing is
        booked, nothing waits, and nothing differs.
        """
        there = stripe_fixtures.load(
            "basil", f"{_TXN}-charge", source="py_failed", type="payment"
        )
        back = stripe_fixtures.load(
            "basil",
            f"{_TXN}-charge",
            id="txn_back",
            source="py_failed",
            type="payment_failure_refund",
            reporting_category="charge_failure",
            amount=-11900,
            fee=0,
            fee_details=[],
            net=-11900,
        )
        there["data"]["object"].update(fee=0, fee_details=[], net=11900)
        back["id"] += "back"
        [first] = self.deliver(there)
        self.assertState(first, "parked")
        self.deliver(back)
        self.assertState(first, "done")
        records = self.env["saas.balance.transaction"].search([])
        self.assertEqual(records.mapped("match_state"), ["matched", "matched"])
        self.assertEqual(self.books(), "")

    def test_captures_in_parts(self):
        """A charge captured twice has two movements, and is one payment."""
        self.deliver(
            stripe_fixtures.load("basil", "customer.created"),
            stripe_fixtures.load("basil", "charge.captured"),
        )
        first, second = (
            stripe_fixtures.load(
                "basil",
                f"{_TXN}-captured",
                id=f"txn_part{amount}",
                amount=amount,
                net=amount - 204,
            )
            for amount in (4000, 2000)
        )
        second["id"] += "2"
        self.deliver(first)
        records = self.env["saas.balance.transaction"].search([])
        self.assertEqual(records.match_state, "different")
        self.deliver(second)
        records = records.search([])
        self.assertEqual(records.mapped("match_state"), ["matched", "matched"])

    def test_dispute_that_nobody_told_of(self):
        """Its movement waits for the dispute, which can be asked for, and is booked
        by what is pulled then.
        """
        self.deliver(
            stripe_fixtures.load("basil", "customer.created"),
            stripe_fixtures.load("basil", "charge.captured"),
        )
        [waiting] = self.deliver(stripe_fixtures.load("basil", f"{_TXN}-dispute"))
        dispute = stripe_fixtures.load("basil", "charge.dispute.updated")
        self.assertEqual(
            waiting.waiting_for, f"dispute:{dispute['data']['object']['id']}"
        )
        created = stripe_fixtures.load("basil", "charge.dispute.created")
        self.deliver(created)
        self.assertTrue(waiting.waiting_for.startswith("dispute_movement:"))
        dispute["type"] = "pulled.dispute"
        self.deliver(dispute)
        self.assertState(waiting, "done")

    def test_a_movement_listed_twice(self):
        """It has moved once. One that is listed with two amounts is an error."""
        told = ("customer.created", "charge.captured")
        self.deliver(*(stripe_fixtures.load("basil", name) for name in told))
        payload = stripe_fixtures.load("basil", "charge.dispute.closed")
        listed = payload["data"]["object"]["balance_transactions"]
        listed += [{**listed[0], "amount": -6100, "net": -7600}]
        [event] = self.deliver(payload)
        self.assertState(event, "quarantined", "invalid_payload")
        listed[1:] = [listed[0]] * 2
        payload["id"] += "2"
        [event] = self.deliver(payload)
        self.assertState(event, "done")
        self.assertEqual(self.books(), sort_books(LOST.replace("M-", "2026-11-")))
