"""What is done to sources, and to all events of a source: pause, activate, retry the
dead, replay days. And the screens on which it is seen.
"""

from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ...canonical.reasons import Reason, State
from ..support import stripe_fixtures
from ..support.session import BrowserMixin
from .operating import OperationCommon


@tagged("post_install", "-at_install")
class TestOperationSources(OperationCommon):
    def test_pause_and_activate(self):
        """An operator does it at once, with a reason that the log keeps."""
        source = self.source.with_user(self.users["operator"]).sudo(False)
        for press, state, action in (
            (source.action_pause, "paused", "source_paused"),
            (source.action_activate, "active", "source_resumed"),
        ):
            asked = press()
            wizard = self.env["saas.operation.start"].with_user(source.env.user)
            wizard = wizard.sudo(False).with_context(**asked["context"])
            wizard = wizard.create({"reason": "The bank is down."})
            self.assertIn(source.name, wizard.effect)
            wizard.action_apply()
            self.assertEqual(self.source.state, state)
            row = self.env["saas.sync.log"].search([("action", "=", action)])
            self.assertEqual(row.actor, "operating_operator")
            self.assertIn("The bank is down.", row.detail)
            self.assertEqual(row.res_model, "saas.operation")

    def test_a_paused_source_is_not_paused_again(self):
        self.begin("pause", source_ids=self.source.ids)
        again = self.ask("pause", source_ids=self.source.ids)
        self.assertFalse(again.can_start)
        with self.assertRaisesRegex(UserError, "nothing to do"):
            again.action_apply()

    def test_events_go_on_when_the_source_does(self):
        self.begin("pause", source_ids=self.source.ids)
        event = self.store(stripe_fixtures.load("basil", "customer.created"))
        self.source._job_drain()
        self.assertState(event, "received")
        asked = self.ask("resume", source_ids=self.source.ids)
        self.assertIn("1 wait in the inbox", asked.effect)
        self.begin("resume", source_ids=self.source.ids)
        self.drain()
        self.assertState(event, "done")

    def test_the_dead_of_a_source(self):
        dead, other = self.fill(2, "dead", "retries_exhausted"), self.fill(1, body="[]")
        operation = self.begin("redrive", "reviewer", source_ids=self.source.ids)
        self.assertEqual(operation.total_count, 2)
        self.assertState(dead, "received")
        self.assertState(other, "quarantined", "unmapped_product")

    def test_replay_of_days(self):
        """The days are the source's own; each event is replayed once, and books
        nothing again.
        """
        self.source.tz = "Europe/Berlin"
        inside = self.deliver(
            stripe_fixtures.load("basil", "customer.created"),
            stripe_fixtures.load("basil", "invoice.finalized"),
        )
        outside = self.deliver(stripe_fixtures.load("basil", "tax_rate.created-state"))
        inside.received_at = datetime(2026, 3, 9, 23, 30)
        outside.received_at = datetime(2026, 3, 10, 23, 0)
        before = self.books()
        day = {"date_from": date(2026, 3, 10), "date_to": date(2026, 3, 10)}
        asked = {"source_ids": self.source.ids, **day}
        operation = self.begin("replay_days", "reviewer", **asked)
        self.drain()
        replays = self.events.search([("operation_id", "=", operation.id)])
        self.assertEqual(replays.replay_of_id, inside)
        self.assertEqual(len(replays), 2)
        self.assertState(replays, "done")
        self.assertEqual(self.books(), before)
        self.assertEqual(replays.mapped("body_hash"), inside[::-1].mapped("body_hash"))
        # What was replayed is no event of these days.
        replays.received_at = inside[0].received_at
        self.assertEqual(self.begin("replay_days", **asked).total_count, 2)

    def test_days_are_asked_for(self):
        wizard = self.ask("replay_days", source_ids=self.source.ids)
        self.assertFalse(wizard.can_start)
        with self.assertRaisesRegex(UserError, "nothing to do"):
            wizard.action_apply()

    def test_each_event_is_replayed_once(self):
        """Also where a chunk was killed, or a job comes twice."""
        events = self.fill(300, "done", None)
        operation = self.begin("replay", domain=[["state", "=", "done"]])
        args = self.find_job(operation).args
        with self.assertRaisesRegex(RuntimeError, "killed"), self.cr.savepoint():
            operation.with_user(1)._job_chunk(*args)
            raise RuntimeError("killed")
        self.env.invalidate_all()
        self.run_chunk(operation)
        operation.with_user(1)._job_chunk(*args)
        self.run_all(operation)
        replays = self.events.search([("replay_of_id", "in", events.ids)])
        self.assertEqual(len(replays), 300)
        self.assertEqual(replays.replay_of_id, events)
        self.assertState(replays, "received")
        self.assertState(events, "done")
        # They are done with: a second press replays them for a second time, as asked.
        self.assertEqual(self.begin("replay", events=events[:90]).total_count, 90)


@tagged("post_install", "-at_install")
class TestOperationScreens(BrowserMixin, OperationCommon, HttpCase):
    """A person selects more than a page, in a real browser."""

    def test_select_all_retry_and_failures(self):
        events = self.fill(120)
        login = self.users["operator"].login
        self.start_tour("/odoo/saas-events", "saas_operation_retry", login=login)
        operation = self.env["saas.operation"].search([], limit=1)
        self.assertEqual(
            (operation.total_count, operation.state, operation.reason),
            (120, "running", "The product is mapped now."),
        )
        self.run_all(operation)
        self.assertState(events, "received")
        events[:1]._set_state(State.QUARANTINED, Reason.UNMAPPED_PRODUCT)
        self.env.flush_all()
        path = "/odoo/saas-bulk-operations"
        self.start_tour(path, "saas_operation_failures", login=login)
