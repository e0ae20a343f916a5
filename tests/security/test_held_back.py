"""A database in another environment holds back whatever would read, send or book."""

import inspect
import logging

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError

from ...canonical.errors import Transient
from ...models.environment import _logger
from ..support import stripe_fixtures
from .environment_common import EnvironmentCommon


@tagged("post_install", "-at_install")
class TestHeldBack(EnvironmentCommon):
    def _list_methods(self, prefix):
        """Yield the names of all our models' methods that begin so: not of those that
        every model has, such as queue_job's own.
        """
        everywhere = set(dir(type(self.env["base"])))
        found = 0
        for model in sorted(self.env.registry):
            if not model.startswith("saas."):
                continue
            for name in dir(type(self.env[model])):
                if name.startswith(prefix) and name not in everywhere:
                    found += 1
                    yield model, name
        self.assertGreater(found, 3, "nothing found, nothing tested")

    def _make_record(self, model):
        if model == "saas.source":
            return self.source
        vals = {"source_id": self.source.id}
        if model == "saas.pull.run":
            return self.env[model].create({**vals, "kind": "recovery"})
        if model == "saas.cursor":
            return self.env[model].create({**vals, "stream": "x", "minutes": 5})
        if model == "saas.reconciliation":
            days = dict.fromkeys(("date_from", "date_to"), "2026-11-01")
            return self.env[model].create({**vals, **days, "state": "running"})
        return self.env[model]

    def test_every_cron_is_held(self):
        """One that is added without asking fails here."""
        event = self.store(stripe_fixtures.load("basil", "customer.created"))
        self.record()
        self.move_to("staging")
        jobs = self.env["queue.job"].search_count([])
        for model, name in self._list_methods("_cron_"):
            with self.subTest(model=model, name=name):
                # By number: Odoo gives the name to a level of its own as well.
                with self.assertLogs(_logger, logging.INFO) as logs:
                    getattr(self.env[model], name)()
                self.assertIn("held back", logs.output[0])
        self.assertEqual(self.env["queue.job"].search_count([]), jobs)
        self.assertState(event, "received")
        self.assertEqual(self.api.calls, [])

    def test_every_job_is_held(self):
        """A drain ends with a sentence, for the sweep makes another one. All others
        wait, and are not lost.
        """
        self.record()
        self.move_to("staging")
        for model, name in self._list_methods("_job_"):
            with self.subTest(model=model, name=name):
                job = getattr(self._make_record(model), name)
                needed = [
                    parameter
                    for parameter in inspect.signature(job).parameters.values()
                    if parameter.default is parameter.empty
                ]
                arguments = ["x"] * len(needed)
                if name == "_job_drain":
                    self.assertIn("manager confirms", job(*arguments))
                    continue
                with self.assertRaisesRegex(
                    RetryableJobError, "manager confirms"
                ) as caught:
                    job(*arguments)
                self.assertTrue(caught.exception.ignore_retry)
        self.assertEqual(self.api.calls, [])

    def test_no_call_gets_a_key(self):
        """Whatever asks: the narrowest door is the key."""
        self.record()
        self.move_to("staging")
        adapter = self.source._get_adapter()
        for call in (
            lambda: self.source._get_api_key(),
            lambda: adapter._fetch(self.source, "invoice", "in_1"),
            lambda: adapter._fetch_listed(self.source, "invoice", "in_1"),
            lambda: list(adapter._read_pages(self.source, "/v1/events")),
        ):
            with self.assertRaisesRegex(Transient, "manager confirms"):
                call()
        self.assertTrue(self.source._has_api_key(), "its page shows that there is one")
        self.assertEqual(self.api.calls, [])

    def test_people_are_told(self):
        """Who asks for what a copy must not do hears why."""
        self.record()
        self.move_to("staging")
        for ask in (
            self.source.action_process_now,
            lambda: self.source._start_reading("recovery", "2026-11-01"),
            lambda: self.env["saas.reconciliation"]._start(
                self.source, "2026-11-01", "2026-11-30"
            ),
        ):
            with self.assertRaisesRegex(UserError, "set up as production"):
                ask()
        self.assertIn("runs as staging", self.source.environment_problem)
        self.assertEqual(
            self.source.get_environment_problem(), self.source.environment_problem
        )

    def test_the_inbox_stays_open(self):
        """What a copy is sent is stored, and waits."""
        self.record()
        self.move_to("staging")
        before = self.books()
        event = self.store(stripe_fixtures.load("basil", "customer.created"))
        self.source._job_drain()
        self.assertState(event, "received")
        self.assertEqual(self.books(), before)
        self.assertFalse(event.log_ids)
