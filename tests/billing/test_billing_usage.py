"""What was used is billed in arrears, and what comes late keeps its period.

Covers billing/usage, billing/target and canonical/usage/window.
"""

from datetime import timedelta

from odoo.tests import tagged

from ...canonical.kinds import Kind
from ..usage.usage_common import UsageCommon
from .common import BillingCommon, at


@tagged("post_install", "-at_install")
class TestBillingUsage(UsageCommon, BillingCommon):
    """A meter of calls: 100 are included in a month, each other one costs 0.015."""

    def setUp(self):
        super().setUp()
        self.calls = self.meter()
        self.tell(self.platform, self.customer())
        [self.ada] = self.env["saas.tenant"]._find(self.platform, ["C-1"]).values()
        self.ada.billing_policy = "odoo"

    def begin(self, **vals):
        """Begin a subscription with the meter, on 1 May."""
        plan = self.create_plan(
            f"plan {next(self.keys)}".replace(" ", "_"),
            currencies=("USD",),
            calls={
                "kind": "usage",
                "timing": "arrears",
                "meter_id": self.calls.id,
                "included": "100",
                "unit_price": "0.015",
                **vals,
            },
        )
        subscription = self.subscribe(self.ada, plan, at(2026, 5, 1))
        bindings = self.env["saas.binding"]
        bindings.create(
            bindings._prepare_vals(
                self.platform, Kind.SUBSCRIPTION, "S-1", subscription
            )
        )
        return subscription

    def count(self, ref, quantity, *moment):
        """Tell that so many calls were made."""
        self.use(self.record(ref, quantity, at=at(2026, *moment)))

    def read_usage(self):
        """Return the quantity, the amount in cents and the month of each charge."""
        charges = self.env["saas.charge"].search(
            [("tenant_id", "=", self.ada.id)], order="id"
        )
        return [
            (charge.quantity, charge.amount, charge.service_from.month)
            for charge in charges
        ]

    def test_a_month(self):
        """A month is billed once it is over: 250 calls, of which 150 cost 2.25."""
        self.begin()
        self.count("a", "200.5", 5, 2)
        self.count("b", "49.5", 5, 31, 23)
        self.count("c", "7", 6, 1)
        self.bill(at(2026, 5, 31, 12))
        self.assertEqual(self.read_usage(), [])
        self.bill(at(2026, 6, 1))
        self.assertEqual(self.read_usage(), [("250", 225, 5)])
        [move] = self.get_moves(self.ada)
        self.assertEqual((move.amount_untaxed, move.amount_total), (2.25, 2.68))
        self.assertEqual(move.invoice_line_ids.saas_external_id[-4:], "-1-1")

    def test_late(self):
        """What comes after the bill is on the next one, with its own month."""
        subscription = self.begin()
        self.count("a", "150", 5, 2)
        self.bill(at(2026, 6, 1))
        self.count("b", "40", 5, 20)
        self.assertEqual(subscription.next_billing_at.month, 5)
        self.count("c", "110", 6, 3)
        self.bill(at(2026, 7, 1))
        self.assertEqual(
            self.read_usage(), [("150", 75, 5), ("40", 60, 5), ("110", 15, 6)]
        )
        charge = self.env["saas.charge"].search([("amount", "=", 60)])
        self.assertTrue(charge.is_correction)
        self.bill(at(2026, 7, 2))
        self.assertEqual(len(self.read_usage()), 3)

    def test_corrected(self):
        """What is taken back after the bill is credited."""
        self.begin()
        self.count("a", "300", 5, 2)
        self.bill(at(2026, 6, 1))
        self.use(self.correction("b", "a", "200", at=at(2026, 5, 2)))
        self.bill(at(2026, 6, 2))
        self.assertEqual(self.read_usage(), [("300", 300, 5), ("-100", -150, 5)])
        note = self.get_moves(self.ada)[1]
        self.assertEqual((note.move_type, note.amount_untaxed), ("out_refund", 1.5))

    def test_policies_of_what_is_late(self):
        """A meter may bill late usage only in the customer's favour, or not at all."""
        for policy, expected in (
            ("credit_only", [("150", 75, 5), ("-140", -75, 5)]),
            ("ignore", [("150", 75, 5)]),
        ):
            with self.subTest(policy):
                savepoint = self.env.cr.savepoint()
                self.calls.late_policy = policy
                self.begin()
                self.count("a", "150", 5, 2)
                self.bill(at(2026, 6, 1))
                self.count("b", "40", 5, 20)
                self.bill(at(2026, 6, 2))
                self.assertEqual(self.read_usage(), expected[:1])
                self.use(self.correction("c", "a", "0", at=at(2026, 5, 2)))
                self.use(self.correction("d", "b", "10", at=at(2026, 5, 20)))
                self.bill(at(2026, 6, 3))
                self.assertEqual(self.read_usage(), expected)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_grace(self):
        """A meter that waits has its month billed later, with what came meanwhile."""
        self.calls.grace_hours = 48
        self.begin()
        self.count("a", "150", 5, 2)
        self.bill(at(2026, 6, 2))
        self.assertEqual(self.read_usage(), [])
        self.count("b", "50", 5, 31)
        self.bill(at(2026, 6, 3))
        self.assertEqual(self.read_usage(), [("200", 150, 5)])

    def test_a_part_of_a_month(self):
        """Who leaves in the middle of a month has the half of what is included."""
        subscription = self.begin()
        self.count("a", "60", 5, 2)
        self.change(subscription, "canceled", at(2026, 5, 16, 12))
        self.bill(at(2026, 5, 17))
        # 15 of 31 days: 48.387096774 are included.
        self.assertEqual(self.read_usage(), [("60", 17, 5)])

    def test_seats_do_not_cut_tiers(self):
        """A change that leaves the meter's price as it was begins no new tiers."""
        plan = self.create_plan(
            "tiers",
            currencies=("USD",),
            seats={"kind": "seat", "unit_price": "1"},
            calls={
                "kind": "usage",
                "model": "graduated",
                "timing": "arrears",
                "meter_id": self.calls.id,
                "tiers": [
                    {"up_to": "100", "unit": "0.10"},
                    {"up_to": None, "unit": "0.01"},
                ],
            },
        )
        subscription = self.subscribe(self.ada, plan, at(2026, 5, 1), seats=1)
        bindings = self.env["saas.binding"]
        bindings.create(
            bindings._prepare_vals(
                self.platform, Kind.SUBSCRIPTION, "S-1", subscription
            )
        )
        terms = self.make_terms(plan, seats=2)
        self.change(subscription, "changed", at(2026, 5, 11), terms=terms)
        for number in range(4):
            self.count(f"r{number}", "50", 5, 5 + 5 * number)
        self.bill(at(2026, 6, 1) + timedelta(hours=1))
        usage = [row for row in self.read_usage() if row[0] == "200"]
        self.assertEqual(usage, [("200", 1100, 5)])
