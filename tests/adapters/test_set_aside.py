"""Whatever a source sends is kept, and says why nothing was booked from it.

Covers adapters/stripe/unbooked.
"""

from ast import literal_eval

from lxml import etree

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestSetAside(SaasCommon):
    def _event(self, event_type):
        event = stripe_fixtures.load("basil", "customer.created")
        event["id"] = f"evt_{event_type.replace('.', '_')}"
        event["type"] = event_type
        event["data"]["object"] = {"id": "xx_1", "object": event_type.split(".")[0]}
        return event

    def _search_by_filter(self, name):
        """Return the events that a filter of the list shows."""
        events = self.env["saas.subscription.event"]
        arch = etree.fromstring(events.get_view(view_type="search")["arch"])
        [node] = arch.xpath(f"//filter[@name='{name}']")
        return events.search(literal_eval(node.get("domain")))

    def test_money_that_is_not_booked_is_named(self):
        for event_type, word in (
            ("issuing_transaction.created", "card"),
            ("treasury.received_credit.created", "financial account"),
            ("climate.order.created", "climate order"),
        ):
            with self.subTest(event_type=event_type):
                event = self.deliver(self._event(event_type))
                self.assertState(event, "ignored", "money_not_booked")
                self.assertIn(word, event.detail)
                self.assertEqual(event.actor, "reviewer")
                self.assertTrue(event.next_step)

    def test_types_without_anything_to_book_say_so(self):
        for event_type, word in (
            ("balance.available", "balance"),
            ("capital.something", "balance"),
            ("coupon.created", "coupon"),
            ("promotion_code.updated", "promotion code"),
            ("customer.discount.created", "discount"),
            ("subscription_schedule.aborted", "schedule"),
            ("something.new", "something.new"),
        ):
            with self.subTest(event_type=event_type):
                event = self.deliver(self._event(event_type))
                self.assertState(event, "ignored", "unsupported_type")
                self.assertIn(word, event.detail)

    def test_people_find_them(self):
        money = self.deliver(self._event("climate.order.created"))
        other = self.deliver(self._event("coupon.created"))
        for name, expected in (("money_not_booked", money), ("not_handled", other)):
            self.assertEqual(self._search_by_filter(name), expected)

    def test_retried_once_it_is_handled(self):
        """An event from before an update goes through after it."""
        event = self.deliver(self._event("climate.order.created"))
        event.action_retry()
        self.drain()
        self.assertState(event, "ignored", "money_not_booked")
