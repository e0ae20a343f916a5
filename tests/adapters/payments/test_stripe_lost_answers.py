"""An order whose answer was lost is collected once, whenever and however it is sent
again, over real HTTP.

Covers adapters/stripe/payments/collect.
"""

import time
from unittest.mock import patch

from odoo.tests import tagged

from ....adapters.stripe import api as stripe_api
from ....canonical.errors import Later, Transient
from ....canonical.payments.collecting import (
    CollectionReason,
    CollectionState,
    Unclear,
)
from .collecting_order import make_order
from .stripe_collecting import CUSTOMER, StripeCollectingCommon

_INTENTS = r"/v1/payment_intents$"
_SESSIONS = r"/v1/checkout/sessions$"
_DAY = 24 * 3600


@tagged("post_install", "-at_install")
class TestStripeLostAnswers(StripeCollectingCommon):
    def setUp(self):
        super().setUp()
        self.save()
        self.order = make_order(CUSTOMER)

    def lose(self, path=_INTENTS, **fault):
        """Have the next answer to what writes go wrong; the work may be done."""
        self.api.fail(path=path, method="POST", **fault)

    def assertUnclear(self):
        with self.assertRaises(Unclear):
            self.collect(self.order)

    def assertOnce(self, ref):
        """Check that there is one intent that brings money."""
        self.assertEqual([intent["id"] for intent in self.get_intents()], [ref])

    def test_time_out_after_the_work(self):
        self.lose(delay=1, is_done=True)
        with patch.object(stripe_api, "TIMEOUT", 0.3):
            self.assertUnclear()
        again = self.collect(self.order)
        self.assertPending(again)
        self.assertOnce(again.external_id)
        self.assertPending(self.find(self.order), again.external_id)

    def test_answer_that_is_cut(self):
        self.lose(cut=20)
        self.assertUnclear()
        found = self.find(self.order)
        self.assertPending(found)
        self.assertPending(self.collect(self.order), found.external_id)
        self.assertOnce(found.external_id)

    def test_equal_call_at_work(self):
        """While Stripe is at work for the key, nothing is done for it again."""
        self.lose(delay=1.5)
        with patch.object(stripe_api, "TIMEOUT", 0.3):
            self.assertUnclear()
        self.assertUnclear()
        self.assertIsNone(self.find(self.order))
        time.sleep(2)
        answer = self.collect(self.order)
        self.assertPending(answer)
        self.assertOnce(answer.external_id)
        statuses = [call.status for call in self.get_posts("/v1/payment_intents")]
        self.assertEqual(sorted(statuses), [200, 200, 409])

    def test_trouble_before_the_work(self):
        self.lose(status=500)
        self.assertUnclear()
        self.assertIsNone(self.find(self.order))
        answer = self.collect(self.order)
        self.assertPending(answer)
        self.assertOnce(answer.external_id)

    def test_trouble_after_the_work(self):
        """Stripe repeats its own error for a day. What it has done is found."""
        self.lose(status=500, is_done=True)
        self.assertUnclear()
        self.assertUnclear()
        found = self.find(self.order)
        self.assertPending(found)
        self.assertOnce(found.external_id)

    def test_after_the_life_of_the_key(self):
        """The key would collect again: the order is found by its label."""
        first = self.collect(self.order)
        self.api.writes.ahead = _DAY
        self.assertPending(self.find(self.order), first.external_id)
        self.assertOnce(first.external_id)
        second = self.collect(self.order)
        self.assertNotEqual(second.external_id, first.external_id)

    def test_other_orders_are_not_found(self):
        self.collect(make_order(CUSTOMER, 2))
        self.assertIsNone(self.find(self.order))

    def test_found_among_many(self):
        """All pages of the customer's list are read."""
        first = self.collect(self.order)
        intent = self.api.get(first.external_id)
        others = [
            {**intent, "id": f"pi_other{n}", "metadata": {}, "created": 2**31}
            for n in range(150)
        ]
        self.api.put(*others)
        self.assertPending(self.find(self.order), first.external_id)

    def test_changed_under_a_key(self):
        """Another method since: Stripe refuses, and says not what it has done."""
        self.collect(self.order)
        self.save()
        self.assertUnclear()
        self.assertPending(self.find(self.order))

    # -- what was declined ---------------------------------------------------------

    def test_decline_that_was_lost(self):
        """It is found as declined, and ends as if the answer had come."""
        self.save("pm_card_visa_chargeDeclinedInsufficientFunds")
        self.lose(cut=20)
        self.assertUnclear()
        found = self.find(self.order)
        self.assertOffered(found, CollectionReason.FUNDS)
        again = self.collect(self.order)
        self.assertEqual(again, found)
        [intent] = self.get_intents()
        self.assertEqual(intent["status"], "canceled")

    def test_cancel_that_was_lost(self):
        self.save("pm_card_chargeDeclined")
        self.lose(path="/cancel$", status=500, is_done=True)
        self.assertUnclear()
        self.assertOffered(self.find(self.order), CollectionReason.DECLINED)

    def test_page_that_was_lost(self):
        """One page, however often it is asked for."""
        self.save("pm_card_chargeDeclined")
        self.lose(path=_SESSIONS, cut=20)
        self.assertUnclear()
        answers = [self.find(self.order), self.collect(self.order)]
        self.assertEqual(len({answer.link for answer in answers}), 1)

    def test_paid_since(self):
        """Beside what was declined there is what was paid on the page."""
        self.save("pm_card_chargeDeclined")
        answer = self.collect(self.order)
        page = self.api.writes.act("pay", session=answer.link_ref)
        self.assertPending(self.find(self.order), page["payment_intent"])

    def test_canceled_there(self):
        """A person has canceled it in Stripe's dashboard."""
        answer = self.collect(self.order)
        intent = self.api.get(answer.external_id)
        self.api.put({**intent, "status": "canceled"})
        found = self.find(self.order)
        self.assertEqual(
            (found.state, found.reason),
            (CollectionState.CANCELED, CollectionReason.CANCELED_THERE),
        )

    def test_end_of_a_page_that_was_lost(self):
        self.put_customer(invoice_settings={"default_payment_method": "pm_gone"})
        order = make_order(CUSTOMER, link_ref=self.collect(self.order).link_ref)
        self.lose(path="/expire$", cut=20)
        with self.assertRaises(Unclear):
            self.withdraw(order)
        self.assertEqual(self.withdraw(order).state, CollectionState.CANCELED)

    # -- what certainly was not done -----------------------------------------------

    def test_too_many_calls(self):
        """Nothing was done, and Stripe is called again when it wants to be."""
        for headers, error in (({"Retry-After": "40"}, Later), ({}, Transient)):
            self.lose(status=429, headers=headers)
            with self.assertRaises(error) as caught:
                self.collect(self.order)
            self.assertNotIsInstance(caught.exception, Unclear)
            if headers:
                self.assertEqual(caught.exception.seconds, 40)
        self.assertFalse(self.get_intents())

    def test_no_answer_to_a_question(self):
        """What was only read is no order that may have arrived."""
        self.api.fail(path="/v1/customers", status=500, times=9)
        with self.assertRaises(Transient) as caught:
            self.collect(self.order)
        self.assertNotIsInstance(caught.exception, Unclear)
        self.assertFalse(self.get_posts("/v1/payment_intents"))

    def test_each_call_is_made_once(self):
        """The library doesn't repeat it by itself."""
        self.lose(status=503, times=9)
        self.assertUnclear()
        self.assertEqual(len(self.get_posts("/v1/payment_intents")), 1)
