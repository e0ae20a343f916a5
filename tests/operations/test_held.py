"""An event that a person holds back stays where it is, whatever arrives, and is shown
with who and why. Nothing of it is booked meanwhile, and nothing is lost.
"""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...canonical.reasons import State
from ...canonical.reference import Reference
from ..support import stripe_fixtures
from .operating import OperationCommon


def load(name):
    return stripe_fixtures.load("basil", name)


@tagged("post_install", "-at_install")
class TestHeld(OperationCommon):
    def _hold(self, events):
        self.begin("hold", events=events, reason="The customer disputes it.")
        self.assertState(events, "parked", "held_by_person")

    def _let_go(self, events):
        self.begin("release", events=events, reason="It is settled.")
        self.drain()

    def test_shown_with_who_and_why(self):
        event = self.deliver(load("refund.created"))
        self.assertState(event, "parked")
        self._hold(event)
        seen = event.with_user(self.users["reviewer"]).sudo(False)
        self.assertIn("operating_operator", seen.next_step)
        self.assertIn("The customer disputes it.", seen.next_step)
        self.assertEqual((seen.actor, seen.is_held), ("operator", True))
        self.assertFalse(seen.waiting_for)
        row = event.log_ids.sorted("sequence")[-1]
        self.assertEqual((row.action, row.actor), ("event_held", "operating_operator"))
        self.assertIn("The customer disputes it.", row.detail)
        mine = self.events.with_user(self.users["operator"]).sudo(False)
        self.assertIn(event, mine.search([("waits_for_me", "=", True)]))

    def test_no_arrival_frees_it(self):
        """What it waited for arrives, and is even swept for."""
        refund = self.deliver(load("refund.created"))
        self._hold(refund)
        self.deliver(load("customer.created"), load("charge.succeeded"))
        self.env["saas.source"]._cron_sweep()
        self.drain()
        self.assertState(refund, "parked", "held_by_person")
        self._let_go(refund)
        self.assertState(refund, "done")

    def test_its_time_is_never_up(self):
        event = self.store(load("invoice.finalized"))
        self._hold(event)
        event.received_at = fields.Datetime.now() - timedelta(days=365)
        self.env["saas.source"]._cron_sweep()
        self.assertState(event, "parked", "held_by_person")

    def test_nothing_of_it_is_booked(self):
        """Neither by a retry nor by a replay, and not by who decides of its object."""
        event = self.store(load("invoice.finalized"))
        self._hold(event)
        person = event.with_user(self.users["reviewer"]).sudo(False)
        for press in (person.action_retry, person.action_replay):
            with self.assertRaisesRegex(UserError, "Let it go first"):
                press()
        with self.assertRaises(AccessError):
            person.action_let_go()
        for kind in ("retry", "hold", "replay"):
            wizard = self.ask(kind, events=event)
            self.assertFalse(wizard.can_start, kind)
        refs = [Reference.parse(text) for text in event.object_refs]
        self.assertFalse(event._get_about(self.source, refs))
        self.drain()
        self.assertFalse(self.books())

    def test_what_waits_for_it_shows_the_way(self):
        """And does not have its object fetched, which would book it all the same."""
        invoice = self.store(load("invoice.finalized"))
        self._hold(invoice)
        note = self.deliver(load("credit_note.created-post_payment"))
        self.assertState(note, "parked")
        seen = note.with_user(self.users["operator"]).sudo(False)
        self.assertEqual(seen.blocked_by_id, invoice)
        self.assertIn("A person holds that back", seen.next_step)
        now = fields.Datetime.now() + timedelta(days=2)
        self.assertFalse(self.events._get_references(self.source, now, now))
        self._let_go(invoice)
        self.assertState(invoice, "done")

    def test_it_is_counted_as_waiting(self):
        """What it would move is in the proof of the clearing account as what waits."""
        event = self.store(load("charge.succeeded"))
        self.assertEqual(self._read_proof(), (0, 1))
        self._hold(event)
        self.assertEqual(self._read_proof(), (1, 0))
        self.deliver(load("customer.created"), load("customer.subscription.created"))
        self.assertEqual(self._read_proof(), (1, 0))

    def _read_proof(self):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["saas.clearing.balance"].search(
            [("source_id", "=", self.source.id)]
        )
        return sum(rows.mapped("waiting_count")), max(rows.mapped("unread_count"))

    def test_one_that_can_not_be_read_is_held_as_well(self):
        event = self.fill(1, "received", None, body="\x01 no JSON")
        self._hold(event)
        self._let_go(event)
        self.assertState(event, "quarantined", "invalid_payload")

    def test_many_take_constant_statements(self):
        """Whatever their number: a person holds back a flood."""
        taken = []
        for count in (150, 100, 200):
            events = self.fill(count, "received", None)
            operation = self.begin("hold", events=events)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.run_chunk(operation)
            taken.append(self.env.cr.sql_log_count - before)
            self.assertEqual(operation.state, "done")
            events._set_state(State.IGNORED)
        # The first one also reads what a server that runs knows.
        # Odoo writes a hundred rows with each statement.
        self.assertLessEqual(taken[2] - taken[1], 3)
