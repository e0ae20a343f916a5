"""Each event in each state: what it books, as whole journal entries, or the typed
reason why it books nothing. What a preview shows of it is what is billed, line by line.

Covers billing/target, billing/preview and canonical/subscriptions/states.
"""

import itertools
from decimal import Decimal

from odoo.tests import tagged

from ...canonical.subscriptions.lifecycle import TABLE, Event, Refusal, State
from ..subscriptions.selling import WAYS
from .common import BillingCommon, at

#: What is billed until then, in cents: five seats at a dollar a day, for a month or for
#: the one day that it was.
_BEFORE = {State.ACTIVE: [15000], State.PAUSED: [500], State.CANCELED: [500]}
#: What each event of 11 April books, in cents, line by line; where nothing is named, it
#: books nothing. Nine of the period's thirty days have passed, and 21 are left.
_BOOKED = {
    # It begins with the eight seats that it was told with, for a month of its own.
    (State.NONE, Event.ACTIVATED): [24000],
    (State.PENDING, Event.ACTIVATED): [24000],
    # The first period begins as the trial ends.
    (State.TRIALING, Event.TRIAL_ENDED): [15000],
    # 21 days of five seats are given back, and those of eight billed.
    (State.ACTIVE, Event.CHANGED): [-10500, 16800],
    (State.ACTIVE, Event.PAUSED): [-10500],
    (State.ACTIVE, Event.CANCELED): [-10500],
    # The rest of the period that it was paused in.
    (State.PAUSED, Event.RESUMED): [10500],
    # What is known later of when it ends counts: it went on for eight days more.
    (State.CANCELED, Event.CANCELED): [4000],
}
_ONLY_TERMS = (Event.AGREED, Event.ACTIVATED, Event.CHANGED)


@tagged("post_install", "-at_install")
class TestBillingTable(BillingCommon):
    """A plan of seats alone, each 30.00 a month in advance and 19 % of tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seats = cls.create_plan("seats", seats={"kind": "seat", "unit_price": "30"})

    def test_each_cell(self):
        """Each cell books its line of the table above and nothing else."""
        for state, event in itertools.product(State, Event):
            with self.subTest(state=state.value, event=event.value):
                savepoint = self.env.cr.savepoint()
                self._check_cell(state, event)
                savepoint.rollback()
                self.env.invalidate_all()

    def _check_cell(self, state, event):
        tenant = self.create_tenant()
        subscription = self._lead_to(state, tenant)
        self.bill_if_due(tenant, at(2026, 4, 4))
        known = self.get_moves(tenant)
        self.assertEqual(
            [self.read_entry(move) for move in known],
            self._make_entries(_BEFORE.get(state)),
        )
        row = self._tell(subscription, event.value, 11, "8")
        told = self.preview(at(2026, 4, 12)).get(tenant.id, [])
        self.assertEqual(self.get_moves(tenant), known)
        self.bill_if_due(tenant, at(2026, 4, 12))
        new = self.get_moves(tenant) - known
        self.assertPreviewed(told, new)
        self.assertEqual(
            [self.read_entry(move) for move in new],
            self._make_entries(_BOOKED.get((state, event))),
        )
        self.assertEqual(
            sum(amount for _code, amount, *_days in self.read_charges(tenant)),
            sum(_BEFORE.get(state, [])) + sum(_BOOKED.get((state, event), [])),
        )
        outcome = TABLE[state][event]
        # A later word of when it ends is none.
        is_end = state == event == "canceled"
        if isinstance(outcome, Refusal) and not is_end:
            self.assertEqual((row.outcome, row.refusal), ("refused", outcome.value))

    def _lead_to(self, state, tenant):
        subscription = self.env["saas.subscription"].create(
            {
                "external_id": f"{state.value} one",
                "source_id": self.own.id,
                "tenant_id": tenant.id,
                "state": "none",
            }
        )
        trial = {"trial_end": "2027-01-01"} if state == State.TRIALING else {}
        for event, day in WAYS[state]:
            self._tell(subscription, event, day, "5", **trial)
        self.assertEqual(subscription.state, state.value)
        return subscription

    def _tell(self, subscription, event, day, seats, **vals):
        if event in _ONLY_TERMS:
            vals["terms"] = self.make_terms(self.seats, seats=seats)
        return self.change(subscription, event, at(2026, 4, day), **vals)

    def bill_if_due(self, tenant, cutoff):
        """Bill what is due by an instant, if anything is."""
        if tenant.subscription_ids.filtered("next_billing_at"):
            self.bill(cutoff)

    def _make_entries(self, lines):
        """Return the entry of a document with such lines, in cents, as
        :meth:`read_entry` tells it; none of none.
        """
        if not lines:
            return []
        net = [Decimal(amount) / 100 for amount in lines]
        tax = (sum(net) * 19 / 100).quantize(Decimal("0.01"))
        return [
            [
                ("AR", sum(net) + tax, sum(net) + tax, ""),
                *(("REV", -amount, -amount, "19% VAT") for amount in net),
                ("TAX", -tax, -tax, ""),
            ]
        ]
