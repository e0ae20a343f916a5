"""Claim, isolate, retry, park, release and sweep."""

from contextlib import closing
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields, sql_db
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError

from ...canonical.errors import Transient
from ...canonical.reasons import State
from ...pipeline.linking import LOCK_CLASS
from ..support import stripe_fixtures
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestPipeline(SaasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("saas_billing_sync.group_saas_operator")

    def _customer(self, number, **changes):
        event = stripe_fixtures.load(
            "basil",
            "customer.created",
            id=f"cus_{number}",
            email=f"c{number}@example.com",
            phone=None,
            name=f"Customer {number}",
            tax_ids=None,
            **changes,
        )
        event["id"] = f"evt_customer_{number}"
        return event

    def _invoice(self, number, **changes):
        event = stripe_fixtures.load(
            "basil",
            "invoice.finalized",
            id=f"in_{number}",
            number=f"N-{number}",
            customer=f"cus_{number}",
            customer_email=f"c{number}@example.com",
            customer_phone=None,
            customer_tax_ids=[],
            **changes,
        )
        event["id"] = f"evt_invoice_{number}"
        return event

    def _fail_handler(self, kind, failing, error):
        """Make a handler raise ``error`` whenever one of the ids is in its batch:
        what breaks inside Odoo can't be brought about from outside.
        """
        handler = self.env.registry[f"saas.handler.{kind}"]
        apply = handler._apply

        def _apply(this, source, items):
            apply(this, source, items)
            if any(item.fact.external_id in failing for item in items):
                raise error

        return patch.object(handler, "_apply", _apply)

    def _fail_in_database(self, code, words):
        """Make PostgreSQL raise an error whenever a customer is handled."""

        def _apply(this, source, items):
            this.env.cr.execute(
                f"DO $$ BEGIN RAISE EXCEPTION '{words}' "
                f"USING ERRCODE = '{code}'; END $$"
            )

        return patch.object(
            self.env.registry["saas.handler.customer"], "_apply", _apply
        )

    # -- isolate --------------------------------------------------------------

    def test_one_bad_event_is_isolated(self):
        """The other events of a batch don't suffer, and nothing of the bad one
        remains.
        """
        with self._fail_handler("invoice", {"in_5"}, UserError("no such thing")):
            events = self.deliver(*(self._invoice(n) for n in range(9)))
        bad = events.filtered(lambda event: event.external_id == "evt_invoice_5")
        self.assertState(events - bad, "done")
        self.assertState(bad, "quarantined", "posting_failed")
        self.assertEqual(bad.detail, "no such thing")
        moves = self.env["account.move"].search([("saas_source_id", "!=", False)])
        self.assertEqual(len(moves), 8)
        self.assertNotIn("in_5", moves.mapped("saas_external_id"))
        self.assertWhole()

    def test_unforeseen_error_goes_to_a_person_with_its_trace(self):
        with (
            self._fail_handler("customer", {"cus_1"}, KeyError("surprise")),
            self.assertLogs("odoo.addons.saas_billing_sync", "ERROR"),
        ):
            event = self.deliver(self._customer(1))
        self.assertState(event, "quarantined", "posting_failed")
        self.assertIn("surprise", event.trace)

    def test_what_is_too_large_for_the_database_goes_to_a_person(self):
        """It is as large the next time."""
        self.store(self._customer(1))
        with (
            self._fail_in_database("54000", "large"),
            mute_logger("odoo.sql_db"),
            self.assertLogs("odoo.addons.saas_billing_sync", "ERROR"),
        ):
            self.drain()
        event = self.env["saas.subscription.event"].search([])
        self.assertState(event, "quarantined", "posting_failed")
        self.assertIn("large", event.trace)

    def test_concurrent_update_gives_the_batch_back(self):
        """A transaction that lost a race can't win it by trying a part again."""
        self.store(self._customer(1))
        with (
            self._fail_in_database("40001", "lost"),
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.SerializationFailure),
        ):
            self.source._job_drain()

    # -- retry ----------------------------------------------------------------

    def test_transient_trouble_is_retried_with_growing_delays_until_dead(self):
        self.source.max_attempts = 3
        event = self.store(self._customer(1))
        delays = []
        with self._fail_handler("customer", {"cus_1"}, Transient("time-out")):
            for attempt in (1, 2):
                self.source._job_drain()
                self.assertEqual((event.state, event.attempts), ("received", attempt))
                delays.append(event.retry_at - fields.Datetime.now())
                # Not due yet, so not touched.
                self.source._job_drain()
                self.assertEqual(event.attempts, attempt)
                event.retry_at = fields.Datetime.now() - timedelta(seconds=1)
            self.source._job_drain()
        self.assertState(event, "dead", "retries_exhausted")
        self.assertEqual(event.attempts, 3)
        self.assertGreater(delays[1], delays[0])
        self.assertEqual(event.detail, "time-out")

    def test_retry_by_a_person_starts_again(self):
        self.source.max_attempts = 1
        with self._fail_handler("customer", {"cus_1"}, Transient("time-out")):
            event = self.deliver(self._customer(1))
        self.assertState(event, "dead", "retries_exhausted")
        event.action_retry()
        self.assertEqual((event.state, event.attempts), ("received", 0))
        self.drain()
        self.assertState(event, "done")

    def test_jitter_spreads_retries(self):
        events = self.env["saas.subscription.event"]
        delays = {events._get_retry_delay(3) for _try in range(20)}
        self.assertGreater(len(delays), 1)
        self.assertLessEqual(events._get_retry_delay(50), timedelta(seconds=9000))

    # -- park and release -----------------------------------------------------

    def test_parked_event_goes_on_when_its_object_arrives(self):
        charge = stripe_fixtures.load("basil", "charge.succeeded", customer="cus_1")
        event = self.deliver(charge)
        self.assertState(event, "parked")
        self.assertEqual(event.waiting_for, "customer:cus_1")
        self.deliver(self._customer(1))
        self.assertState(event, "done")

    def test_object_that_arrives_later_in_the_same_batch(self):
        charge = stripe_fixtures.load("basil", "charge.succeeded", customer="cus_1")
        events = self.deliver(charge, self._customer(1))
        self.assertState(events, "done")

    def test_sweep_hands_what_waits_too_long_to_a_person(self):
        charge = stripe_fixtures.load("basil", "charge.succeeded", customer="cus_1")
        event = self.deliver(charge)
        event.received_at -= timedelta(hours=self.source.park_hours + 1)
        self.env["saas.source"]._cron_sweep()
        self.assertState(event, "quarantined", "unknown_tenant")

    def test_sweep_frees_what_a_lost_wake_up_left_parked(self):
        event = self.deliver(self._customer(1))
        event._set_state(State.PARKED, waiting_for="customer:cus_1", detail="lost")
        self.env["saas.source"]._cron_sweep()
        self.assertEqual(event.state, "received")

    # -- jobs -----------------------------------------------------------------

    def _jobs(self):
        return self.env["queue.job"].search(
            [("identity_key", "=", f"saas_drain:{self.source.id}")]
        )

    def test_a_thousand_events_need_one_job(self):
        self.source._enqueue_drain()
        self.source._enqueue_drain()
        job = self._jobs()
        self.assertEqual(len(job), 1)
        self.assertEqual(job.channel, "root.saas.realtime")

    def test_sweep_enqueues_what_no_job_covers(self):
        self.store(self._customer(1))
        self.assertFalse(self._jobs())
        self.env["saas.source"]._cron_sweep()
        self.assertEqual(len(self._jobs()), 1)

    def test_a_batch_too_large_has_another_job(self):
        self.patch(self.env.registry["saas.drain"], "_batch_size", 2)
        self.store(*(self._customer(n) for n in range(3)))
        self.source._job_drain()
        self.assertTrue(self.source._has_due_events())
        self.assertEqual(len(self._jobs()), 1)

    def test_a_taken_partition_makes_the_job_come_back(self):
        self.store(self._customer(1))
        key = self.source.sale_journal_id.id
        with (
            closing(sql_db.db_connect(self.env.cr.dbname).cursor()) as other,
            self.assertRaises(RetryableJobError) as caught,
        ):
            other.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCK_CLASS, key))
            self.source._job_drain()
        self.assertTrue(caught.exception.ignore_retry)
        self.drain()

    def test_paused_source_keeps_its_events(self):
        self.source.state = "paused"
        event = self.store(self._customer(1))
        self.source._job_drain()
        self.assertEqual(event.state, "received")
        self.source.state = "active"
        self.assertEqual(len(self._jobs()), 1)
        self.drain()
        self.assertState(event, "done")
