"""What is done about tenants that owe, day by day, and what ends it.

Covers dunning/debts, dunning/standing, dunning/steps.
"""

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import DUE, DunningCommon, on


@tagged("post_install", "-at_install")
class TestDunning(DunningCommon):
    def test_a_life(self):
        """Each step comes on its day, once, with what is overdue then."""
        self.owe()
        told = {days: steps for days in range(70) if (steps := self.dun(days))}
        self.assertEqual(
            told,
            {
                3: ["Ada: Reminder, 100.00"],
                10: ["Ada: Second reminder, 100.00"],
                15: ["Ada: Call, 100.00"],
                30: ["Ada: Restriction, 100.00"],
                60: ["Ada: Cancellation, 100.00"],
            },
        )
        state = self.get_state()
        self.assertEqual(self.read_state(), ("100.00", 0, 1))
        self.assertEqual(state.last_step_id.name, "Cancellation")
        self.assertEqual(state.waits_for, "ended")
        self.assertEqual(self.env["saas.sync.log"]._verify_chain(self.own), 0)

    def test_nobody_is_dunned_without_a_policy(self):
        self.company.dunning_policy_id = False
        self.owe()
        self.assertEqual(self.dun(20), [])
        self.assertFalse(self.env["saas.dunning.run"].search([]))
        self.assertFalse(self.get_state())

    def test_a_tenant_has_a_policy_of_its_own(self):
        self.company.dunning_policy_id = False
        self.bob.dunning_policy_id = self.create_policy((1, "At once", "mail"))
        self.owe()
        self.owe(self.bob)
        self.assertEqual(self.dun(1), ["Bob: At once, 100.00"])
        self.company.dunning_policy_id = self.policy
        self.bob.dunning_policy_id = self.create_policy()
        self.assertEqual(self.dun(10), ["Ada: Reminder, 100.00"])
        self.assertEqual(self.get_state(self.bob).waits_for, "no_policy")

    def test_each_currency_apart(self):
        """What is owed is never converted, and each currency has limits of its own."""
        step = self.policy.step_ids[0]
        step.minimum_ids = [
            Command.create({"currency_id": self.eur.id, "amount": 50.5})
        ]
        self.owe()
        self.owe(amount=50.49, currency=self.eur)
        self.owe(self.bob, amount=50.5, currency=self.eur)
        self.owe(self.bob, amount=7, currency=self.jpy)
        self.assertEqual(
            self.dun(3),
            ["Ada: Reminder, 100.00", "Bob: Reminder, 50.50", "Bob: Reminder, 7.00"],
        )
        self.assertEqual(self.read_state(), ("100.00", 0, 1))
        self.assertEqual(self.read_state(currency=self.eur), ("50.49", 0, 1))
        self.assertEqual(self.get_state(self.bob, self.jpy).amount, 7)

    def test_least_count(self):
        self.policy.step_ids[0].least_count = 2
        self.owe()
        self.owe(self.bob)
        self.owe(self.bob, days=1)
        self.assertEqual(self.dun(4), ["Bob: Reminder, 200.00"])

    def test_quiet_days(self):
        """The fifth day after the Monday is a Saturday, and the next Monday is one of
        the policy's own.
        """
        self.policy.weekend = "sat_sun"
        self.policy.quiet_day_ids = [Command.create({"day": on(7)})]
        self.owe(days=2)
        told = {days: steps for days in range(12) if (steps := self.dun(days))}
        self.assertEqual(told, {8: ["Ada: Reminder, 100.00"]})

    def test_a_payment_ends_it_at_once(self):
        move = self.owe()
        self.dun(3)
        self.assertEqual(self.read_state(), ("100.00", 0, 1))
        with freeze_time(f"{on(4)} 12:00:00"):
            self.pay(move, 40)
            self.assertEqual(self.read_state(), ("60.00", 0, 1))
            self.pay(move)
        self.assertEqual(self.read_state(), ("0.00", False, 0))
        self.assertFalse(self.get_state().last_step_id)
        self.assertEqual(self.dun(10), [])

    def test_a_new_debt_begins_anew(self):
        first = self.owe()
        self.dun(10)
        self.owe(days=8)
        with freeze_time(f"{on(9)} 12:00:00"):
            self.pay(first)
        self.assertEqual(self.dun(11), ["Ada: Reminder, 100.00"])

    def test_money_on_account_counts(self):
        """Money that nobody has assigned, and a credit note, count against what is due
        first: nobody is asked for what has come.
        """
        self.owe()
        self.owe(days=4)
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.ada.partner_id.id,
                "amount": 70,
                "date": on(1),
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        self.owe(amount=50, days=0, move_type="out_refund")
        self.dun(6)
        self.assertEqual(self.read_state(), ("80.00", 4, 1))

    def test_what_is_taken_back_is_open_again(self):
        """Where a payment is not reconciled any more, the tenant is where it was: no
        step is taken twice.
        """
        move = self.owe()
        self.dun(3)
        self.dun(10)
        with freeze_time(f"{on(11)} 12:00:00"):
            self.pay(move)
            move.line_ids.remove_move_reconcile()
            self.env["account.payment"].search(
                [("partner_id", "=", self.ada.partner_id.id)]
            ).action_draft()
            self.end_transaction()
        self.assertEqual(self.read_state(), ("100.00", 0, 1))
        self.assertEqual(self.get_state().last_step_id.name, "Second reminder")
        self.assertEqual(self.dun(12), [])
        self.assertEqual(self.dun(15), ["Ada: Call, 100.00"])

    def test_a_restriction_is_told_and_ends_with_the_payment(self):
        self.listen()
        move = self.owe()
        for days in (3, 10, 15, 30):
            self.dun(days)
        self.assertTrue(self.ada.is_restricted)
        self.assertEqual(self.ada.collection_state, "restricted")
        restricted = [
            ("collection_state.changed", "restricted"),
            ("entitlement.changed", True),
        ]
        self.assertEqual(self.read_told(), restricted)
        with freeze_time(f"{on(31)} 12:00:00"):
            self.pay(move)
        self.assertFalse(self.ada.is_restricted)
        lifted = [
            ("collection_state.changed", "current"),
            ("entitlement.changed", False),
        ]
        self.assertEqual(self.read_told(), restricted + lifted)
        with freeze_time(f"{on(32)} 12:00:00"):
            move.line_ids.remove_move_reconcile()
            self.env["account.payment"].search(
                [("partner_id", "=", self.ada.partner_id.id)]
            ).action_draft()
            self.end_transaction()
        self.assertTrue(self.ada.is_restricted)
        self.assertEqual(self.read_told(), restricted + lifted + restricted)
        self.assertEqual(self.env["saas.sync.log"]._verify_chain(self.own), 0)

    def test_what_a_person_has_suspended_stays_so(self):
        self.ada._set_suspended(True, "A test.")
        move = self.owe()
        for days in (3, 10, 15, 30):
            self.dun(days)
        self.pay(move)
        self.assertTrue(self.ada.is_suspended)
        self.assertFalse(self.ada.is_restricted)
        self.assertTrue(self.ada.entitlement_ids.state["is_suspended"])

    def test_rolled_back_books_tell_nobody(self):
        self.listen()
        move = self.owe()
        for days in (3, 10, 15, 30):
            self.dun(days)
        told = self.read_told()
        with self.env.cr.savepoint(flush=True) as savepoint:
            self.pay(move)
            self.assertFalse(self.ada.is_restricted)
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertTrue(self.ada.is_restricted)
        self.assertEqual(self.read_told(), told)

    def test_who_pays_for_others_is_asked(self):
        """What is booked on the contact of another tenant is asked of that one."""
        self.bob.parent_id = self.ada
        self.bob.write({"bill_to_id": self.ada.id, "is_consolidated": True})
        move = self.owe(self.bob, partner_id=self.ada.partner_id.id)
        self.assertEqual(self.dun(3), ["Ada: Reminder, 100.00"])
        self.assertFalse(self.get_state(self.bob))
        self.pay(move)
        self.assertEqual(self.read_state(), ("0.00", False, 0))

    def test_due_days_follow(self):
        """Where an invoice gets more time, it is not overdue any more."""
        move = self.owe()
        self.dun(3)
        self.env["saas.ledger.document"]._set_due_date(move, on(20))
        self.assertEqual(self.dun(10), [])
        self.assertEqual(self.read_state(), ("0.00", False, 0))
        self.assertEqual(DUE, on(0))
