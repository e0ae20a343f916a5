"""How a reconciliation runs: in steps, through trouble, again, and on a schedule."""

from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.queue_job.job import Job

from ...dev.make_believe.stripe.api import KEY
from ..support import stripe_fixtures
from ..support.reconciling import PERIOD, ReconcileCommon

_DAY = 86400


@tagged("post_install", "-at_install")
class TestReconcileRun(ReconcileCommon):
    def tell_many(self, name, count, **changes):
        """Put so many objects like a fixture's, one a day; return them."""
        base = stripe_fixtures.load("basil", name, **changes)["data"]["object"]
        objects = [
            {
                **base,
                "id": f"{base['id']}{number}",
                "name": f"Customer {number}",
                "email": f"customer{number}@example.com",
                "phone": None,
                "tax_ids": None,
                "number": f"N-{number}",
                "created": base["created"] - number * _DAY,
            }
            for number in range(count)
        ]
        self.api.put(*objects)
        return objects

    def run_one(self):
        """Run the next job only; return whether there was one."""
        waiting = self.env["queue.job"].search(
            [("state", "=", "pending"), ("eta", "=", False)], order="id", limit=1
        )
        if waiting:
            self._run_job(Job.load(self.env(user=SUPERUSER_ID), waiting.uuid))
            self.env.flush_all()
            self.env.invalidate_all()
        return bool(waiting)

    def requests(self, path):
        return [call for call in self.api.calls if call.path == path]

    # -- steps ----------------------------------------------------------------

    def test_progress_moves_page_by_page(self):
        self.tell_many("customer.created", 250)
        run = self.start("customer")
        seen = [run.progress]
        while self.run_one():
            seen.append(run.progress)
        self.assertEqual(seen, sorted(seen))
        # Three pages, then what is only here, earlier differences, and the end.
        self.assertEqual([round(p) for p in seen], [0, 43, 51, 90, 95, 100, 100])
        line = run.line_ids
        self.assertEqual((line.pages, line.only_there, run.state), (3, 250, "done"))
        self.assertEqual(run.difference_ids.mapped("state"), ["open"] * 250)

    def test_a_job_that_comes_twice_does_nothing(self):
        self.tell()
        run = self.start("customer")
        step = run.step
        self.run_one()
        before = self.counts(run)
        calls = len(self.api.calls)
        run._job_step(step)
        self.assertEqual((self.counts(run), len(self.api.calls)), (before, calls))

    def test_resume_after_trouble_between_pages(self):
        # The library itself asks again three times, unless it is told to slow down.
        for status, times in ((429, 1), (500, 4)):
            with self.subTest(status=status):
                self.api.reset()
                self.tell_many("customer.created", 150)
                self.api.fail(path="/v1/customers$", status=status, skip=1, times=times)
                run = self.reconcile("customer")
                self.assertEqual((run.state, run.attempts), ("running", 1))
                self.assertIn("Ordered", run.problem)
                self.assertEqual(run.line_ids.only_there, 100)
                self.assertTrue(run.next_step)
                waiting = self.resume_jobs()
                self.assertEqual(waiting.channel, "root.saas.batch")
                self.run_jobs()
                self.assertEqual((run.state, run.problem), ("done", False))
                self.assertEqual(self.counts(run), {"customer": (0, 0, 150, 0)})
                first = [c for c in self.requests("/v1/customers") if c.status == 200]
                self.assertEqual(len(first), 2, "a page was read twice")

    def test_given_up_in_the_end(self):
        self.tell()
        self.api.fail(path="/v1/customers$", status=503, times=1000)
        run = self.start("customer")
        run.attempts = 9
        run._job_step(run.step)
        self.assertEqual(run.state, "failed")
        self.assertIn("Resume", run.next_step)

    def test_a_key_that_may_not_read_stops_the_run(self):
        self.tell()
        self.book()
        self.api.keys[KEY] = {"customers"}
        self.addCleanup(self.api.keys.update, {KEY: None})
        run = self.reconcile("customer", "invoice")
        self.assertEqual(run.state, "failed")
        self.assertIn("'invoices' permission", run.problem)
        self.api.keys[KEY] = None
        run.action_resume()
        self.run_jobs()
        self.assertEqual(run.state, "done")
        self.assertEqual(
            self.counts(run), {"customer": (1, 0, 0, 0), "invoice": (1, 0, 0, 0)}
        )

    def test_no_query_for_each_object(self):
        """A page of forty costs the queries of a page of four, but for reading it."""
        self.deliver(stripe_fixtures.load("basil", "customer.created"))
        for name, kind in (
            ("customer.created", "customer"),
            ("invoice.finalized", "invoice"),
            ("charge.succeeded", "payment"),
            ("customer.subscription.created", "subscription"),
        ):
            with self.subTest(kind=kind):
                spent = [self._count_queries(name, kind, n) for n in (4, 40)]
                self.assertLessEqual(spent[1], spent[0] + 3)

    def _count_queries(self, name, kind, count):
        """Return how many queries comparing a page takes, all of it booked."""
        self.api.reset()
        objects = self.tell_many(name, count)
        for data in objects:
            data["payment_intent"] = data["id"].replace("ch_", "pi_")
        self.api.put(*objects)
        self.env["saas.reading.fetch"]._store(self.source, objects)
        self.run_jobs()
        run = self.start(kind)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        env = self.env["saas.reconcile.run"]._get_env(self.source)
        env["saas.reconcile.step"]._step(run.line_ids.with_env(env))
        self.env.flush_all()
        spent = self.env.cr.sql_log_count - before
        self.assertEqual(run.line_ids.matched, count)
        return spent

    # -- again ----------------------------------------------------------------

    def test_a_repeat_refreshes_what_is_open(self):
        self.tell()
        first = self.reconcile("invoice")
        [known] = self.find()
        self.change("invoice.paid-expanded", total=20000)
        second = self.reconcile("invoice")
        self.assertEqual(self.find(), known)
        self.assertIn("200.00 USD", known.their_value)
        self.assertEqual(known.reconciliation_id, second)
        self.assertEqual(self.counts(first), self.counts(second))

    def test_what_is_settled_otherwise_is_resolved(self):
        self.tell()
        self.reconcile("invoice", "customer")
        known = self.find()
        self.book()
        self.reconcile("invoice", "customer")
        self.assertEqual(set(known.mapped("state")), {"resolved"})
        self.assertTrue(all(known.mapped("settled_at")))
        log = self.env["saas.sync.log"].search([("action", "=", "difference_resolved")])
        self.assertEqual(set(log.mapped("res_id")), set(known.ids))
        self.assertWhole()

    def test_what_is_gone_on_both_sides_is_resolved(self):
        self.tell("invoice.finalized")
        self.reconcile("invoice")
        [known] = self.find()
        self.api.remove(known.external_id)
        self.reconcile("invoice")
        self.assertEqual(known.state, "resolved")

    def test_accepted_stays_until_a_value_changes(self):
        self.tell()
        self.book()
        self.change("invoice.paid-expanded", number="X-1")
        self.reconcile("invoice")
        [known] = self.find()
        wizard = self.env["saas.difference.accept"].create(
            {"difference_ids": known.ids, "note": "the number of the old system"}
        )
        wizard.action_apply()
        self.assertEqual((known.state, known.note), ("accepted", wizard.note))
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.reconcile("invoice")
        self.assertEqual(known.state, "accepted")
        self.change("invoice.paid-expanded", number="X-2")
        self.reconcile("invoice")
        self.assertEqual((known.state, known.their_value), ("open", "X-2"))

    # -- on a schedule ---------------------------------------------------------

    def test_schedule(self):
        runs = self.env["saas.reconciliation"]
        self.source.reconcile_days = 3
        runs._cron_reconcile()
        [run] = runs.search([("source_id", "=", self.source.id)])
        today = fields.Date.today()
        self.assertEqual(
            (run.date_from, run.date_to, run.scheduled),
            (today - timedelta(days=3), today - timedelta(days=1), True),
        )
        self.assertEqual(len(run.line_ids), 7)
        runs._cron_reconcile()
        self.assertEqual(runs.search([("source_id", "=", self.source.id)]), run)
        self.run_jobs()
        self.assertEqual(run.state, "done")

    def test_no_schedule_without_key_or_days(self):
        runs = self.env["saas.reconciliation"]
        self.source.reconcile_days = 0
        runs._cron_reconcile()
        self.source.reconcile_days = 7
        self.source.sudo().api_key = False
        runs._cron_reconcile()
        self.assertFalse(runs.search([("source_id", "=", self.source.id)]))

    def test_wizard(self):
        wizard = self.env["saas.reconciliation.start"].create(
            {
                "source_id": self.source.id,
                "date_from": PERIOD[0],
                "date_to": PERIOD[1],
                "payouts": False,
                "refunds": False,
            }
        )
        action = wizard.action_start()
        run = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(
            run.line_ids.mapped("kind"),
            ["customer", "subscription", "invoice", "payment", "credit_note"],
        )
        self.source.sudo().api_key = False
        with self.assertRaisesRegex(UserError, "Connection"):
            wizard.action_start()
