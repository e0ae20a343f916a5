"""Fees by kind: each on its own account, and only the source's own with a tax.

Covers adapters/stripe/clearing/fee and handlers/clearing/fee.
"""

from odoo.tests import tagged

from ..support import stripe_fixtures
from .test_balance_transactions import FeeCommon

_TXN = "pulled.balance_transaction"
_ALL = (
    ("stripe_fee", 100),
    ("tax", 19),
    ("application_fee", 200),
    ("payment_method_passthrough_fee", 30),
    ("withheld_tax", 5),
)


def _fee(*details, sign=1, currency="usd"):
    """Return what a balance transaction of 40.00 with these fees says of them."""
    fee = sum(sign * amount for _type, amount in details)
    return {
        "amount": 4000,
        "fee": fee,
        "net": 4000 - fee,
        "fee_details": [
            {"amount": sign * amount, "currency": currency, "type": kind}
            for kind, amount in details
        ],
    }


@tagged("post_install", "-at_install")
class TestFeeKinds(FeeCommon):
    def _book(self, *details, **kwargs):
        return self._deliver_fee(
            f"{_TXN}-fee_tax",
            "customer.created",
            "charge.succeeded-disputed",
            **_fee(*details, **kwargs),
        )

    def test_each_on_its_account(self):
        self.source.fee_tax_id = self._create_tax(19, (100, self.input_account))
        _event, record = self._book(*_ALL)
        self.assertEqual(
            self.journal_items(record.move_id),
            [
                "SC -3.54",
                "FEE +0.30",
                "FEE +1.00 {19% on fees}",
                "APP +2.00",
                "WHT +0.05",
                "IN +0.19",
            ],
        )
        self.assertEqual(record.match_state, "matched")

    def test_only_the_own_fee_is_under_the_reverse_charge(self):
        self.source.fee_tax_id = self._create_tax(
            19, (100, self.input_account), (-100, self.tax_account)
        )
        _event, record = self._book(*(d for d in _ALL if d[0] != "tax"))
        self.assertEqual(
            self.journal_items(record.move_id),
            [
                "TAX -0.19",
                "SC -3.35",
                "FEE +0.30",
                "FEE +1.00 {19% on fees}",
                "APP +2.00",
                "WHT +0.05",
                "IN +0.19",
            ],
        )

    def test_given_back(self):
        self.source.fee_tax_id = self._create_tax(19, (100, self.input_account))
        _event, record = self._book(*_ALL, sign=-1)
        self.assertEqual(
            self.journal_items(record.move_id),
            [
                "SC +3.54",
                "FEE -1.00 {19% on fees}",
                "FEE -0.30",
                "APP -2.00",
                "WHT -0.05",
                "IN -0.19",
            ],
        )

    def test_accounts_of_their_own(self):
        """Passed-through fees and tax as a cost go where they are sent."""
        for field, name in (
            ("passed_fee_account_id", "PASS"),
            ("fee_tax_account_id", "FTAX"),
        ):
            account = self.source.fee_account_id.copy({"name": name})
            self.source[field] = account
            self.accounts[account] = name
            self.addCleanup(self.accounts.pop, account)
        _event, record = self._book(*_ALL)
        self.assertEqual(
            self.journal_items(record.move_id),
            [
                "SC -3.54",
                "FEE +1.00",
                "APP +2.00",
                "WHT +0.05",
                "PASS +0.30",
                "FTAX +0.19",
            ],
        )

    def test_in_the_currency_of_the_balance(self):
        """A company in dollars whose balance is in euros, at 0.8 euros a dollar."""
        changes = {"currency": "eur", **_fee(*_ALL, currency="eur")}
        _event, record = self._deliver_fee(
            f"{_TXN}-stripe_fee", **{**changes, "amount": 0, "net": -354}
        )
        self.assertEqual(
            self.journal_items(record.move_id),
            [
                "SC -4.43 (-3.54 EUR)",
                "FEE +0.24 (+0.19 EUR)",
                "FEE +0.38 (+0.30 EUR)",
                "FEE +1.25 (+1.00 EUR)",
                "APP +2.50 (+2.00 EUR)",
                "WHT +0.06 (+0.05 EUR)",
            ],
        )

    def test_unknown_kind_is_booked_and_asked_about(self):
        """A word that nobody knows stops no money: no tax, and somebody looks."""
        self.source.fee_tax_id = self._create_tax(
            19, (100, self.input_account), (-100, self.tax_account)
        )
        event, record = self._book(("lunar_fee", 70))
        self.assertState(event, "done")
        self.assertEqual(self.journal_items(record.move_id), ["SC -0.70", "FEE +0.70"])
        self.assertEqual(record.match_state, "matched")
        self.assertEqual(
            record.activity_ids.activity_type_id,
            self.env.ref("saas_billing_sync.mail_activity_unknown_fee"),
        )

    def test_what_details_leave_open_or_state_in_another_currency(self):
        """Nothing in two currencies is added up, and no rest is guessed."""
        for number, (kind, currency, items) in enumerate(
            (
                ("tax", "usd", ["SC -1.00", "FEE +0.40", "FEE +0.60"]),
                ("stripe_fee", "eur", ["SC -1.00", "FEE +1.00"]),
            )
        ):
            detail = {"amount": 60, "currency": currency, "type": kind}
            event = stripe_fixtures.load(
                "basil",
                f"{_TXN}-stripe_fee",
                id=f"txn_left{number}",
                amount=0,
                fee=100,
                net=-100,
                fee_details=[detail],
            )
            event["id"] += str(number)
            with self.subTest(kind):
                self.assertState(self.deliver(event), "done")
                record = self.env["saas.balance.transaction"].search(
                    [("external_id", "=", f"txn_left{number}")]
                )
                self.assertEqual(self.journal_items(record.move_id), items)
                self.assertTrue(record.activity_ids)

    def test_missing_accounts_are_named(self):
        """What is not the source's own is no cost of it: the account has to be
        chosen, and then it is booked.
        """
        accounts = {}
        for field in ("application_fee_account_id", "withheld_tax_account_id"):
            accounts[field], self.source[field] = self.source[field], False
        event, record = self._book(*_ALL)
        self.assertState(event, "quarantined", "incomplete_setup")
        for label in ("Application Fees Paid", "Withheld Tax"):
            self.assertIn(label, event.detail)
        self.assertFalse(record)
        self.source.write(accounts)
        event.action_retry()
        self.drain()
        self.assertState(event, "done")

    def test_fees_of_a_dispute(self):
        needs = ("customer.created", "charge.captured")
        self.deliver(*(stripe_fixtures.load("basil", need) for need in needs))
        event = stripe_fixtures.load("basil", "charge.dispute.funds_withdrawn")
        [movement] = event["data"]["object"]["balance_transactions"]
        movement["fee_details"] = [
            {"amount": 1000, "currency": "usd", "type": "stripe_fee"},
            {"amount": 500, "currency": "usd", "type": "application_fee"},
        ]
        account = self.source.application_fee_account_id
        self.source.application_fee_account_id = False
        [waiting] = self.deliver(event)
        self.assertState(waiting, "quarantined", "incomplete_setup")
        self.source.application_fee_account_id = account
        waiting.action_retry()
        self.drain()
        self.assertState(waiting, "done")
        move = self.env["saas.dispute"].search([]).move_ids
        self.assertEqual(
            self.journal_items(move),
            ["SC -75.00", "FEE +10.00", "DISP +60.00", "APP +5.00"],
        )

    def test_application_fee_that_a_platform_gives_back(self):
        """On the connected account's side it is a fee that comes back."""
        _event, record = self._deliver_fee(
            f"{_TXN}-stripe_fee", amount=300, net=300, source="fr_1GivenBack"
        )
        self.assertEqual(self.journal_items(record.move_id), ["SC +3.00", "APP -3.00"])
