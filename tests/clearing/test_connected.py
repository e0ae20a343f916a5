"""Money between an account and those that are connected to it.

Covers adapters/stripe/clearing/moving and handlers/clearing/movement_account.
"""

from odoo.tests import tagged

from ..support import stripe_fixtures
from .test_moving import MovingCommon, load

_TXN = "pulled.balance_transaction"
_SELLER = "acct_1Qm4ConnectedSeller"


@tagged("post_install", "-at_install")
class TestConnectedAccounts(MovingCommon):
    def _create_company_source(self, **vals):
        company = self.env["res.company"].create({"name": "Seller Ltd"})
        return self.env["saas.source"].create(
            {
                "name": "Seller",
                "adapter": "stripe",
                "company_id": company.id,
                "tz": "UTC",
                "account_ref": _SELLER,
                **vals,
            }
        )

    def test_account_of_another_company_stays_an_exception(self):
        """Until it is known how two companies owe it to each other, a person says."""
        self._create_company_source()
        names = ("connect_transfer", "connect_transfer_reversal")
        self.deliver(*load(*(f"{_TXN}-{name}" for name in reversed(names))))
        self.assertEqual(self.books(), "")
        for name in names:
            record = self._find(f"{_TXN}-{name}")
            self.assertEqual(record.match_state, "unhandled")
            self.assertTrue(record.activity_ids)
            record._choose_account(self.source.connected_account_id)
        self.drain()
        self.assertIn("DUE +200.00", self.books())
        self.assertIn("DUE -50.00", self.books())

    def test_account_of_this_company(self):
        """What one account hands to the other leaves nothing owed."""
        other = self._create_source(
            name="Seller",
            account_ref=_SELLER,
            clearing_journal_id=self._create_clearing_journal("Seller", "SELL").id,
            connected_account_id=self.source.connected_account_id.id,
            tax_mapping_ids=False,
        )
        self.deliver(*load(f"{_TXN}-connect_transfer"))
        self.deliver(self._load_received(20000), source=other)
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.source.connected_account_id.id)]
        )
        self.assertEqual(sorted(lines.mapped("balance")), [-200, 200])

    def test_money_of_a_platform_of_another_company(self):
        platform = self._create_company_source()
        self.source.write({"account_ref": "acct_1Own", "platform_id": platform.id})
        self.deliver(self._load_received(20000))
        record = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "unhandled")
        self.assertEqual(self.books(), "")

    def _load_received(self, amount):
        """Return the movement of what a connected account got from its platform."""
        return stripe_fixtures.load(
            "basil",
            f"{_TXN}-topup",
            id=f"txn_1Received{amount}",
            amount=amount,
            net=amount,
            type="payment",
            reporting_category="charge",
            source={"id": "py_1", "object": "charge", "source_transfer": "tr_1"},
        )

    def test_received_and_given_back(self):
        """On the side of the connected account, it is no customer's payment."""
        charge = stripe_fixtures.load(
            "basil",
            "charge.succeeded",
            id="py_1",
            customer=None,
            payment_intent=None,
            source_transfer="tr_1",
            balance_transaction="txn_1Received20000",
        )
        refund = stripe_fixtures.load(
            "basil",
            "refund.created",
            id="pyr_1",
            charge="py_1",
            payment_intent=None,
            source_transfer_reversal="trr_1",
            balance_transaction="txn_1Received-5000",
        )
        back = self._load_received(-5000)
        back["id"] += "back"
        back["data"]["object"].update(
            type="payment_refund",
            reporting_category="refund",
            source={
                "id": "pyr_1",
                "object": "refund",
                "source_transfer_reversal": "trr_1",
            },
        )
        told = self.deliver(refund, charge)
        self.assertState(told, "parked")
        self.deliver(back, self._load_received(20000))
        self.assertState(told, "done")
        self.assertFalse(self.env["account.payment"].search([]))
        self.assertEqual(
            self.books(),
            "2026-11-20 entry\n    SC +200.00\n    DUE -200.00\n"
            "2026-11-20 entry\n    SC -50.00\n    DUE +50.00",
        )
