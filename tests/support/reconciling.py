"""One customer's history, at a counterpart of Stripe's API and in the books."""

from datetime import date

from . import stripe_fixtures
from .pulling import PullCommon

#: Fixtures that make a month, with an object of each kind but payouts.
STORY = (
    "customer.created",
    "customer.subscription.created",
    "invoice.finalized",
    "invoice.paid-expanded",
    "invoice_payment.paid",
    "charge.succeeded",
    "credit_note.created-post_payment",
    "refund.created-credited",
)
#: More than all fixtures' days.
PERIOD = (date(2025, 1, 1), date(2027, 12, 31))
#: Made by hand, so that nobody asks what is in it.
PAYOUT = {
    "id": "po_1ReconciledByHand000001",
    "object": "payout",
    "amount": 10000,
    "arrival_date": 1793577600,  # 2026-11-02
    "automatic": False,
    "balance_transaction": "txn_1ReconciledByHand000001",
    "created": 1793318400,  # 2026-10-30
    "currency": "usd",
    "livemode": False,
    "status": "paid",
}


def payout_event(**changes):
    """Return an event of the payout."""
    return {
        "id": "evt_1ReconciledByHand000001",
        "object": "event",
        "type": "payout.paid",
        "api_version": "2026-10-28.endive",
        "created": 1793577700,
        "livemode": False,
        "data": {"object": {**PAYOUT, **changes}},
    }


class ReconcileCommon(PullCommon):
    def tell(self, *names):
        """Have things happen at the source; none of it is sent."""
        self.api.put_events(
            *[stripe_fixtures.load("basil", name) for name in names or STORY]
        )
        if not names:
            self.api.put(PAYOUT)

    def book(self, *names):
        """Have events sent, and booked."""
        events = [stripe_fixtures.load("basil", name) for name in names or STORY]
        if not names:
            events.append(payout_event())
        self.assertState(self.deliver(*events), "done")

    def change(self, name, /, **changes):
        """Have an object be otherwise at the source, without it telling."""
        event = stripe_fixtures.load("basil", name, **changes)
        self.api.put(event["data"]["object"])

    def start(self, *kinds, period=PERIOD, source=None):
        runs = self.env["saas.reconciliation"]
        return runs._start(source or self.source, *period, kinds or None)

    def reconcile(self, *kinds, **options):
        """Have a source compared; return the run."""
        run = self.start(*kinds, **options)
        self.run_jobs()
        return run

    def find(self, *domain):
        return self.env["saas.difference"].search([("state", "=", "open"), *domain])

    def found(self):
        """Return the open differences as texts: kind, what is wrong, field, their
        value and ours.
        """
        return sorted(
            f"{d.kind} {d.result} {d.field}: {d.their_value or '-'} / "
            f"{d.our_value or '-'}"
            for d in self.find()
        )

    def counts(self, run):
        """Return what a run came to, by kind: matched, different, there, here."""
        return {
            line.kind: (line.matched, line.different, line.only_there, line.only_here)
            for line in run.line_ids
        }
