"""A source that is read through its API, and jobs that run as in real life."""

from contextlib import contextmanager
from datetime import timedelta

from odoo import SUPERUSER_ID
from odoo.tests import common as odoo_tests

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import Job

from ...dev.make_believe.stripe.api import KEY, StripeApi
from .common import SaasCommon

ADDRESS = "saas_billing_sync.stripe_api_address"


class PullCommon(SaasCommon):
    """A source with a key, and a counterpart of Stripe's API that it reads from by
    Stripe's own library, over HTTP.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = StripeApi().start()
        cls.addClassCleanup(cls.api.stop)
        cls.env["ir.config_parameter"].set_param(ADDRESS, cls.api.url)
        cls.source.new_api_key = KEY

    @classmethod
    def _request_handler(cls, session, request, /, **kw):
        """Odoo makes every time-out in a test ten seconds; ours are meant to pass."""
        if request.url.startswith(cls.api.url):
            return odoo_tests._super_send(session, request, **kw)
        return super()._request_handler(session, request, **kw)

    def setUp(self):
        super().setUp()
        self.api.reset()

    def run_jobs(self, rounds=100):
        """Do what the job runner does, until nothing is left that may begin now.

        :return: the jobs that ran, in the order they did.
        """
        done = self.env["queue.job"]
        for _round in range(rounds):
            waiting = self.env["queue.job"].search(
                [("state", "=", "pending"), ("eta", "=", False)], order="id", limit=1
            )
            if not waiting:
                return done
            self._run_job(Job.load(self.env(user=SUPERUSER_ID), waiting.uuid))
            done |= waiting
            self.env.flush_all()
            self.env.invalidate_all()
        raise AssertionError("the jobs never end")

    def _run_job(self, job):
        """As queue_job's controller: done, postponed or failed."""
        job.set_started()
        job.store()
        try:
            with self.env.cr.savepoint():
                job.perform()
            job.set_done()
        except RetryableJobError as error:
            job.env.clear()
            job.postpone(result=str(error), seconds=error.seconds)
            job.set_pending(reset_retry=False)
        except Exception as error:
            job.env.clear()
            vals = {"exc_name": type(error).__name__, "exc_message": str(error)}
            job.set_failed(**vals)
            job.on_fail(vals)
        job.store()

    def resume_jobs(self):
        """Let the time pass that postponed jobs wait for; return those jobs."""
        waiting = self.env["queue.job"].search(
            [("state", "=", "pending"), ("eta", "!=", False)]
        )
        waiting.eta = False
        return waiting

    def pass_time(self, minutes):
        """Let events have been parked, and asked for, so long ago."""
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE saas_subscription_event
               SET write_date = write_date - %(ago)s, asked_at = asked_at - %(ago)s""",
            {"ago": timedelta(minutes=minutes)},
        )
        self.env.invalidate_all()

    @contextmanager
    def assertNew(self, count):
        """Check how many events the block brings into the inbox."""
        events = self.env["saas.subscription.event"]
        before = events.search_count([])
        yield
        self.assertEqual(events.search_count([]) - before, count)


class CutoverCommon(PullCommon):
    """The same, with what a cut-over needs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        opening = cls.env["account.account"].create(
            {
                "code": "SAAS.OPEN",
                "name": "Opening",
                "account_type": "equity",
                "company_ids": cls.company.ids,
            }
        )
        cls.accounts[opening] = "OPEN"
        cls.source.write(
            {
                "opening_account_id": opening.id,
                "opening_journal_id": cls.company_data["default_journal_misc"].id,
            }
        )

    def hold(self, shape, events):
        """Hold what Stripe's API has after these: always in its newest shape."""
        self.api.put_events(*events)
        for event in events:
            data = event["data"]["object"]
            if shape == "before" and data["object"] == "credit_note":
                before = data["type"] == "pre_payment"
                amount = data["total"] if before else 0
                self.api.put({**data, "pre_payment_amount": amount})
