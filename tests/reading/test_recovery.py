"""Covers adapters/stripe/listing and adapters/stripe/reading_plan."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...adapters.stripe import api as stripe_client
from ..golden.case import MAIN_PAID, PAID
from ..support import stripe_fixtures
from ..support.pulling import PullCommon


@tagged("post_install", "-at_install")
class TestRecovery(PullCommon):
    """Events that no webhook brought are listed, and go through the inbox."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(stripe_client, "RETRIES", 0))

    def setUp(self):
        super().setUp()
        self.now = fields.Datetime.now()

    def _hold_customers(self, count):
        """Hold so many events, one in each hour until now; return them."""
        event = stripe_fixtures.load("basil", "customer.created")
        events = []
        for number in range(count):
            moment = self.now - timedelta(hours=count - number)
            data = {
                "id": f"cus_{number}",
                "object": "customer",
                "name": f"Customer {number}",
            }
            events.append(
                {
                    **event,
                    "id": f"evt_{number}",
                    "created": int(moment.timestamp()),
                    "data": {"object": data},
                }
            )
        self.api.put(*events)
        return events

    def _recover(self, days):
        return self.source._start_reading("recovery", self.now - timedelta(days=days))

    def test_missed_events(self):
        """Of 250 events some arrived; the others are fetched, once."""
        events = self._hold_customers(250)
        self.deliver(*events[::5])
        with self.assertNew(200):
            run = self._recover(30)
            self.run_jobs()
        self.assertEqual(
            (run.state, run.page_count, run.read_count, run.new_count, run.known_count),
            ("done", 3, 250, 200, 50),
        )
        stored = self.env["saas.subscription.event"].search([])
        self.assertState(stored, "done")
        self.assertWhole()

    def test_from_when(self):
        self._hold_customers(72)
        with self.assertNew(48):
            self._recover(2)
            self.run_jobs()

    def test_progress(self):
        """It is by time: the list begins with the newest."""
        self._hold_customers(400)
        run = self._recover(20)
        seen = []
        reading = self.env.registry["saas.reading.run"]
        advance = reading._advance

        def watch(this, run, *args):
            advance(this, run, *args)
            seen.append(run.progress)

        with patch.object(reading, "_advance", watch):
            self.run_jobs()
        # The recovery begins some seconds after the events were made.
        for progress, expected in zip(seen, (21, 42, 62.5, 100), strict=True):
            self.assertAlmostEqual(progress, expected, delta=1)
        self.assertTrue(run.ended_at)

    def test_goes_on_where_it_stopped(self):
        """In mid-page the connection ends; then Stripe refuses. Nothing is lost, and
        nothing comes twice.
        """
        self._hold_customers(250)
        self.api.fail(path="/v1/events", skip=1, cut=3000)
        self.api.fail(path="/v1/events", skip=1, status=503)
        self.api.fail(path="/v1/events", skip=1, status=403)
        run = self._recover(30)
        self.run_jobs()
        self.assertEqual((run.state, run.new_count), ("running", 100))
        self.resume_jobs()
        for _try in range(3):
            self.run_jobs()
            self.resume_jobs()
        self.assertEqual(run.state, "failed")
        self.assertIn("Ordered", run.last_error)
        self.assertEqual(self.source.activity_ids.user_id, self.responsible)
        run.action_resume()
        with self.assertNew(250 - run.new_count):
            self.run_jobs()
        self.assertEqual((run.state, run.read_count, run.new_count), ("done", 250, 250))

    def test_books_are_those_of_webhooks(self):
        self.api.put(*(stripe_fixtures.load("basil", name) for name in set(_paid())))
        self._recover(30)
        self.run_jobs()
        expected = MAIN_PAID.replace("M-", "2026-11-").strip()
        self.assertEqual(
            sorted(self.books().splitlines()), sorted(expected.splitlines())
        )

    def test_one_at_a_time(self):
        self._hold_customers(3)
        self.assertEqual(self._recover(30), self._recover(2))

    def test_daily(self):
        """Every day, from the last one on and some days more."""
        self._hold_customers(3)
        self.env["saas.source"]._cron_recover()
        self.run_jobs()
        run = self.source.pull_run_ids[0]
        self.assertEqual(run.state, "done")
        self.assertEqual((run.started_at - run.since).days, 30)
        self.env["saas.source"]._cron_recover()
        self.run_jobs()
        self.assertEqual(self.source.pull_run_ids[0].known_count, 3)
        since = self.source.pull_run_ids[0].since
        self.assertEqual((run.started_at - since).days, 3)

    def test_without_key(self):
        self.source.api_key = False
        self.env["saas.source"]._cron_recover()
        self.assertFalse(self.source.pull_run_ids)
        with self.assertRaises(UserError):
            self._recover(1)

    def test_without_lists(self):
        """A system that is read by streams alone has nothing to recover."""
        adapter = type(self.source._get_adapter())
        self.patch(adapter, "_get_reading_plan", lambda *_arguments: [])
        self.env["saas.source"]._cron_recover()
        self.assertFalse(self.source.pull_run_ids)
        with self.assertRaises(UserError):
            self._recover(1)

    def test_who_may(self):
        self._hold_customers(1)
        wizards = self.env["saas.pull.start"]
        vals = {"source_id": self.source.id, "kind": "recovery"}
        for role, allowed in (("operator", True), ("reviewer", False)):
            user = new_test_user(
                self.env,
                login=f"pull_{role}",
                groups=f"saas_billing_sync.group_saas_{role}",
                company_id=self.company.id,
                company_ids=self.company.ids,
            )
            source = self.source.with_user(user)
            if not allowed:
                with self.assertRaises(AccessError):
                    source.action_recover()
                continue
            self.assertEqual(source.action_recover()["res_model"], "saas.pull.start")
            action = wizards.with_user(user).create(vals).action_apply()
            run = self.env["saas.pull.run"].browse(action["res_id"])
            self.assertEqual(run.with_user(user).state, "running")


def _paid():
    return [name.rpartition(":")[2] for name in PAID]
