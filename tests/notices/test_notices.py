"""Covers handlers/notices/notice and pipeline/reading/fetch."""

from unittest.mock import patch

from odoo.tests import tagged

from ...canonical.kinds import Kind
from ...dev.make_believe.stripe.shapes.notice import make_notice
from ..support import stripe_fixtures
from ..support.pulling import PullCommon


@tagged("post_install", "-at_install")
class TestNotices(PullCommon):
    """A system tells only that an object has changed. It is asked at once, and what it
    says then is newer than the notice.
    """

    def setUp(self):
        super().setUp()
        event = stripe_fixtures.load("basil", "invoice.finalized")
        self.invoice = event["data"]["object"]
        self.api.put(self.invoice)
        self.notice = {**make_notice(event, "evt_notice"), "snapshot_event": None}
        adapter = self.env.registry["saas.adapter.stripe"]
        normalise = adapter._normalise

        def leave_alone(model, payload):
            facts = normalise(model, payload)
            return [
                fact.model_copy(update={"is_alone": True})
                if fact.kind == Kind.NOTICE
                else fact
                for fact in facts
            ]

        self.startPatcher(patch.object(adapter, "_normalise", leave_alone))

    def tell(self, *numbers):
        """Deliver notices about the invoice; return their events."""
        notices = [{**self.notice, "id": f"evt_notice_{n}"} for n in numbers]
        return self.deliver(*notices)

    def test_many_about_one_object_are_one_call(self):
        events = self.tell(1, 2, 3)
        self.assertState(events, "parked")
        jobs = self.env["queue.job"].search([("method_name", "=", "_job_fetch")])
        self.assertEqual(len(jobs), 1, "it is asked at once, and once")
        self.assertFalse(jobs.eta)
        self.run_jobs()
        self.assertState(events, "done")
        self.assertEqual(len(self.api.calls), 1)
        moves = self.env["account.move"].search([("saas_source_id", "!=", False)])
        self.assertEqual(moves.amount_total, 119)
        self.assertWhole()

    def test_later_notice_asks_again(self):
        """Also if the object turns out to be as it was."""
        self.tell(1)
        self.run_jobs()
        later = self.tell(2)
        self.assertState(later, "parked")
        with self.assertNew(0):
            self.run_jobs()
        self.assertState(later, "done")
        self.assertEqual(len(self.api.calls), 2)

    def test_notice_that_comes_while_the_object_is_read(self):
        """What is read may be from before it, so it has the object read once more."""
        first = self.tell(1)
        fetch = self.env.registry["saas.adapter.stripe"]._fetch
        later = []

        def tell_meanwhile(model, source, kind, external_id):
            found = fetch(model, source, kind, external_id)
            if not later:
                later.append(self.tell(2))
            return found

        adapter = self.env.registry["saas.adapter.stripe"]
        with patch.object(adapter, "_fetch", tell_meanwhile):
            self.run_jobs()
        self.assertState(first | later[0], "done")
        self.assertEqual(len(self.api.calls), 2)

    def test_answer_that_came_before_the_notice_was_parked(self):
        """A drain that began before the answer parks after it: the sweep sees to it."""
        event = self.tell(1)
        events = self.env.registry["saas.subscription.event"]
        with patch.object(events, "_get_waiting", lambda model, *_refs: model.browse()):
            self.run_jobs()
        self.assertState(event, "parked")
        self.env["saas.source"]._cron_sweep()
        self.run_jobs()
        self.assertState(event, "done")
        self.assertEqual(len(self.api.calls), 1)

    def test_lost_job(self):
        """The sweep asks once more after some minutes."""
        event = self.tell(1)
        self.env["queue.job"].search([]).unlink()
        self.pass_time(11)
        self.env["saas.source"]._cron_sweep()
        self.run_jobs()
        self.assertState(event, "done")
