"""Reconciliation both ways, against a counterpart of Stripe's API over HTTP."""

from datetime import date

from odoo.tests import tagged

from . import stripe_fixtures
from .pulling import PullCommon


class ReconcileCommon(PullCommon):
    """One customer's history, at the source and in the books."""

    #: Fixtures of the newest shape that make a month, each kind among them.
    STORY = (
        "customer.created",
        "customer.subscription.created",
        "invoice.finalized",
        "invoice.paid",
        "invoice_payment.paid",
        "charge.succeeded",
        "credit_note.created-post_payment",
        "refund.created-credited",
    )
    PERIOD = (date(2025, 1, 1), date(2027, 12, 31))

    def tell(self, *names):
        """Have events happen at the source, without telling them."""
        events = [stripe_fixtures.load("basil", name) for name in names or self.STORY]
        self.api.put_events(*events)
        return events

    def book(self, *names):
        """Book events, as the webhook brings them."""
        return self.deliver(
            *[stripe_fixtures.load("basil", name) for name in names or self.STORY]
        )

    def reconcile(self, *kinds, period=None, source=None):
        """Have a source compared; return the run."""
        run = self.env["saas.reconciliation"]._start(
            source or self.source, *(period or self.PERIOD), kinds or None
        )
        self.run_jobs()
        return run

    def found(self, run=None):
        """Return the open differences, as texts."""
        return sorted(
            f"{d.kind} {d.result} {d.field}: {d.their_value or '-'} / "
            f"{d.our_value or '-'}"
            for d in self.env["saas.difference"].search([("state", "=", "open")])
        )


@tagged("post_install", "-at_install")
class TestReconcile(ReconcileCommon):
    def test_all_matched(self):
        self.tell()
        self.assertState(self.book(), "done")
        run = self.reconcile()
        self.assertEqual(run.problem, False)
        self.assertEqual(self.found(), [])
        self.assertEqual(run.state, "done")
        for line in run.line_ids:
            self.assertEqual((line.kind, line.state, line.matched), (line.kind, "done", 1))
