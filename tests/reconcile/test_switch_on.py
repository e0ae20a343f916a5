"""An area that was observed is switched on in the middle of a month: nothing is booked
twice, and nothing is lost.

Covers review/cutover/observe_settle, review/cutover/observing and pipeline/staged.
"""

import random

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.books import Undo
from ..support.common import FULL, SEED
from .observing import (
    ObservingCommon,
    tell_invoice,
    tell_month,
    tell_payment,
    tell_refund,
)

_ORDERS = 20 if FULL else 1


@tagged("post_install", "-at_install")
class TestSwitchOn(ObservingCommon):
    def _settle_all(self):
        """Decide about what differs."""
        self.decide(invoice=["I-3", "I-4"], payment=["P-6"])

    def _switch_all(self, **vals):
        for area in ("documents", "payments", "clearing"):
            run = self.switch(area, **vals)
            self.assertEqual(run.state, "done", run.last_error)

    def _own_moves(self, booked):
        """Return what the app has booked, and people have not."""
        by_hand = self.env["account.move"].union(
            *(
                record if record._name == "account.move" else record.move_id
                for record in booked.values()
            )
        )
        moves = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted")]
        )
        self.assertLessEqual(by_hand, moves)
        return moves - by_hand

    def test_in_the_middle_of_a_month_nothing_is_booked_twice(self):
        booked = self.enter_month()
        self.observe()
        events = self.tell(*tell_month())
        self.night()
        self._settle_all()
        self._switch_all()
        own = self._own_moves(booked)
        self.assertEqual(
            sorted((str(m.date), m.move_type, *self.journal_items(m)) for m in own),
            [
                (
                    "2026-11-18",
                    "out_invoice",
                    "AR +119.00",
                    "REV -100.00 {19% VAT}",
                    "TAX -19.00",
                ),
                ("2026-11-20", "entry", "AR -119.00", "SC +119.00"),
            ],
        )
        missing = events.filtered(
            lambda event: event.external_id.endswith("inv-5-issued")
        )
        self.assertState(missing, "ignored", "ignored_by_person")
        self.assertState(events - missing, "done")
        for number in (1, 2, 3, 4, 6, 7, 8, 9):
            self.assertEqual(booked[number].saas_external_id, f"I-{number}")
            self.assertTrue(booked[number].saas_tenant_id)
        self.assertFalse(booked["extra"].saas_external_id)
        self.assertEqual(booked[3].amount_total, 130.9)
        self.assertEqual({*self.source._get_stages().values()}, {"on"})
        self.assertWhole()

    def test_what_happens_later_finds_what_was_booked_by_hand(self):
        booked = self.enter_month()
        self.observe()
        self.tell(*tell_month())
        self.night()
        self._settle_all()
        self._switch_all()
        later = self.tell(
            tell_refund(1), tell_invoice(3, voided_at="2026-11-25T09:30:00Z")
        )
        self.assertState(later, "done")
        reversal = booked[3].reversal_move_ids
        self.assertEqual(reversal.amount_total, 130.9)
        self.assertEqual(booked[3].payment_state, "reversed")
        refund = self.env["account.payment"].search([("payment_type", "=", "outbound")])
        self.assertEqual((refund.amount, refund.partner_id), (20, self.partners["A"]))
        self.assertWhole()

    def test_what_could_be_booked_twice_is_refused(self):
        self.enter_month()
        self.observe()
        self.tell(*tell_month())
        self.night()
        before = self.count_books()
        with self.assertRaisesRegex(UserError, "2 objects are booked by hand"):
            self.switch("documents")
        with self.assertRaisesRegex(UserError, "needs what is not on yet: Documents"):
            self.switch("payments")
        wizard = self.as_user("approver", "saas.switch.on").new(
            {"source_id": self.source.id, "area": "documents"}
        )
        self.assertIn("Only at the source: 2", wizard.left_open)
        self.assertIn("Only booked by hand: 1", wizard.left_open)
        self.assertIn("Events that wait: 10", wizard.left_open)
        self.assertEqual(self.count_books(), before)

    def test_what_came_since_the_last_night_is_compared_first(self):
        """The switch compares once more, and stops where that finds something."""
        self.observe()
        self.tell(tell_invoice(1))
        self.night()
        self.enter_invoice(3, price=110)
        event = self.tell(tell_invoice(3))
        run = self.switch("documents")
        self.assertEqual(run.state, "failed")
        self.assertIn("1 objects are booked by hand", run.last_error)
        self.assertEqual(self.source.stage_documents, "observe")
        self.assertState(event, "parked", "observed")
        self.decide(invoice=["I-3"])
        self.as_user("approver", "saas.stage.change").resume_run(run.ids)
        self.run_jobs(run)
        self.assertEqual(run.state, "done", run.last_error)
        self.assertState(event, "done")

    def test_what_is_earlier_may_be_booked_as_well(self):
        self.observe()
        events = self.tell(tell_invoice(1), tell_invoice(9))
        self.switch("documents", earlier="book")
        self.assertState(events, "done")
        self.assertEqual(len(self._own_moves({})), 2)

    def test_what_is_earlier_may_go_by_the_cut_over(self):
        """The existing logic of the cut-over decides: the old invoice needs an opening
        item, and is not booked as revenue.
        """
        self.source.write(
            {
                "opening_journal_id": self.company_data["default_journal_misc"].id,
                "opening_account_id": self.source.adjustment_account_id.id,
            }
        )
        self.observe()
        old, new = self.tell(tell_invoice(1)), self.tell(tell_invoice(9))
        self.switch("documents", earlier="opening")
        self.assertEqual(str(self.source.cutover_date), "2026-11-15")
        self.assertNotEqual(old.state, "done")
        self.assertState(new, "done")
        self.assertEqual(len(self._own_moves({})), 1)

    def test_who_lost_the_role_switches_nothing_on(self):
        self.observe()
        self.tell(tell_invoice(9))
        run = self.start_switch("documents")
        manager = self.env.ref("saas_billing_sync.group_saas_manager")
        self.users["manager"].sudo().write({"group_ids": [(3, manager.id)]})
        self.run_jobs(run)
        self.assertEqual(
            (run.state, self.source.stage_documents), ("failed", "observe")
        )

    def test_it_is_logged(self):
        self.observe()
        self.switch("documents")
        log = self.env["saas.sync.log"].search(
            [("action", "in", ("switch_started", "stage_changed"))], order="id"
        )
        self.assertEqual(log[-2:].mapped("actor"), ["observing_manager"] * 2)
        self.assertEqual(log[-2:].mapped("approver"), ["observing_approver"] * 2)
        self.assertIn("from 2026-11-15 on: November agrees.", log[-1].detail)

    # -- in any order -----------------------------------------------------------------

    def test_before_and_after_the_switch_in_any_order(self):
        """Whatever comes before the switch or after it, twice and shuffled: the same
        books in the end.
        """
        month = tell_month()
        expected = self._run(month, [])
        self.maxDiff = None
        for number in range(_ORDERS):
            chance = random.Random(f"{SEED} {number}")
            told = [*month, *chance.choices(month, k=4)]
            chance.shuffle(told)
            kept = {event["id"] for event in told[: len(told) // 2]}
            # What differs was decided before the switch, so it came before.
            kept |= {"inv-3-issued", "inv-4-issued", "inv-6-issued", "inv-7-issued"}
            kept |= {"pay-6"}
            before = [event for event in told if event["id"] in kept]
            after = [event for event in told if event["id"] not in kept]
            with self.subTest(seed=SEED, order=number):
                self.assertEqual(self._run(before, after), expected)

    def _run(self, before, after):
        """Return the books of a month that is told in two parts, with a switch between
        them, and leave nothing behind.
        """
        try:
            with self.env.cr.savepoint():
                self.enter_month()
                self.observe()
                self.tell(*before)
                self.night()
                self._settle_all()
                self._tell_apart()
                self._switch_all()
                self.tell(*after)
                for _night in range(2):
                    self.night()
                self.assertWhole()
                states = {
                    event.external_id: (event.state, event.reason)
                    for event in self.env["saas.subscription.event"].search([])
                }
                result = self.books(), states
                raise Undo
        except Undo:
            self.env.invalidate_all()
            return result

    def _tell_apart(self):
        """Say of what is not here yet that it is not what only looks like it."""
        likely = self.observations.search(
            [("blocks", "=", True), ("rule", "=", "likely")]
        )
        for row in likely:
            self.decide("apart", **{row.kind: [row.external_id]})

    def test_a_late_payment_of_what_was_bound(self):
        """It is from after the switch, so it is booked at once, on the invoice that a
        person booked.
        """
        move = self.enter_invoice(9)
        self.observe()
        self.tell(tell_invoice(9))
        self.night()
        self._switch_all()
        event = self.tell(tell_payment(9))
        self.assertState(event, "done")
        self.assertEqual(move.payment_state, "paid")
