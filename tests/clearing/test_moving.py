"""Money that moves at the source without a customer: proved in its payout, shown where
it is, and what is not understood booked as a person says.

Covers handlers/clearing/movement_account, handlers/clearing/movement_notice,
handlers/clearing/movement_entry and handlers/clearing/loan_cost.
"""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..golden.moving import CASES
from ..support import stripe_fixtures
from ..support.common import SaasCommon
from ..support.session import create_person

_TXN = "pulled.balance_transaction"


def load(*names):
    """Return events of the newer shape by their names."""
    return [stripe_fixtures.load("basil", name) for name in names]


class MovingCommon(SaasCommon):
    """A company whose source is a platform, and people who look after it."""

    def _find(self, name):
        return self.env["saas.balance.transaction"].search(
            [("external_id", "=", stripe_fixtures.object_id("basil", name))]
        )

    def _check_proved(self):
        payout = self.env["saas.payout"].search([])
        self.assertEqual((payout.proof_state, payout.difference), ("proved", 0))
        balance = self.env["saas.clearing.balance"].search([])
        self.assertEqual(balance.mapped("difference"), [0])

    def _create_reviewer(self):
        return create_person(
            self, "moving_reviewer", "reviewer", "account.group_account_invoice"
        )


@tagged("post_install", "-at_install")
class TestMoving(MovingCommon):
    def test_payout_of_it_all_is_proved(self):
        for name in CASES["paid_out"].fixtures("basil"):
            self.deliver(*load(name))
        self._check_proved()

    def test_payout_of_it_all_is_proved_backwards(self):
        for name in [*CASES["paid_out"].fixtures("basil")][::-1]:
            self.deliver(*load(name))
        self._check_proved()

    def test_held_back_is_shown_beside_the_balance(self):
        """A reserve is there, and is not what can be paid out."""
        self.deliver(*load(f"{_TXN}-topup", f"{_TXN}-reserve_hold"))
        self.deliver(*load(f"{_TXN}-reserve_side"))
        balance = self.env["saas.clearing.balance"].search([])
        self.assertEqual(
            (balance.booked, balance.stated, balance.reserved, balance.difference),
            (470, 470, 30, 0),
        )
        side = self._find(f"{_TXN}-reserve_side")
        self.assertEqual((side.match_state, side.difference), ("matched", 0))
        self.deliver(*load(f"{_TXN}-reserve_release"))
        balance.invalidate_recordset()
        self.assertEqual((balance.booked, balance.reserved), (500, 0))

    def test_missing_account_then_retry(self):
        for name, field, label in (
            ("topup", None, "internal transfers"),
            ("connect_transfer", "connected_account_id", "Due from Connected"),
            ("application_fee", "application_income_account_id", "Fees Earned"),
            ("reserve_hold", "reserve_account_id", "Reserve"),
            ("loan", "loan_account_id", "Loan"),
            ("withheld", "withheld_tax_account_id", "Withheld Tax"),
        ):
            with self.subTest(name):
                record, field = (
                    (self.source, field)
                    if field
                    else (self.company, "transfer_account_id")
                )
                account, record[field] = record[field], False
                [event] = self.deliver(*load(f"{_TXN}-{name}"))
                self.assertState(event, "quarantined", "incomplete_setup")
                self.assertIn(label, event.detail)
                record[field] = account
                event.action_retry()
                self.drain()
                self.assertState(event, "done")
                self.assertEqual(self._find(f"{_TXN}-{name}").match_state, "matched")

    def test_events_lead_to_their_entries(self):
        [event] = self.deliver(*load("topup.succeeded"))
        self.assertState(event, "parked")
        self.deliver(*load(f"{_TXN}-topup"))
        self.assertState(event, "done")
        self.assertEqual(event.move_count, 1)
        action = event.action_view_records()
        self.assertEqual(action["res_id"], self._find(f"{_TXN}-topup").move_id.id)

    def test_before_the_cutover(self):
        self.source.cutover_date = "2026-11-25"
        events = self.deliver(
            *load("topup.succeeded-to_reverse", "topup.reversed", "transfer.created"),
            *load(f"{_TXN}-topup_to_reverse", f"{_TXN}-topup_reversal"),
            *load(f"{_TXN}-connect_transfer", f"{_TXN}-connect_transfer_reversal"),
        )
        self.assertState(events, "ignored", "before_cutover")
        self.assertEqual(self.books(), "")

    def test_reversal_since_the_cutover(self):
        self.source.cutover_date = "2026-11-22"
        self.deliver(
            *load(f"{_TXN}-connect_transfer_reversal", f"{_TXN}-connect_transfer")
        )
        record = self._find(f"{_TXN}-connect_transfer_reversal")
        self.assertEqual(
            self.journal_items(record.move_id), ["SC +50.00", "DUE -50.00"]
        )

    def test_cost_of_a_repayment_that_is_taken_back(self):
        cost = "capital.financing_transaction.created"
        paid, out = load(cost, f"{cost}-payout")
        undone = []
        for number, event in enumerate((paid, out)):
            ref = event["data"]["object"]["id"]
            back = stripe_fixtures.load("basil", cost, id=f"{ref}back", type="reversal")
            back["id"] += str(number)
            back["data"]["object"]["details"]["reversed_transaction"] = ref
            undone.append(back)
        events = self.deliver(*undone)
        self.assertState(events, "parked")
        self.deliver(out, paid)
        self.assertState(events, "done")
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.source.loan_cost_account_id.id)]
        )
        self.assertEqual(sorted(lines.mapped("balance")), [-10, 10])


