"""Payouts meet the lines of the bank's statement: one clear match, or none.

Covers ledger/bank_match.
"""

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestPayoutBank(SaasCommon):
    def setUp(self):
        super().setUp()
        self.deliver(stripe_fixtures.load("basil", "payout.paid"))
        self.payout = self.env["saas.payout"].search([])
        self.assertEqual(self.payout.proof_state, "no_data")

    def _create_line(self, amount=218.91, date="2026-11-20", **vals):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.payout_journal.id,
                "date": date,
                "payment_ref": "STRIPE",
                "amount": amount,
                **vals,
            }
        )

    def _check_matched(self, line):
        self.assertEqual(self.payout.bank_line_id, line)
        self.assertTrue(line.is_reconciled)
        transfer = self.company.transfer_account_id
        items = (self.payout.move_id | line.move_id).line_ids
        own = items.filtered(lambda item: item.account_id == transfer)
        self.assertEqual(len(own), 2)
        self.assertTrue(all(own.mapped("reconciled")))

    def test_one_line(self):
        self._create_line(100.0)
        line = self._create_line()
        self.env["saas.payout"]._cron_match_bank()
        self._check_matched(line)

    def test_button_says_what_was_found(self):
        action = self.payout.action_match_bank()
        self.assertIn("0 of 1", action["params"]["message"])
        self._create_line()
        action = self.payout.action_match_bank()
        self.assertIn("1 of 1", action["params"]["message"])

    def test_two_lines_are_for_a_person(self):
        self._create_line()
        self._create_line(date="2026-11-21")
        self.payout.action_match_bank()
        self.assertFalse(self.payout.bank_line_id)

    def test_two_lines_one_of_which_names_it(self):
        self._create_line()
        line = self._create_line(payment_ref="STRIPE FJORD202026PAYOUT1")
        self.payout.action_match_bank()
        self._check_matched(line)

    def test_two_payouts_for_one_line(self):
        twin = stripe_fixtures.load("basil", "payout.paid", id="po_twin")
        twin["id"] += "2"
        self.deliver(twin)
        self._create_line()
        self.payout.action_match_bank()
        self.assertFalse(self.payout.bank_line_id)

    def test_too_late_and_elsewhere(self):
        self._create_line(date="2026-12-19")
        self._create_line(journal_id=self.clearing_journal.id)
        self._create_line(-218.91)
        self.payout.action_match_bank()
        self.assertFalse(self.payout.bank_line_id)

    def test_matched_by_hand(self):
        """What a person reconciled in Odoo's own screens counts."""
        line = self._create_line(date="2026-12-19")
        transfer = self.company.transfer_account_id
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = transfer
        items = (self.payout.move_id | line.move_id).line_ids
        items.filtered(lambda item: item.account_id == transfer).reconcile()
        self.env["saas.payout"]._cron_match_bank()
        self._check_matched(line)

    def test_failed_after_it_was_in_the_bank(self):
        """What the bank has shown stays matched; the way back is open for its next
        line.
        """
        line = self._create_line()
        self.payout.action_match_bank()
        failed = stripe_fixtures.load(
            "basil", "payout.failed", id=self.payout.external_id, amount=21891
        )
        failed["created"] = 1795420800
        self.assertState(self.deliver(failed), "done")
        self._check_matched(line)
        self.assertEqual(
            self.journal_items(self.payout.return_move_id),
            ["SC +218.91", "TRF -218.91 open -218.91"],
        )
