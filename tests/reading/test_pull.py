"""Covers adapters/stripe/api."""

from contextlib import suppress
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError

from ...adapters.stripe import api as stripe_client
from ...adapters.stripe.const import API_VERSION
from ...canonical.errors import Quarantine
from ..support import stripe_fixtures
from ..support.pulling import PullCommon


@tagged("post_install", "-at_install")
class TestPull(PullCommon):
    """What is read through the API, over real HTTP by Stripe's library: all of it,
    once, whatever the network does meanwhile.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The library repeats by itself too; that would only make the tests slow.
        cls.startClassPatcher(patch.object(stripe_client, "RETRIES", 0))

    def customers(self, count):
        """Put customers there, the newest last; return them."""
        customers = [
            {
                "id": f"cus_{number}",
                "object": "customer",
                "created": 1_790_000_000 + number,
                "livemode": False,
                "name": f"Customer {number}",
            }
            for number in range(count)
        ]
        self.api.put(*customers)
        return customers

    def tenants(self):
        return self.env["saas.tenant"].search([("company_id", "=", self.company.id)])

    def test_one_object(self):
        self.customers(1)
        self.source._enqueue_fetch("customer", "cus_0")
        self.source._enqueue_fetch("customer", "cus_0")
        jobs = self.run_jobs()
        self.assertEqual(
            jobs.mapped("method_name"), ["_job_fetch", "_job_drain"], "one of each"
        )
        self.assertEqual(jobs[0].channel, "root.saas.batch")
        self.assertEqual(self.tenants().mapped("ref"), ["cus_0"])
        [call] = self.api.calls
        self.assertEqual(call.headers["stripe-version"], API_VERSION)
        self.assertNotIn("stripe-account", call.headers)
        self.assertWhole()

    def test_unchanged_object_is_known(self):
        self.customers(1)
        with self.assertNew(1):
            self.source._job_fetch("customer", "cus_0")
            self.source._job_fetch("customer", "cus_0")
        self.api.put({**self.customers(1)[0], "name": "Renamed"})
        with self.assertNew(1):
            self.source._job_fetch("customer", "cus_0")
        self.drain()
        self.assertEqual(self.tenants().name, "Renamed")

    def test_pages(self):
        """250 objects are three pages, each with a job of its own."""
        self.customers(250)
        with self.assertNew(250):
            self.source._enqueue_read("customer")
            jobs = self.run_jobs()
        fetched = jobs.filtered(lambda job: job.method_name == "_job_fetch_list")
        self.assertEqual(len(fetched), 3)
        self.assertEqual(len(self.api.calls), 3)
        self.assertEqual(len(self.tenants()), 250)

    def test_trouble_that_passes(self):
        """429, 5xx, no answer in time, and a connection that ends in mid-page: the
        page is read again later, and what was read stays.
        """
        for fault in (
            {"status": 429, "headers": {"Retry-After": "1"}},
            {"status": 500},
            {"status": 503},
            {"cut": 5000},
            {"cut": 0},
            {"delay": 1},
        ):
            with self.subTest(fault=fault), patch.object(stripe_client, "TIMEOUT", 0.3):
                self._check_fault(fault)

    def _check_fault(self, fault):
        self.api.reset()
        first = self.env["saas.subscription.event"].search_count([])
        self.customers(250)
        changed = [
            {**customer, "description": str(fault)} for customer in self.customers(250)
        ]
        self.api.put(*changed)
        self.api.fail(path="/v1/customers", skip=1, **fault)
        self.source._enqueue_read("customer")
        self.run_jobs()
        count = self.env["saas.subscription.event"].search_count([])
        self.assertEqual(count - first, 100, "the first page is safe")
        [waiting] = self.resume_jobs()
        self.assertEqual(waiting.method_name, "_job_fetch_list")
        with self.assertNew(150):
            self.run_jobs()
        with self.assertNew(0):
            self.source._enqueue_read("customer")
            self.run_jobs()

    def test_retries_come_later_and_later(self):
        self.customers(1)
        self.api.fail(status=503, times=100)
        self.source._enqueue_fetch("customer", "cus_0")
        for _try in range(8):
            self.run_jobs()
            job = self.resume_jobs()
        function = self.env["queue.job.function"].job_config("<saas.source>._job_fetch")
        self.assertEqual(function.retry_pattern[7], (600, 900))
        self.assertEqual(job.retry, 8)
        with self.assertRaises(RetryableJobError):
            self.source._job_fetch("customer", "cus_0")

    def test_the_library_repeats_by_itself(self):
        self.customers(1)
        self.api.fail(status=429, headers={"Stripe-Should-Retry": "true"})
        self.api.fail(status=500)
        with patch.object(stripe_client, "RETRIES", 2), self.assertNew(1):
            self.source._job_fetch("customer", "cus_0")
        self.assertEqual([call.status for call in self.api.calls], [429, 500, 200])

    def test_refusals_are_told(self):
        """A key that is wrong or may not, and an object that isn't there: the job has
        failed, and the responsible has an activity, one.
        """
        self.customers(1)
        for key, reference, expected in (
            ("sk_test_unknown1", "cus_0", "Invalid API Key"),
            ("rk_test_narrow12", "cus_0", "does not have the required permissions"),
            (None, "cus_404", "No such object"),
        ):
            with self.subTest(expected):
                if key:
                    self.source.new_api_key = key
                    self.api.keys["rk_test_narrow12"] = {"invoices"}
                else:
                    self.source.new_api_key = next(iter(self.api.keys))
                self.source._enqueue_fetch("customer", reference)
                job = self.run_jobs()
                self.assertEqual(job.state, "failed")
                self.assertIn(expected, job.exc_message)
                self.assertIn(expected, self.source.message_ids[:1].body)
                self.assertEqual(self.source.activity_ids.user_id, self.responsible)
                self.assertEqual(len(self.source.activity_ids), 1)

    def test_no_key(self):
        self.source.api_key = False
        self.assertFalse(self.source._can_fetch("customer", "cus_0"))
        with self.assertRaises(Quarantine):
            self.source._job_fetch("customer", "cus_0")

    def test_what_references_lead_to(self):
        """Each kind of reference that an event waits for is found by one request."""
        for kind, external_id, path in (
            ("customer", "cus_1", "/v1/customers/cus_1"),
            ("subscription", "sub_1", "/v1/subscriptions/sub_1"),
            ("invoice", "in_1", "/v1/invoices/in_1"),
            ("credit_note", "cn_1", "/v1/credit_notes/cn_1"),
            ("payment", "pi_1", "/v1/payment_intents/pi_1"),
            ("payment", "ch_1", "/v1/charges/ch_1"),
            ("refund", "re_1", "/v1/refunds/re_1"),
            ("refund_of", "pi_1", "/v1/refunds"),
            ("dispute", "dp_1", "/v1/disputes/dp_1"),
            ("payout", "po_1", "/v1/payouts/po_1"),
            ("balance_transaction", "txn_1", "/v1/balance_transactions/txn_1"),
            ("tax_rate", "txr_1", "/v1/tax_rates/txr_1"),
            ("event", "evt_1", "/v1/events/evt_1"),
        ):
            with self.subTest(kind=kind, external_id=external_id):
                self.assertTrue(self.source._can_fetch(kind, external_id))
                with suppress(Quarantine):  # it isn't there
                    self.source._job_fetch(kind, external_id)
                self.assertEqual(self.api.calls[-1].path, path)
        for kind, external_id in (
            ("payment", "xy_1"),
            ("refund_of", "xy_1"),
            ("customer_balance_transaction", "cbtxn_1"),
            ("unheard", "un_1"),
        ):
            self.assertFalse(self.source._can_fetch(kind, external_id))

    def test_list_of_an_object(self):
        self.api.put(
            {"id": "cus_1", "object": "customer", "created": 1},
            {
                "id": "cbtxn_1",
                "object": "customer_balance_transaction",
                "customer": "cus_1",
                "created": 1_790_000_000,
            },
        )
        with self.assertNew(1):
            self.source._enqueue_read("customer_balance_transaction", customer="cus_1")
            self.run_jobs()
        with self.assertRaises(Quarantine):
            self.source._job_fetch_list("customer_balance_transaction", {})

    def test_filters(self):
        self.api.put(
            *(
                {
                    "id": f"txn_{number}",
                    "object": "balance_transaction",
                    "created": 1_790_000_000,
                    "_payout": f"po_{number % 2}",
                }
                for number in range(4)
            )
        )
        with self.assertNew(2):
            self.source._enqueue_read("balance_transaction", payout="po_1")
            self.run_jobs()

    def test_long_documents_are_read_whole(self):
        invoice = stripe_fixtures.load("basil", "invoice.finalized")["data"]["object"]
        line = invoice["lines"]["data"][0]
        invoice["lines"]["data"] = [{**line, "id": f"il_{n}"} for n in range(250)]
        self.api.put(invoice)
        [pulled] = self.source._get_adapter()._fetch(
            self.source, "invoice", invoice["id"]
        )
        self.assertEqual(len(pulled["lines"]["data"]), 250)
        self.assertEqual(
            [entry["id"] for entry in pulled["lines"]["data"]],
            [f"il_{n}" for n in range(250)],
        )
        self.assertFalse(pulled["lines"]["has_more"])
        self.assertEqual(len(self.api.calls), 4)

    def test_mode_of_the_key(self):
        """A key of the other mode is refused when it is saved, and so is the mode."""
        for key in ("sk_live_1234567890", "rk_live_1234567890"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.source.new_api_key = key
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.source.livemode = True
        self.source.new_api_key = "rk_test_1234567890"
        self.source.write({"livemode": True, "new_api_key": "rk_live_1234567890"})
        self.assertEqual(self.source.api_key_hint, "…7890")
