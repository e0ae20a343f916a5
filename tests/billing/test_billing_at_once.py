"""What a sender's change of a subscription makes due is billed a moment later, where
the company bills by the clock.

Covers handlers/subscriptions/subscription_change.
"""

from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError

from ..subscriptions.selling import SellingCommon, at


@tagged("post_install", "-at_install")
class TestBillingAtOnce(SellingCommon):
    def setUp(self):
        super().setUp()
        self.tenant = self.env["saas.tenant"].search([("name", "=", "Northlight")])
        self.tenant.billing_policy = "odoo"
        self.product_a.taxes_id = False
        self.runs = self.env["saas.billing.run"]
        self.company.bills_by_clock = True

    def find_jobs(self):
        return self.env["queue.job"].search(
            [("method_name", "=", "_job_bill_at_once"), ("state", "=", "pending")]
        )

    def read_documents(self):
        """Return the type and the net amount of what is posted, in order."""
        moves = self.env["account.move"].search(
            [("saas_tenant_id", "=", self.tenant.id), ("state", "=", "posted")],
            order="id",
        )
        return [(move.move_type, move.amount_untaxed) for move in moves]

    def test_an_amendment_is_billed_at_once(self):
        """Of two changes in a row one job is made, and it bills both."""
        self.tell(self.activate(at(2026, 11, 1)))
        [job] = self.find_jobs()
        self.runs._job_bill_at_once(self.company)
        self.assertEqual(self.read_documents(), [("out_invoice", 35)])
        job.unlink()
        self.tell(self.event("changed", at(2026, 11, 16), **self.held("8")))
        self.tell(self.event("changed", at(2026, 11, 28), **self.held("9")))
        self.assertEqual(len(self.find_jobs()), 1)
        self.runs._job_bill_at_once(self.company)
        # Of 30 days, 15 with three seats more and 3 of them with a fourth, at 5.00.
        self.assertEqual(
            self.read_documents(), [("out_invoice", 35), ("out_invoice", 8)]
        )
        self.runs._job_bill_at_once(self.company)
        self.assertEqual(len(self.read_documents()), 2)

    def test_only_what_is_due_and_only_by_the_clock(self):
        self.company.bills_by_clock = False
        self.tell(self.activate(at(2026, 11, 1)))
        self.assertFalse(self.find_jobs())
        self.company.bills_by_clock = True
        self.tenant.billing_policy = "mirror"
        self.tell(self.event("changed", at(2026, 11, 16), **self.held("8")))
        self.assertFalse(self.find_jobs())

    def test_it_waits_for_a_run_that_is_at_work(self):
        self.tell(self.activate(at(2026, 11, 1)))
        self.runs._cron_bill()
        with self.assertRaises(RetryableJobError):
            self.runs._job_bill_at_once(self.company)
        run = self.runs.search([("state", "=", "running")])
        run._job_chunk(run.step)
        self.runs._job_bill_at_once(self.company)
        self.assertEqual(self.read_documents(), [("out_invoice", 35)])
