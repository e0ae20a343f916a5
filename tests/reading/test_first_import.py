from odoo.exceptions import UserError
from odoo.tests import tagged

from ..cutover.cases import CREDIT, MAIN
from ..support import stripe_fixtures
from ..support.pulling import CutoverCommon


@tagged("post_install", "-at_install")
class TestFirstImport(CutoverCommon):
    """A whole account is brought in, as a person does it."""

    def setUp(self):
        super().setUp()
        self.source.cutover_date = "2026-11-12"
        names = (
            "customer.created",
            "customer.subscription.created",
            *(name.rpartition(":")[2] for name in MAIN),
            "refund.created",
            "invoice.payment_failed",
            *CREDIT,
            "invoice.finalized-eur",
            "invoice_payment.paid-partial",
        )
        self.events = [stripe_fixtures.load("basil", name) for name in names]
        self.api.put_events(*self.events)
        customer = stripe_fixtures.object_id("basil", "customer.created")
        created = self.events[0]["created"]
        self.api.put(
            *(
                {
                    "id": f"cbtxn_{number}",
                    "object": "customer_balance_transaction",
                    "customer": customer,
                    "created": created + day * 24 * 3600,
                    "currency": "usd",
                    "amount": -1000,
                    "ending_balance": balance,
                    "type": "applied_to_invoice",
                }
                for number, day, balance in (
                    (1, 1, -1000),
                    (2, 5, -2500),
                    # Since the cut-over: has a fact of its own.
                    (3, 12, -1500),
                )
            )
        )

    def _import(self):
        run = self.source._start_first_import()
        self.run_jobs()
        return run

    def test_import(self):
        run = self._import()
        self.assertEqual((run.state, run.progress), ("done", 100))
        # The refund since is of a payment before, which no list since then has.
        self.pass_time(11)
        self.env["saas.source"]._cron_sweep()
        self.run_jobs()
        self.assertEqual(run.read_count, run.new_count)
        self.assertEqual(self.books(), self._expected())
        self.assertIn("Customer credit at the cut-over: 1", run.summary)
        openings = self.env["account.move"].search(run.action_view_openings()["domain"])
        self.assertEqual(len(openings), 4)
        self.assertWhole()
        self.assertEqual(len(self.env["saas.subscription"].search([])), 1)
        # Again, and every webhook once more: nothing changes.
        again = self._import()
        self.assertEqual(again.state, "done")
        self.assertGreaterEqual(again.known_count, 5)
        self.deliver(*({**event, "id": f"{event['id']}x"} for event in self.events))
        self.run_jobs()
        self.assertEqual(self.books(), self._expected())
        self.assertWhole()

    def test_webhooks_first(self):
        self.deliver(*self.events)
        self.run_jobs()
        self._import()
        self.assertEqual(self.books(), self._expected())

    def test_what_is_missing_is_said(self):
        self.source.opening_account_id = False
        with self.assertRaisesRegex(UserError, "Opening Account"):
            self.source._start_first_import()

    def _expected(self):
        return "\n".join(
            sorted(
                text.strip("\n")
                for text in (
                    """
2026-11-12 entry
    AR +119.00 open +119.00
    OPEN -119.00""",
                    """
2026-11-12 entry
    AR +238.00 open +178.50
    OPEN -238.00""",
                    """
2026-11-13 out_refund reversed
    AR -59.50
    REV +50.00 {19% VAT}
    TAX +9.50""",
                    """
2026-11-12 entry
    AR +148.75 (+119.00 EUR) open +69.00
    OPEN -148.75 (-119.00 EUR)""",
                    """
2026-11-12 entry
    AR -62.50 (-50.00 EUR)
    SC +62.50 (+50.00 EUR)""",
                    """
2026-11-12 entry
    AR +30.00 open +30.00
    SC -30.00""",
                    """
2026-11-12 entry
    BAL -25.00
    OPEN +25.00""",
                )
            )
        )
