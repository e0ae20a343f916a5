"""GoCardless' payouts, proved to the cent.

Covers adapters/gocardless/clearing/payout, adapters/gocardless/clearing/item_list,
adapters/gocardless/clearing/rounding, adapters/gocardless/clearing/movement and
handlers/clearing/payout_exchange.
"""

from decimal import Decimal

from odoo.tests import tagged

from ...adapters.gocardless.clearing.rounding import share_rounding
from ...dev.make_believe.gocardless import month
from ...dev.make_believe.gocardless.account import Account
from ..payments.gocardless_common import GoCardlessCommon


@tagged("post_install", "-at_install")
class TestGoCardlessPayouts(GoCardlessCommon):
    """What GoCardless pays out is what it has taken, less what it has kept."""

    def _begin(self, account):
        self.gocardless.reset(account)
        self.account = account

    def test_month(self):
        """40 payments in two currencies, of which some fail, are cancelled, fail late,
        are charged back for good, or for some days, or are refunded: every payout is
        proved, and GoCardless holds nothing any longer.
        """
        self._begin(month.make_account())
        for _step in month.play(self.account):
            self.send()
        self.assertSettled()
        self.assertProved("PO000001", "PO000002", "PO000003", "PO000004")
        clearing = self.source._get_clearing_account()
        items = self.env["account.move.line"].search(
            [("account_id", "=", clearing.id), ("parent_state", "=", "posted")]
        )
        usd = items.filtered(lambda line: line.currency_id == self.company.currency_id)
        self.assertEqual(round(sum(usd.mapped("balance")), 2), 0.0)
        eur = items - usd
        self.assertEqual(eur.currency_id, self.eur)
        self.assertEqual(round(sum(eur.mapped("amount_currency")), 2), 0.0)
        payments = self.env["account.payment"].search(
            [("saas_source_id", "=", self.source.id), ("payment_type", "=", "inbound")]
        )
        # 40, of which 4 failed and 1 was cancelled; 2 came in twice.
        self.assertEqual(len(payments), 37)
        guests = payments.filtered(lambda p: p.saas_tenant_id.is_guest)
        self.assertEqual(guests.mapped("saas_external_id"), ["PM000040"])

    def test_bank_gets_another_currency(self):
        """The clearing account keeps the payments' currency. What GoCardless made of
        it is exact; the difference to the day's rate is a loss of the exchange.
        """
        [_ref] = self.collect(self.add_customer(), 10000, currency="EUR")
        self.account.pay_out("EUR", ("USD", Decimal("1.2")))
        self.send()
        self.assertSettled()
        # 0.8 EUR are a dollar: 100 EUR are 125, and what is left of them is 124.70.
        self.assertEqual(
            self.books(),
            "\n".join(
                (
                    "2026-11-05 entry",
                    "    AR -125.00 (-100.00 EUR) open -100.00",
                    "    GC +125.00 (+100.00 EUR)",
                    "2026-11-08 entry",
                    "    FEE +0.25 (+0.20 EUR) {20% input}",
                    "    GC -0.30 (-0.24 EUR)",
                    "    VATIN +0.05 (+0.04 EUR)",
                    "2026-11-08 entry",
                    "    TRF +119.71 open +119.71",
                    "    LOSS +4.99",
                    "    GC -124.70 (-99.76 EUR)",
                )
            ),
        )
        self.assertProved("PO000001")
        payout = self.env["saas.payout"].search([("source_id", "=", self.source.id)])
        self.assertEqual(
            (payout.amount, payout.currency_id, payout.bank_amount),
            (99.76, self.eur, 119.71),
        )
        self.assertEqual(payout.bank_currency_id, self.company.currency_id)
        self.assertEqual(Decimal(payout.exchange_rate), Decimal("1.2"))

    def test_exchange_waits_for_its_currency(self):
        """A payout into a currency that is not active is left to a person, whole."""
        self.collect(self.add_customer(), 10000)
        self.account.pay_out("USD", ("SEK", Decimal("10.5")))
        self.send()
        waiting = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id), ("state", "=", "quarantined")]
        )
        self.assertEqual(waiting.reason, "currency_mismatch")
        self.assertEqual(waiting.event_type, "pulled.payouts")
        self.assertNotIn("TRF", self.books())

    def test_fees_in_tenths(self):
        """GoCardless keeps fees to a tenth of a cent, and rounds their sum."""
        self._begin(Account(fee=lambda amount: (Decimal("20.3"), Decimal("4.1"))))
        self.collect(self.add_customer(), 1000, 1000, 1000)
        payout = self.account.pay_out("USD")
        self.assertEqual(self.account.get("payouts", payout)["amount"], 2927)
        self.send()
        self.assertSettled()
        self.assertProved(payout)
        fees = [text for text in self.books().split("\n") if "FEE" in text]
        self.assertEqual(fees, ["    FEE +0.61 {20% input}"])

    def test_fees_without_tax(self):
        """Without VAT in a fee the input tax is not used."""
        self._begin(Account(fee=lambda amount: (Decimal(24), Decimal(0))))
        self.collect(self.add_customer(), 1000)
        payout = self.account.pay_out("USD")
        self.send()
        self.assertProved(payout)
        self.assertIn("    FEE +0.24\n", self.books())

    def test_payout_that_does_not_add_up(self):
        """A difference of a cent is shown, and not rounded away."""
        self.collect(self.add_customer(), 1000)
        ref = self.account.pay_out("USD")
        self.account.get("payouts", ref)["amount"] += 1
        self.send()
        payout = self.env["saas.payout"].search([("source_id", "=", self.source.id)])
        self.assertEqual((payout.proof_state, payout.difference), ("not_proved", 0.01))

    def test_strangers(self):
        """What another integration has collected is in the payout, too: it is booked on
        the guests' contact, and so is its failure.
        """
        mandate = self.add_customer()
        self.collect(mandate, 5000)
        stranger = self.account.add_payment(mandate, 7000, "USD", is_hidden=True)
        self.play("payment_confirmed", stranger)
        self.account.pay_out("USD")
        self.play("payment_late_failure_settled", stranger)
        self.send()
        self.assertSettled()
        self.assertProved("PO000001", "PO000002")
        payment = self.env["account.payment"].search(
            [("saas_external_id", "=", stranger)]
        )
        self.assertEqual(payment.amount, 70.0)
        self.assertTrue(payment.saas_tenant_id.is_guest)
        self.assertFalse(
            payment.move_id.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).amount_residual
        )

    def test_items_are_kept_for_six_months(self):
        """Older movements are gone at GoCardless: reading ends there, without error."""
        self.collect(self.add_customer(), 1000)
        self.account.pay_out("USD")
        self.account.pass_days(200)
        pages = list(self.source._get_adapter()._read_movements(self.source))
        self.assertEqual(pages, [])

    def test_rounding_is_given_to_fees(self):
        sums = {"a": Decimal(1000), "b": Decimal("-60.5"), "c": Decimal("-10.2")}
        found = share_rounding(sums, 929)
        self.assertEqual(
            {key: sums[key] + found[key] for key in sums},
            {"a": 1000, "b": -61, "c": -10},
        )
        self.assertEqual(share_rounding({"a": Decimal(5)}, 7), {"a": 0})
