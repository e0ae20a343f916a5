"""What can't be sold, or can't be so, has a typed reason and a way out; nothing of it
is half-written.

Covers handlers/subscriptions/subscription_change and handlers/subscriptions/finder.
"""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.session import create_person
from .selling import SellingCommon, at, sell


@tagged("post_install", "-at_install")
class TestSubscriptionRefused(SellingCommon):
    def assertRefused(self, event, reason, text=""):
        """Check that an event waits for a person, and that nothing is kept of it."""
        self.assertState(event, "quarantined", reason)
        self.assertIn(text, event.detail)
        self.assertTrue(event.next_step)
        self.assertFalse(
            self.env["saas.subscription.change"].search([("event_id", "=", event.id)])
        )
        self.assertFalse(self.find() and not self.find().change_ids)

    # -- what is sold -----------------------------------------------------------------

    def test_what_can_not_be_sold(self):
        """Each has its sentence, for who sets plans up."""
        draft = self.team.plan_id.version_ids.create({"plan_id": self.team.plan_id.id})
        self.assertEqual(draft.number, 2)
        for terms, text in (
            (self.held(plan="unknown"), "There is no plan with the code unknown"),
            ({**self.held(), "plan_version": 2}, "is a draft"),
            ({**self.held(), "plan_version": 9}, "has no version 9"),
            ({**self.held(plan="firm"), "currency": "EUR"}, "has no price in EUR"),
            ({**self.held(), "currency": "XXX"}, "no currency XXX"),
            (
                {**self.held(), "items": [{"component": "disks"}]},
                "has no component disks",
            ),
        ):
            with self.subTest(text), self.env.cr.savepoint() as savepoint:
                event = self.tell(self.activate(**terms))
                self.assertRefused(event, "unusable_plan", text)
                self.assertEqual(event.actor, "manager")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_not_sold_then(self):
        event = self.tell(self.activate(at(2024, 12, 1)))
        self.assertRefused(event, "unusable_plan", "is sold on 2024-12-01")

    def test_publishing_frees_all(self):
        """One cause, one case; and all that waited goes on when the plan is there."""
        self.meet("C-2", "Southlight")
        events = self.tell(
            self.activate(**self.held(plan="later")),
            self.activate(ref="S-2", customer="C-2", **self.held(plan="later")),
            self.event("paused", at(2026, 3, 1)),
        )
        self.assertState(events[:2], "quarantined", "unusable_plan")
        self.assertState(events[2], "parked")
        [case] = events[:2].case_link_ids.filtered("is_open").case_id
        self.assertEqual((case.cause_key, case.event_count), ("later", 2))
        manager = create_person(self, "sells", "manager")
        action = case.with_user(manager).sudo(False).action_open_plans()
        self.assertEqual(action["res_model"], "saas.plan")
        sell(self.company, self.product_a, self.usd, "later")
        self.drain()
        self.assertState(events, "done")
        self.assertEqual(case.state, "resolved")

    # -- values that can't be so
    # -----------------------------------------------------------

    def test_hostile_values(self):
        """No number, less than nothing, more than anything, times that are none."""
        for changes in (
            *(
                {"items": [{"component": "seats", "quantity": value}]}
                for value in (
                    *("-1", "1e3", "NaN", "Infinity", "1,5", "", " 5", "٣", 5, None),
                    "1" + "0" * 18,
                )
            ),
            {"items": [{"component": "seats"}, {"component": "seats"}]},
            {"items": [{"component": "calls", "quantity": "5"}]},
            {"items": "seats"},
            {"effective_at": "2026-02-30T00:00:00Z"},
            {"effective_at": "2026-01-15"},
            {"effective_at": at(2037, 1, 15)},
            {"trial_end": at(2040, 1, 15)},
            {"anchor": at(2010, 1, 1)},
            {"timezone": "Mars/Olympus"},
            {"timezone": "../../etc/passwd"},
            {"timezone": ""},
            {"term": {"months": -1}},
            {"term": {"months": 10**9}},
            {"term": {"ends_at": at(2025, 12, 1)}},
            {"term": {"months": 12, "ends_at": at(2099, 1, 1)}},
            {"plan_version": 0},
            {"plan_version": "1"},
            {"customer": ""},
            {"id": ""},
            {"purchase_order": "x" * 300},
        ):
            with self.subTest(changes), self.env.cr.savepoint() as savepoint:
                told = self.activate(at(2026, 1, 15))
                told["data"] |= changes
                event = self.tell(told)
                self.assertState(event, "quarantined", "invalid_payload")
                self.assertFalse(self.env["saas.subscription.change"].search([]))
                self.assertFalse(self.env["saas.subscription"].search([]))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_before_it_began(self):
        self.tell(self.activate())
        event = self.tell(
            self.event("changed", at(2026, 1, 1), told=at(2026, 2, 1), **self.held("8"))
        )
        self.assertState(event, "quarantined", "not_allowed")
        self.assertIn("had not been activated", event.detail)

    def test_of_another_customer(self):
        self.meet("C-2", "Southlight")
        self.tell(self.activate())
        for told in (
            self.event("paused", at(2026, 3, 1), customer="C-2"),
            self.activate(customer="C-2"),
            self.activate(ref="S-2", customer="C-2", replaces="S-1"),
        ):
            event = self.tell(told)
            self.assertRefused(event, "not_allowed", "is another customer's")
        self.assertEqual(len(self.find().change_ids), 1)

    def test_one_id_of_two_customers_at_once(self):
        self.meet("C-2", "Southlight")
        both = (self.activate(), self.activate(customer="C-2"))
        events = self.tell(*both, batch=True)
        self.assertState(events[0], "done")
        self.assertState(events[1], "quarantined", "not_allowed")

    def test_replaces_one_that_is_its_own(self):
        self.tell(self.activate(), self.activate(ref="S-2"))
        event = self.tell(self.activate(at(2026, 3, 1), ref="S-2", replaces="S-1"))
        self.assertRefused(event, "not_allowed", "each is a subscription of its own")

    def test_replaces_what_is_not_known(self):
        event = self.tell(self.activate(at(2026, 2, 1), ref="S-2", replaces="S-1"))
        self.assertState(event, "parked")
        self.assertEqual(event.waiting_for, "subscription:S-1")
        self.tell(self.activate())
        self.assertState(event, "done")

    def test_one_event_two_contents(self):
        """Accepted as another content, it is still no change of what is kept."""
        first = self.activate()
        self.tell(first)
        other = {**first, "data": {**first["data"], **self.held("9")}}
        event = self.tell(other)
        self.assertState(event, "quarantined", "id_reused")
        event.action_accept_content()
        self.drain()
        self.assertState(event, "quarantined", "invalid_payload")
        self.assertEqual(self.find().held["quantities"]["seats"], "5")

    def test_one_bad_event_of_many(self):
        """The others are kept as if it had not come."""
        events = self.env["saas.subscription.event"]
        told = []
        for number in range(2, 12):
            ref = f"C-{number}"
            self.meet(ref, f"Light {number}")
            terms = self.held(plan="unknown" if number == 5 else "team")
            told.append(self.activate(ref=f"S-{number}", customer=ref, **terms))
        events = self.tell(*told, batch=True)
        bad = events.filtered(lambda event: event.state != "done")
        self.assertEqual(len(bad), 1)
        self.assertState(bad, "quarantined", "unusable_plan")
        self.assertEqual(len(self.env["saas.subscription"].search([])), 9)
        self.assertWhole()

    # -- companies ---------------------------------------------------------------------

    def test_plans_of_another_company(self):
        """A code is a company's own."""
        other = self.setup_other_company(name="Other")["company"]
        sell(other, self.product_a, self.usd, "theirs")
        event = self.tell(self.activate(**self.held(plan="theirs")))
        self.assertRefused(event, "unusable_plan", "no plan with the code theirs")

    def test_open_subscription(self):
        """The next step leads to it, if it is known."""
        self.tell(self.activate(), self.event("canceled", at(2026, 3, 1)))
        event = self.tell(self.event("paused", at(2026, 4, 1)))
        reviewer = create_person(self, "reviews", "reviewer")
        action = event.with_user(reviewer).sudo(False).action_open_subscription()
        self.assertEqual(action["res_id"], self.find().id)
        unknown = self.tell(self.event("paused", at(2026, 4, 1), "S-9"))
        with self.assertRaises(UserError):
            unknown.action_open_subscription()
