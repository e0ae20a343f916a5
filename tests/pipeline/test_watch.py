from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError

from ..support import stripe_fixtures
from ..support.common import SaasCommon


class Killed(BaseException):
    """The worker's end: nothing in it sees it coming, as with SIGKILL."""


@tagged("post_install", "-at_install")
class TestWatch(SaasCommon):
    """An event that ends whoever works on it does not stop the others for ever."""

    def _store_customers(self, count):
        events = []
        for number in range(count):
            event = stripe_fixtures.load(
                "basil",
                "customer.created",
                id=f"cus_{number}",
                email=f"c{number}@example.com",
                phone=None,
                tax_ids=None,
                name=f"Customer {number}",
            )
            events.append({**event, "id": f"evt_customer_{number}"})
        return self.store(*events)

    def _end_worker(self, kind, failing, error=Killed):
        """Raise ``error`` in mid-drain when one of the ids is in the batch."""
        handler = self.env.registry[f"saas.handler.{kind}"]
        apply = handler._apply

        def _apply(this, source, items):
            apply(this, source, items)
            if any(item.fact.external_id in failing for item in items):
                raise error

        return patch.object(handler, "_apply", _apply)

    def _run_jobs(self, most):
        """Run jobs until nothing is due; return how many of them were killed."""
        killed = 0
        for _job in range(most):
            try:
                with self.env.cr.savepoint():
                    self.source._job_drain()
            except Killed:
                killed += 1
            if not self.source._has_due_events():
                return killed
        self.fail("the inbox does not get empty")

    def _read_mark(self):
        return tuple(self.env["saas.watch"]._read(self.source))

    def test_no_mark_is_left(self):
        self._store_customers(3)
        self.drain()
        self.assertEqual(self._read_mark(), (0, 0))

    def test_killer_is_isolated(self):
        """The others are done, and the one to blame is set aside for a person, after
        as many tries as the source allows.
        """
        events = self._store_customers(60)
        with self._end_worker("customer", {"cus_37"}):
            killed = self._run_jobs(100)
        self.assertEqual(killed, self.source.max_attempts)
        killer = events[37]
        self.assertState(events - killer, "done")
        self.assertState(killer, "dead", "retries_exhausted")
        self.assertEqual(killer.attempts, killed)
        self.assertIn("ended, each time", killer.detail)
        self.assertEqual(self._read_mark(), (0, 0))
        self.assertWhole()
        # A person retries it when the cause is mended.
        killer.action_retry()
        self.drain()
        self.assertState(killer, "done")

    def test_two_killers(self):
        events = self._store_customers(30)
        with self._end_worker("customer", {"cus_3", "cus_20"}):
            self._run_jobs(200)
        killers = events[3] | events[20]
        self.assertState(killers, "dead", "retries_exhausted")
        self.assertState(events - killers, "done")

    def test_killed_by_chance(self):
        """Nothing is given up because workers are killed now and then; and full
        batches are taken again soon.
        """
        events = self._store_customers(40)
        for number in range(12):
            due = events.filtered(lambda event: event.state == "received")[:1]
            customer = due.external_id.removeprefix("evt_customer_")
            with (
                self._end_worker("customer", {f"cus_{customer}"}),
                self.assertRaises(Killed),
                self.env.cr.savepoint(),
            ):
                self.source._job_drain()
            if number % 3 == 2:
                self.source._job_drain()
        self._run_jobs(10)
        self.assertState(events, "done")
        self.assertEqual(self._read_mark(), (0, 0))

    def test_others_go_on(self):
        """What comes before the one to blame is not kept waiting for its last try."""
        events = self._store_customers(60)
        with self._end_worker("customer", {"cus_59"}):
            with self.assertRaises(Killed), self.env.cr.savepoint():
                self.source._job_drain()
            self.source._job_drain()
        self.assertState(events[:50], "done")

    def test_lost_race_is_no_death(self):
        self._store_customers(2)
        error = RetryableJobError("later", ignore_retry=True)
        for _job in range(3):
            with (
                self._end_worker("customer", {"cus_1"}, error),
                self.assertRaises(RetryableJobError),
                self.env.cr.savepoint(),
            ):
                self.source._job_drain()
        self.assertEqual(self._read_mark(), (0, 0))

    def test_failure_outside_the_handlers(self):
        """One that no handler's savepoint isolates is isolated in the same way."""
        events = self._store_customers(5)
        drain = self.env.registry["saas.drain"]
        name_tenants = drain._name_tenants

        def _name_tenants(this, source, items):
            if any(item.fact.external_id == "cus_2" for item in items):
                raise Killed
            name_tenants(this, source, items)

        with patch.object(drain, "_name_tenants", _name_tenants):
            self._run_jobs(50)
        self.assertState(events[2], "dead", "retries_exhausted")
        self.assertState(events - events[2], "done")

    def test_adapter_that_fails(self):
        """An adapter that did not foresee something fails for that event alone."""
        events = self._store_customers(3)
        adapter = self.env.registry["saas.adapter.stripe"]
        normalise = adapter._normalise

        def _normalise(this, payload):
            if payload["id"] == "evt_customer_1":
                raise KeyError("surprise")
            return normalise(this, payload)

        with (
            patch.object(adapter, "_normalise", _normalise),
            mute_logger("odoo.addons.saas_billing_sync.pipeline.apply"),
        ):
            self.drain()
        self.assertState(events[1], "quarantined", "posting_failed")
        self.assertIn("surprise", events[1].trace)
        self.assertState(events - events[1], "done")

    def test_mark_goes_with_its_source(self):
        journal = self._create_clearing_journal("Other clearing", "STO")
        source = self._create_source(clearing_journal_id=journal.id)
        name = self.env["saas.watch"]._get_mark_name(source)
        query = "SELECT count(*) FROM pg_sequences WHERE sequencename = %s"
        self.env.cr.execute(query, (name,))
        self.assertEqual(self.env.cr.fetchone(), (1,))
        source.unlink()
        self.env.cr.execute(query, (name,))
        self.assertEqual(self.env.cr.fetchone(), (0,))
