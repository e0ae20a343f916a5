"""Each event in each state, told by real events: the state that it leads to, or the
typed reason why it doesn't.

Covers handlers/subscriptions/subscription_change and handlers/subscriptions/contract.
"""

import itertools

from odoo.tests import tagged

from ...canonical.subscriptions.lifecycle import TABLE, Effect, Event, Refusal, State
from ..standard.common import write_event
from .selling import WAYS, SellingCommon, at


@tagged("post_install", "-at_install")
class TestSubscriptionTable(SellingCommon):
    def _write(self, kind, day, seats="5", **data):
        """Return an event of a kind that takes effect on a day of January."""
        moment = at(2026, 1, day)
        if kind == Event.AGREED:
            deal = {"id": f"D-{day}", "customer": "C-1", "won_at": moment}
            deal |= {**self.held(seats), "subscription": "S-1"}
            return write_event("contract.won", deal, "1", time=moment)
        if kind in (Event.ACTIVATED, Event.CHANGED):
            data = {**self.held(seats), **data}
        return self.event(kind, moment, **data)

    def _lead_to(self, state):
        """Bring a subscription to a state."""
        trial = {"trial_end": at(2027, 1, 1)} if state == State.TRIALING else {}
        for kind, day in WAYS[state]:
            self.tell(self._write(kind, day, **trial))
        expected = "none" if state == State.NONE else state.value
        self.assertEqual(self.find().state or "none", expected)

    def test_each_cell(self):
        """The table says it, and so it is: with the event's state and the reason."""
        for state, kind in itertools.product(State, Event):
            with self.subTest(state=state.value, kind=kind.value):
                with self.env.cr.savepoint() as savepoint:
                    self._lead_to(state)
                    self._check_cell(state, kind, TABLE[state][kind])
                    self.assertWhole()
                    savepoint.rollback()
                self.env.invalidate_all()

    def _check_cell(self, state, kind, outcome):
        before = self.timeline(self.find()) if self.find() else []
        event = self.tell(self._write(kind, 10, "8"))
        subscription = self.find()
        if state == State.NONE and kind not in (Event.AGREED, Event.ACTIVATED):
            # Nothing is known of it yet: it waits for what begins it.
            self.assertState(event, "parked")
            self.assertEqual(event.waiting_for, "subscription:S-1")
            self.assertFalse(subscription)
            return
        if (state, kind) == (State.CANCELED, Event.CANCELED):
            # What is said of its end later counts.
            self.assertState(event, "done")
            self.assertIn("2026-01-10 canceled", self.states(subscription))
            return
        if isinstance(outcome, Refusal):
            self.assertState(event, "quarantined", "not_allowed")
            row = subscription.change_ids.filtered(lambda each: each.event_id == event)
            self.assertEqual((row.outcome, row.refusal), ("refused", outcome.value))
            self.assertEqual(self.timeline(subscription), before)
            self.assertEqual(event.actor, "reviewer")
            return
        self.assertState(event, "done")
        if outcome == Effect.KEEP:
            self.assertEqual(self.timeline(subscription), before)
            return
        expected = state if outcome == Effect.TERMS else outcome
        now = self.timeline(subscription)[-1]
        if expected == State.TRIALING:
            now = self.timeline(subscription)[-2]
        self.assertEqual(now[1], expected.value)
        if kind in (Event.AGREED, Event.ACTIVATED, Event.CHANGED):
            self.assertEqual(now[3]["seats"], 8)

    def test_nothing_revives_a_canceled_one(self):
        """No event, and no order of events, brings back what has ended."""
        later = [
            self._write(kind, 10 + number, "9")
            for number, kind in enumerate(Event)
            if kind != Event.CANCELED
        ]
        life = [self._write("activated", 2), self._write("canceled", 3), *later]
        orders = [life, life[::-1], [*later, *life[:2]], [life[0], *later, life[1]]]
        orders += [[life[1], *later[::2], life[0], *later[1::2]]]
        for order in orders:
            with self.env.cr.savepoint() as savepoint:
                self.tell(*order)
                subscription = self.find()
                self.assertEqual(subscription.state, "canceled")
                states = self.states(subscription)
                self.assertTrue(states.endswith("2026-01-03 canceled"), states)
                stopped = self.env["saas.subscription.event"].search(
                    [("state", "=", "quarantined")]
                )
                self.assertEqual(len(stopped), 6)
                self.assertEqual(set(stopped.mapped("reason")), {"not_allowed"})
                savepoint.rollback()
            self.env.invalidate_all()
