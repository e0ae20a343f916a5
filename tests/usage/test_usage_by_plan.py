"""Usage that names no subscription is of the only one whose plan has its meter.

Covers handlers/usage/usage.
"""

from odoo.tests import tagged

from ...canonical import facts
from ...canonical.moments import naive
from ..billing.common import BillingCommon, at
from ..support.session import create_person
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

    def begin_by_hand(self, version):
        """Have a person begin a subscription of a plan in May."""
        action = self.ada.action_start_subscription()
        forms = self.env[action["res_model"]].with_context(**action["context"])
        forms.create(
            {"plan_version_id": version.id, "moment": naive(MAY), "reference": "S-9"}
        ).action_apply()

    def begin_by_event(self, plan):
        """Have a sender tell of one."""
        self.tell(
            self.platform,
            facts.SubscriptionChange(
                external_id="begun",
                customer="C-1",
                subscription="S-9",
                change="activated",
                effective_at=MAY,
                known_at=JUNE,
                holding=facts.Holding(plan=plan, currency="USD"),
            ),
        )

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
        self.assertIn("sell such a plan", self.records.next_step)
        self.assertIn("Set Aside", self.records.next_step)
        self.assertEqual(self.calls.waiting_count, 1)

    def test_such_a_plan_begins_by_hand(self):
        """What waited is counted by that alone."""
        self.subscribe(self.ada, self.pro, MAY)
        self.assertEqual(self.count("U-1", JUNE), NONE.format("U-1"))
        self.begin_by_hand(self.metered)
        self.assertEqual(self.states(), ["U-1 counted"])
        self.assertEqual(self.records.subscription_id, self.find("S-9"))
        self.check_whole()

    def test_such_a_plan_begins_by_an_event(self):
        self.subscribe(self.ada, self.pro, MAY)
        self.assertEqual(self.count("U-1", JUNE), NONE.format("U-1"))
        self.begin_by_event("max")
        self.assertEqual(self.states(), [NONE.format("U-1")])
        self.tell(
            self.platform,
            facts.SubscriptionChange(
                external_id="upgraded",
                customer="C-1",
                subscription="S-9",
                change="changed",
                effective_at=JUNE,
                known_at=JUNE,
                holding=facts.Holding(plan="metered", currency="USD"),
            ),
        )
        self.assertEqual(self.states(), ["U-1 counted"])
        self.assertEqual(self.records.subscription_id, self.find("S-9"))

    def test_set_aside_by_a_person(self):
        """Nobody sells such a plan: a reviewer says so, and it waits no more."""
        self.subscribe(self.ada, self.pro, MAY)
        self.count("U-1", JUNE)
        reviewer = create_person(self, "by_plan_reviewer", "reviewer")
        record = self.records.with_user(reviewer)
        action = record.with_context(
            allowed_company_ids=self.company.ids
        ).action_set_aside()
        forms = record.env[action["res_model"]].with_context(**action["context"])
        forms.create({"note": "A trial of theirs"}).action_apply()
        self.assertEqual(self.states(), ["U-1 superseded set_aside"])
        self.assertIn("There is nothing to do", self.records.next_step)
        self.begin_by_hand(self.metered)
        self.assertEqual(self.states(), ["U-1 superseded set_aside"])
        self.check_whole()

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
