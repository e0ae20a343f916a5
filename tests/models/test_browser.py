from odoo.tests import tagged

from odoo.addons.queue_job.job import Job

from ..support import stripe_fixtures
from ..support.session import BrowserMixin, create_person
from ..support.webhook import SaasHttpCommon


@tagged("post_install", "-at_install")
class TestBrowser(BrowserMixin, SaasHttpCommon):
    """What a person does about an exception, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source.default_product_id = False
        cls.product_a.name = "Analytics plan"
        cls.person = create_person(cls, "browser_person", "manager", "reviewer")

    def test_exception(self):
        """Finds a quarantined event, maps its product, retries it, and sees it done
        with its invoice.
        """
        event = self.deliver(stripe_fixtures.load("basil", "invoice.finalized"))
        self.assertState(event, "quarantined", "unmapped_product")
        self.start_tour("/odoo", "saas_exception_retry", login=self.person.login)
        self.assertEqual(self.source.product_mapping_ids.product_id, self.product_a)
        self.assertState(event, "received")
        self._run_job()
        self.assertState(event, "done")
        [move] = self.env["account.move"].search([("saas_source_id", "!=", False)])
        self.assertEqual(move.invoice_line_ids.product_id, self.product_a)
        self.start_tour(
            f"/odoo/saas-events/{event.id}",
            "saas_exception_done",
            login=self.person.login,
        )
        self.assertIn("browser_person", event.log_ids.mapped("actor"))

    def test_case(self):
        """Settles the first of two cases, and gets to the second one by itself."""
        payloads = []
        for number, product in enumerate(("prod_first", "prod_first", "prod_other")):
            payload = stripe_fixtures.load("basil", "invoice.finalized")
            payload["id"] += str(number)
            data = payload["data"]["object"]
            data["id"] += str(number)
            [line] = data["lines"]["data"]
            line["pricing"]["price_details"].update(price=f"of_{product}")
            line["pricing"]["price_details"].update(product=product)
            payloads.append(payload)
        events = self.deliver(*payloads)
        self.assertState(events, "quarantined", "unmapped_product")
        self.start_tour("/odoo", "saas_case_settle", login=self.person.login)
        self.assertEqual(events.mapped("state"), ["received"] * 2 + ["quarantined"])
        cases = self.env["saas.exception"].search([], order="id")
        self.assertEqual(cases.mapped("state"), ["resolved", "open"])
        self.assertEqual(cases[0].user_id, self.person)

    def _run_job(self):
        """Do what the job runner does for the job that waits: mark it as enqueued,
        and ask this server to run it.
        """
        job = self.env["queue.job"].search(
            [
                ("identity_key", "=", self.source._get_drain_key()),
                ("state", "=", "pending"),
            ]
        )
        self.assertEqual(len(job), 1)
        enqueued = Job.load(self.env, job.uuid)
        enqueued.set_enqueued()
        enqueued.store()
        self.env.flush_all()
        response = self.url_open(f"/queue_job/runjob?job_uuid={job.uuid}")
        self.assertEqual(response.status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(job.state, "done", job.exc_info)
