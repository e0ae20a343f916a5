"""A customer without a mandate gives one on a page of GoCardless', and pays by it.

Covers adapters/gocardless/payments/page.
"""

from dataclasses import replace

import gocardless_pro
from gocardless_pro import resources

from odoo.tests import tagged

from ....canonical.payments.collecting import CollectionReason, CollectionState
from ....dev.make_believe.gocardless.api import TOKEN
from .gocardless_collecting import GoCardlessCollectingCommon


@tagged("post_install", "-at_install")
class TestGoCardlessPage(GoCardlessCollectingCommon):
    def test_no_mandate(self):
        order = self.make_order()
        answer = self.collect(order)
        self.assertOffered(answer, CollectionReason.NO_MANDATE)
        self.assertEqual((answer.link_until - self.account.at).days, 6)
        request = self.account.get("billing_requests", answer.link_ref)
        self.assertEqual(request["links"]["customer"], self.customer)
        self.assertEqual(request["metadata"], dict(order.labels))
        self.assertEqual(request["mandate_request"]["scheme"], "bacs")
        self.assertFalse(self.get_payments())

    def test_mandate_in_another_currency(self):
        order = self.make_order(self.mandate, currency="EUR")
        self.assertOffered(self.collect(order), CollectionReason.NO_MANDATE)

    def test_mandate_that_has_ended(self):
        for scenario in ("mandate_cancelled", "mandate_failed", "mandate_expired"):
            mandate = self.account.add_mandate(self.customer)
            self.play(scenario, mandate)
            order = self.make_order(mandate, number=scenario)
            with self.subTest(scenario):
                ended = CollectionReason.MANDATE_ENDED
                self.assertOffered(self.collect(order), ended)

    def test_mandate_that_has_ended_unseen(self):
        """The mirror is behind: GoCardless says that it has ended."""
        order = self.make_order(self.mandate)
        self.play("mandate_cancelled", self.mandate)
        ended = CollectionReason.MANDATE_ENDED
        self.assertOffered(self.collect(order), ended, "cancelled or expired")
        self.assertFalse(self.get_payments())

    def test_mandate_that_was_replaced_unseen(self):
        order = self.make_order(self.mandate)
        self.play("mandate_replaced", self.mandate)
        self.assertPending(self.collect(order))
        [payment] = self.get_payments()
        self.assertNotEqual(payment["links"]["mandate"], self.mandate)

    def test_mandate_that_was_given(self):
        """The same order is collected by it, also before the mirror has it."""
        order = self.make_order()
        answer = self.collect(order)
        mandate = self.play_fulfilled(answer.link_ref)
        first = self.collect(order)
        self.assertPending(first)
        later = self.collect(self.make_order(mandate))
        self.assertPending(later, first.external_id)
        [payment] = self.get_payments()
        self.assertEqual(payment["links"]["mandate"], mandate)

    def play_fulfilled(self, ref):
        """Have the customer give the mandate; return its id."""
        self.play("billing_request_fulfilled", ref)
        request = self.account.get("billing_requests", ref)
        return request["links"]["mandate_request_mandate"]

    def test_page_that_was_lost(self):
        """There is one request, and each page leads to it."""
        order = self.make_order()
        self.lose("billing_request_flows", status=502, body="<html>")
        self.assertUnclear(order)
        self.assertOffered(self.collect(order), CollectionReason.NO_MANDATE)
        self.assertEqual(len(self.account.objects["billing_requests"]), 1)

    def test_withdraw(self):
        order = self.make_order()
        order = replace(order, link_ref=self.collect(order).link_ref)
        for _time in range(2):
            answer = self.withdraw(order)
            self.assertEqual(answer.state, CollectionState.CANCELED)
        request = self.account.get("billing_requests", order.link_ref)
        self.assertEqual(request["status"], "cancelled")

    def test_withdraw_too_late(self):
        """A mandate was given: no money comes by that, until it is collected."""
        order = self.make_order()
        order = replace(order, link_ref=self.collect(order).link_ref)
        self.play_fulfilled(order.link_ref)
        self.assertEqual(self.withdraw(order).state, CollectionState.CANCELED)
        paid = self.collect(order)
        self.assertPending(self.withdraw(order), paid.external_id)

    def test_withdraw_nothing(self):
        answer = self.withdraw(self.make_order())
        self.assertEqual(answer.state, CollectionState.CANCELED)

    # -- the counterpart -----------------------------------------------------------

    def test_library_knows_all_keys(self):
        own = gocardless_pro.Client(TOKEN, base_url=self.gocardless.url)
        asked = {"mandate_request": {"currency": "EUR"}}
        request = own.billing_requests.create(asked)
        flow = own.billing_request_flows.create(
            {"links": {"billing_request": request.id}}
        )
        for known, made in (
            (resources.BillingRequest, request),
            (resources.BillingRequestFlow, flow),
        ):
            for key in made.attributes:
                self.assertIsInstance(getattr(known, key, None), property, key)
