"""Operations on many events: a frozen selection, chunks of constant cost, and each
event once, whatever is pressed or killed.
"""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...canonical.reasons import State
from ...models.operations.operation_kind import QUICK
from ..support import stripe_fixtures
from .operating import OperationCommon

#: The most statements that a request may take to start an operation of any size.
_MOST = 15
_MANY = 10_000


@tagged("post_install", "-at_install")
class TestOperations(OperationCommon):
    def _count(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = call()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before, result

    def test_ten_thousand_events(self):
        """The request takes few statements, and each chunk the same number."""
        # A server that runs knows its own settings.
        self.begin("retry", events=self.fill(QUICK + 1))
        events = self.fill(_MANY, "quarantined")
        wizard = self.ask("retry", domain=[["id", ">=", min(events.ids)]])
        self.assertIn("10,000", wizard.effect)
        taken, action = self._count(wizard.action_apply)
        self.assertLessEqual(taken, _MOST)
        operation = self.env["saas.operation"].browse(action["res_id"])
        self.assertEqual(operation.total_count, _MANY)
        self.assertState(events[:3], "quarantined", "unmapped_product")
        # The first one writes the row of the log that says that it began.
        self.run_chunk(operation)
        costs = set()
        for _chunk in range(5):
            taken, _result = self._count(lambda: self.run_chunk(operation))
            costs.add(taken)
        self.assertEqual(operation.done_count, 6 * operation._chunk_size)
        self.assertLessEqual(max(costs) - min(costs), 1, costs)
        self.assertLess(max(costs), operation._chunk_size / 5)
        few = self.begin("retry", events=self.fill(QUICK + 1, "dead"))
        self.run_chunk(few)
        self.assertEqual(few.state, "done")
        self.assertEqual(self.env["saas.sync.log"]._verify_chain(self.source), 0)

    def test_the_whole_selection_is_acted_on(self):
        """The last one too, and the form tells how far it is."""
        events = self.fill(450)
        operation = self.begin("retry", domain=[["state", "=", "quarantined"]])
        self.assertEqual((operation.state, operation.progress), ("running", 0))
        self.run_chunk(operation)
        self.assertAlmostEqual(operation.progress, 100 * 200 / 450)
        self.run_all(operation)
        self.assertEqual((operation.state, operation.progress), ("done", 100))
        self.assertState(events, "received")
        self.assertEqual(set(events.mapped("lane")), {"batch"})
        self.assertEqual(set(events.mapped("attempts")), {0})
        self.assertIn("In the inbox: 450.", operation.outcome)
        rows = self.env["saas.sync.log"].search([("event_id", "in", events.ids)])
        self.assertEqual(len(rows), 450)
        self.assertEqual(set(rows.mapped("actor")), {"operating_operator"})
        own = self.env["saas.sync.log"].search([("res_model", "=", "saas.operation")])
        self.assertEqual(
            sorted(own.mapped("action")), ["operation_done", "operation_started"]
        )
        self.assertTrue(all("mended" in row.detail for row in own))

    def test_few_events_are_acted_on_at_once(self):
        events = self.fill(3)
        operation = self.begin("retry", events=events)
        self.assertEqual((operation.state, operation.done_count), ("done", 3))
        self.assertState(events, "received")
        self.assertEqual(set(events.mapped("lane")), {"realtime"})

    def test_a_button_asks_for_an_operation_above_a_page(self):
        events = self.fill(QUICK + 1).with_user(self.users["operator"]).sudo(False)
        told = events[:QUICK].action_retry()
        self.assertEqual(told["tag"], "display_notification")
        asked = events.action_retry()
        self.assertEqual(asked["res_model"], "saas.operation.start")
        wizard = self.env["saas.operation.start"].with_user(self.users["operator"])
        wizard = wizard.sudo(False).with_context(**asked["context"])
        wizard = wizard.create({"reason": "It is mended."})
        # Those that the button took are on their way.
        self.assertIn("Events: 1.", wizard.effect)
        self.assertIn(f"{QUICK} of those you chose are left out", wizard.effect)

    def test_all_that_match_are_taken(self):
        """The list hands on its search, and not the ids that it has."""
        events = self.fill(QUICK * 2).with_user(self.users["operator"]).sudo(False)
        chosen = events[:1].with_context(saas_selection=[["state", "=", "quarantined"]])
        asked = chosen.action_retry()
        wizard = self.env["saas.operation.start"].with_user(self.users["operator"])
        wizard = wizard.sudo(False).with_context(**asked["context"])
        wizard = wizard.create({"reason": "It is mended."})
        operation = self.env["saas.operation"].browse(wizard.action_apply()["res_id"])
        self.assertEqual(operation.total_count, QUICK * 2)

    def test_the_effect_is_shown_before(self):
        """How many, of how many causes, and what money they tell of, each once."""
        waiting = self.deliver(
            stripe_fixtures.load("basil", "charge.succeeded"),
            {**stripe_fixtures.load("basil", "charge.succeeded"), "id": "evt_again"},
        )
        self.assertState(waiting, "parked")
        wizard = self.ask("retry", events=waiting)
        self.assertIn("Events: 2. Sources: 1. Causes: 0.", wizard.effect)
        self.assertIn("known: 119.00 USD.", wizard.effect)
        operation = self.begin("retry", events=waiting)
        self.assertIn("Events:", operation.effect)

    def test_a_second_press_finds_none(self):
        self.fill(300)
        domain = [["state", "=", "quarantined"]]
        first = self.begin("retry", domain=domain)
        second = self.ask("retry", domain=domain)
        self.assertFalse(second.can_start)
        with self.assertRaisesRegex(UserError, "nothing to do"), self.cr.savepoint():
            second.action_apply()
        self.run_chunk(first)
        # What waits of the first is still its own; what it has done is in the inbox.
        with self.assertRaisesRegex(UserError, "nothing to do"), self.cr.savepoint():
            second.action_apply()
        self.run_all(first)
        self.assertEqual(first.done_count, 300)

    def test_what_dies_again_is_not_tried_again(self):
        """Not by the operation that tried it; by another one it is."""
        events = self.fill(300, "dead", "retries_exhausted")
        operation = self.begin("redrive", source_ids=self.source.ids)
        self.run_chunk(operation)
        tried = events.filtered(lambda event: event.state == "received")
        self.assertEqual(len(tried), 200)
        self.env.cr.execute(
            "UPDATE saas_subscription_event SET state = 'dead' WHERE id = ANY(%s)",
            (tried.ids,),
        )
        self.env.invalidate_all()
        self.run_all(operation)
        self.assertEqual((operation.done_count, operation.failed_count), (300, 200))
        self.assertState(tried, "dead")
        self.assertState(events - tried, "received")
        failures = self.events.search(operation.action_view_failures()["domain"])
        self.assertEqual(failures, tried.sorted("id", reverse=True))
        self.assertEqual(self.begin("retry", events=tried).total_count, 200)

    def test_a_killed_chunk_is_done_again(self):
        """A transaction that is gone has left nothing behind."""
        events = self.fill(300)
        operation = self.begin("retry", events=events)
        self.run_chunk(operation)
        with self.assertRaisesRegex(RuntimeError, "killed"), self.cr.savepoint():
            job = self.find_job(operation)
            operation.with_user(1)._job_chunk(*job.args)
            raise RuntimeError("killed")
        self.env.invalidate_all()
        self.assertEqual(operation.done_count, 200)
        self.run_all(operation)
        self.assertEqual((operation.state, operation.done_count), ("done", 300))
        for event in events:
            self.assertEqual(event.log_ids.mapped("action"), ["event_received"])

    def test_a_job_that_comes_twice_does_nothing(self):
        operation = self.begin("retry", events=self.fill(450))
        args = self.find_job(operation).args
        self.run_chunk(operation)
        operation.with_user(1)._job_chunk(*args)
        self.assertEqual(operation.done_count, 200)

    def test_cancel(self):
        """It stops before the next chunk, and what it has not done is free."""
        events = self.fill(450)
        operation = self.begin("retry", events=events)
        self.run_chunk(operation)
        as_operator = operation.with_user(self.users["operator"]).sudo(False)
        as_operator.action_cancel()
        self.assertEqual((operation.state, operation.done_count), ("cancelled", 200))
        operation.with_user(1)._job_chunk(1, operation.user_id.id)
        self.assertEqual(operation.done_count, 200)
        with self.assertRaisesRegex(UserError, "has ended"):
            as_operator.action_cancel()
        other = self.begin("retry", domain=[["state", "=", "quarantined"]])
        self.assertEqual(other.total_count, 250)
        self.run_all(other)
        self.assertState(events, "received")

    def test_what_has_changed_meanwhile_is_left_out_and_said(self):
        events = self.fill(QUICK + 20)
        operation = self.begin("retry", events=events)
        gone = events[:2]
        gone._set_state(State.DONE)
        self.run_all(operation)
        self.assertEqual(operation.skipped_count, 2)
        self.assertState(gone, "done")
        left = self.env["saas.operation.item"].search(
            operation.action_view_left_out()["domain"]
        )
        self.assertEqual(left.event_id, gone)
        self.assertIn("to Done", left[0].detail)

    def test_a_failed_job_stands_still_in_sight_and_goes_on(self):
        operation = self.begin("retry", events=self.fill(QUICK + 1))
        self.find_job(operation).write({"state": "failed"})
        operation.with_user(1)._on_chunk_failed(exc_message="out of memory")
        self.assertEqual(operation.last_error, "out of memory")
        operation.with_user(self.users["reviewer"]).sudo(False).action_resume()
        self.assertFalse(operation.last_error)
        self.run_all(operation)
        self.assertEqual(operation.state, "done")

    def test_failures_say_why(self):
        """Real events: what can't be booked comes back to the list of failures."""
        self.source.default_product_id = False
        good = self.deliver(stripe_fixtures.load("basil", "invoice.finalized"))
        bad = self.deliver(stripe_fixtures.load("basil", "invoice.finalized-inclusive"))
        self.assertState(bad | good, "quarantined", "unmapped_product")
        self.source.default_product_id = self.product_a
        inclusive = self.source.tax_mapping_ids.filtered(
            lambda mapping: mapping.external_id == "txr_vat19incl"
        )
        inclusive.external_id = "txr_mistyped"
        operation = self.begin("retry", events=bad | good)
        self.drain()
        failures = self.events.search(operation.action_view_failures()["domain"])
        self.assertEqual(failures, bad)
        self.assertEqual(operation.failed_count, 1)
        self.assertState(failures, "quarantined", "unmapped_tax")
        self.assertIn("Processed: 1.", operation.outcome)
        self.assertState(good, "done")
        # Once somebody retries it alone, it is no failure of the operation any more.
        inclusive.external_id = "txr_vat19incl"
        failures.with_user(self.users["reviewer"]).sudo(False).action_retry()
        self.drain()
        self.env.invalidate_all()
        self.assertFalse(operation.failed_count)
