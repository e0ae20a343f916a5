"""Usage that names no subscription is of the only one whose plan has its meter.

Covers handlers/usage/usage.
"""

from odoo.tests import tagged

from ...canonical.moments import naive
from ..billing.common import BillingCommon, at
from .usage_common import UsageCommon

MAY, JUNE = at(2026, 5, 1), at(2026, 6, 1)
NONE = "{} parked no_subscription"


@tagged("post_install", "-at_install")
class TestUsageByPlan(UsageCommon, BillingCommon):
    """A tenant that Odoo bills; of its plans, only some have the meter of calls."""

    def setUp(self):
        super().setUp()
        self.calls = self.meter()
        self.metered = self.create_metered("metered", self.calls)
        self.tell(self.platform, self.customer())
        [self.ada] = self.env["saas.tenant"]._find(self.platform, ["C-1"]).values()
        self.ada.billing_policy = "odoo"

    def create_metered(self, code, meter):
        """Return a plan with a meter."""
        usage = {"kind": "usage", "timing": "arrears", "meter_id": meter.id}
        return self.create_plan(code, calls={**usage, "unit_price": "0.01"})

    def count(self, ref, moment):
        """Tell of a call without a subscription; return its state and why."""
        self.use(self.record(ref, at=moment, subscription=""))
        return self.states()[-1]

    def free(self):
        """Look anew at what waits for the tenant's subscriptions."""
        self.env["saas.usage.intake"]._free(self.platform, [], self.ada.ids)

    def test_the_one_that_has_the_meter(self):
        """Others beside it make nothing unclear."""
        self.subscribe(self.ada, self.pro, MAY)
        mine = self.subscribe(self.ada, self.metered, MAY)
        other = self.create_metered("other", self.meter(code="bytes"))
        self.subscribe(self.ada, other, MAY)
        self.assertEqual(self.count("U-1", JUNE), "U-1 counted")
        self.assertEqual(self.records.subscription_id, mine)
        self.check_whole()

    def test_none_has_the_meter(self):
        """It waits in sight, and says that a plan may be missing."""
        self.subscribe(self.ada, self.pro, MAY)
        self.assertEqual(self.count("U-1", JUNE), "U-1 parked no_subscription")
        self.assertIn("a plan that has the meter calls", self.records.next_step)
        mine = self.subscribe(self.ada, self.metered, MAY)
        self.free()
        self.assertEqual(self.states(), ["U-1 counted"])
        self.assertEqual(self.records.subscription_id, mine)

    def test_several_have_the_meter(self):
        """Nothing is guessed."""
        self.subscribe(self.ada, self.metered, MAY)
        self.subscribe(self.ada, self.create_metered("more", self.calls), MAY)
        self.assertEqual(self.count("U-1", JUNE), "U-1 parked several_subscriptions")

    def test_the_plan_at_that_moment(self):
        """What it holds today says nothing about what it held then."""
        mine = self.subscribe(self.ada, self.pro, MAY)
        terms = self.make_terms(self.metered)
        self.change(mine, "changed", JUNE, terms=terms)
        self.change(mine, "changed", at(2026, 7, 1), terms=self.make_terms(self.pro))
        self.assertEqual(self.count("U-1", at(2026, 5, 31, 23)), NONE.format("U-1"))
        self.assertEqual(self.count("U-2", JUNE), "U-2 counted")
        self.assertEqual(self.count("U-3", at(2026, 7, 1)), NONE.format("U-3"))
        [row] = mine.change_ids.filtered(lambda c: c.effective_at == naive(JUNE))
        self.change(mine, "withdrawn", JUNE, withdraws=row.key)
        self.assertEqual(self.count("U-4", JUNE), NONE.format("U-4"))

    def test_of_a_platform_no_plan_is_known(self):
        """A subscription that a platform bills is meant, whatever is in it."""
        self.tell(self.platform, self.subscription())
        self.assertEqual(self.count("U-1", JUNE), "U-1 counted")
        self.assertEqual(self.records.subscription_id, self.find())

    def test_many_cost_no_more_queries(self):
        """It is found by the statement that stores."""
        self.subscribe(self.ada, self.metered, MAY)
        spent = []
        for number in (1, 1, 60):
            before = self.env.cr.sql_log_count
            self.use(
                *(
                    self.record(f"U-{before}-{each}", at=JUNE, subscription="")
                    for each in range(number)
                )
            )
            spent.append(self.env.cr.sql_log_count - before)
        self.assertEqual(set(self.records.mapped("state")), {"counted"})
        self.assertEqual(len(self.records), 62)
        self.assertEqual(spent[1], spent[2])