@tagged("post_install", "-at_install")
class TestChosenAccount(MovingCommon):
    """What is not understood is booked when a person has said against what."""

    def _deliver_unknown(self):
        """Deliver a contribution and the payout that takes it from the bank."""
        changes = {"reporting_category": "contribution", "type": "contribution"}
        self.deliver(
            stripe_fixtures.load("basil", f"{_TXN}-fee_taken_back", **changes),
            *load(
                "payout.paid-negative",
                f"{_TXN}-payout_negative",
                "pulled.payout_transactions-negative",
            ),
        )
        return self._find(f"{_TXN}-fee_taken_back")

    def test_person_chooses_the_account(self):
        record = self._deliver_unknown()
        self.assertEqual(record.match_state, "unhandled")
        asked = self.env.ref("saas_billing_sync.mail_activity_movement_unhandled")
        self.assertEqual(record.activity_ids.activity_type_id, asked)
        self.assertEqual(record.activity_ids.user_id, self.responsible)
        reviewer = self._create_reviewer()
        action = record.with_user(reviewer).sudo(False).action_choose_account()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(reviewer)
            .sudo(False)
            .with_context(**action["context"])
        )
        wizard.account_id = self.source.bad_debt_account_id
        wizard.save().action_apply()
        self.drain()
        self.assertEqual(record.match_state, "matched")
        self.assertEqual(self.journal_items(record.move_id), ["SC -5.00", "BAD +5.00"])
        self.assertFalse(record.activity_ids)
        self._check_proved()
        self.assertWhole()
        log = self.env["saas.sync.log"].search(
            [("action", "=", "movement_account_chosen")]
        )
        self.assertEqual((log.actor, log.res_id), (reviewer.login, record.id))

    def test_chosen_once(self):
        record = self._deliver_unknown()
        record._choose_account(self.source.bad_debt_account_id)
        record._choose_account(self.source.bad_debt_account_id)
        self.drain()
        move = record.move_id
        self.deliver(*load(f"{_TXN}-stripe_fee"))
        self.assertEqual(len(self.books().split("BAD")), 2)
        self.assertEqual(record.move_id, move)
        with self.assertRaisesRegex(UserError, "not handled"):
            record.action_choose_account()

    def test_locked_period_says_so_and_goes_on(self):
        record = self._deliver_unknown()
        self.company.fiscalyear_lock_date = "2026-11-30"
        record._choose_account(self.source.bad_debt_account_id)
        self.drain()
        waiting = self.env["saas.subscription.event"].search(
            [("state", "=", "quarantined")]
        )
        self.assertState(waiting, "quarantined", "period_locked")
        self.assertEqual(record.match_state, "unhandled")
        self.company.fiscalyear_lock_date = False
        waiting.action_retry()
        self.drain()
        self.assertEqual(record.match_state, "matched")

    def test_fees_of_it_go_to_their_accounts(self):
        detail = {"amount": 100, "currency": "usd", "type": "stripe_fee"}
        self.deliver(
            stripe_fixtures.load(
                "basil",
                f"{_TXN}-stripe_fee",
                reporting_category="other_adjustment",
                fee=100,
                fee_details=[detail],
                net=-350,
            )
        )
        record = self._find(f"{_TXN}-stripe_fee")
        self.assertFalse(record.move_id)
        record._choose_account(self.source.adjustment_account_id)
        self.drain()
        self.assertEqual(
            self.journal_items(record.move_id),
            ["SC -3.50", "FEE +1.00", "ADJ +2.50"],
        )
