"""Balance transactions are read through the API, by Stripe's own library.

Covers adapters/stripe/clearing/movement_list and handlers/clearing/payout_contents.
"""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..clearing.test_clearing import load_story
from ..support import stripe_fixtures
from ..support.pulling import PullCommon


@tagged("post_install", "-at_install")
class TestPullBalance(PullCommon):
    def _put_balance(self):
        """Let the API have all movements, and deliver all else that happened."""
        told, payouts = [], {}
        movements = []
        for event in load_story("basil"):
            data = event["data"]["object"]
            if data["object"] == "payout_transactions":
                for part in data["transactions"]:
                    payouts[part["id"]] = data["id"]
            elif data["object"] == "balance_transaction":
                movements.append(data)
            elif not event["type"].startswith("pulled."):
                told.append(event)
        self.movement_count = len(movements)
        self.payout_count = len(set(payouts.values()))
        self.assertGreater(self.movement_count, 40)
        movements.sort(key=lambda data: data["created"])
        for data in movements:
            self.api.put({**data, "_payout": payouts.get(data["id"])})
        return told

    def test_payout_is_proved_by_what_is_read(self):
        """The event that a payout was paid is all it takes."""
        told = self._put_balance()
        self.deliver(*told)
        jobs = self.run_jobs()
        self.drain()
        self.run_jobs()
        self.drain()
        self.assertIn("_job_pull_payout", jobs.mapped("method_name"))
        payouts = self.env["saas.payout"].search([("automatic", "=", True)])
        self.assertEqual(payouts.mapped("proof_state"), ["proved"] * self.payout_count)
        balance = self.env["saas.clearing.balance"].search([])
        self.assertFalse(any(balance.mapped("difference")))

    def test_not_before_the_source_knows(self):
        self.deliver(stripe_fixtures.load("basil", "payout.paid"))
        self.assertFalse(self.run_jobs())
        self.deliver(stripe_fixtures.load("basil", "payout.reconciliation_completed"))
        self.assertIn("_job_pull_payout", self.run_jobs().mapped("method_name"))

    def test_daily(self):
        """The cron reads all, and the next time only what is new."""
        self.deliver(*self._put_balance())
        self.run_jobs()
        self.env["saas.source"]._cron_pull_balance()
        self.run_jobs()
        self.drain()
        records = self.env["saas.balance.transaction"].search([])
        self.assertEqual(len(records), self.movement_count)
        self.assertEqual(self.source.balance_cursor, max(records.mapped("created_at")))
        with self.assertNew(0):
            self.env["saas.source"]._cron_pull_balance()
            self.run_jobs()
        self.assertTrue(self.api.calls[-1].get("created[gte]"))

    def test_without_key(self):
        self.source.api_key = False
        self.deliver(stripe_fixtures.load("basil", "payout.reconciliation_completed"))
        self.assertFalse(self.run_jobs())
        payout = self.env["saas.payout"].search([])
        self.assertIn("API key", payout.proof_hint)
        self.assertIn("API key", payout.action_pull()["params"]["message"])

    def test_trouble_passes(self):
        self.deliver(stripe_fixtures.load("basil", "payout.reconciliation_completed"))
        self.api.fail(status=503, times=10)
        self.run_jobs()
        self.api.reset()
        self._put_balance()
        self.resume_jobs()
        self.assertTrue(self.run_jobs())
        self.assertTrue(
            self.env["saas.subscription.event"].search(
                [("event_type", "=", "pulled.payout_transactions")]
            )
        )

    def test_who_may(self):
        """A reviewer assigns, and changes nothing else; others read."""
        self.deliver(stripe_fixtures.load("basil", "payout.paid"))
        payout = self.env["saas.payout"].search([])
        users = {
            role: new_test_user(
                self.env,
                f"balance_{role}",
                groups=f"saas_billing_sync.group_saas_{role}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            for role in ("operator", "reviewer")
        }
        own = payout.with_user(users["reviewer"])
        own.action_assign_to_me()
        self.assertEqual(payout.user_id, users["reviewer"])
        own.action_match_bank()
        own.action_pull()
        with self.assertRaises(AccessError):
            own.proof_state = "proved"
        other = payout.with_user(users["operator"])
        self.assertEqual(other.amount, 218.91)
        for method in ("action_assign_to_me", "action_match_bank", "action_pull"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(other, method)()
