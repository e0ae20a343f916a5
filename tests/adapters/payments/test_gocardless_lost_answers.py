"""An order whose answer was lost is collected once, whenever and however it is sent
again, over real HTTP.

Covers adapters/gocardless/payments/collect and adapters/gocardless/client.
"""

import json
from dataclasses import replace
from unittest.mock import patch

from odoo.tests import tagged

from ....adapters.gocardless import client
from ....canonical.errors import Transient
from ....canonical.payments.collecting import Unclear
from .gocardless_collecting import GoCardlessCollectingCommon

#: A conflict while the first of two equal calls is at work: it names no object.
_AT_WORK = {
    "error": {
        "message": "A resource is being created with this idempotency key",
        "type": "invalid_state",
        "code": 409,
        "errors": [
            {
                "reason": "idempotent_creation_conflict",
                "message": "It is being created.",
                "links": {"conflicting_resource_id": None},
            }
        ],
    }
}


@tagged("post_install", "-at_install")
class TestGoCardlessLostAnswers(GoCardlessCollectingCommon):
    def test_equal_orders(self):
        order = self.make_order(self.mandate)
        answers = [self.collect(order) for _time in range(3)]
        self.assertEqual(len({answer.external_id for answer in answers}), 1)
        self.assertEqual(len(self.get_payments()), 1)

    def test_lost(self):
        """Each kind of answer that says not what was done: it was."""
        for number, fault in enumerate(
            (
                {"status": 500},
                {"status": 502, "body": "<html>"},
                {"status": 504, "body": '{"error": "Gateway time-out"}'},
                {"status": 422, "body": '{"error": {"type": "of_the_future"}}'},
            )
        ):
            order = self.make_order(self.mandate, number=number)
            self.lose(is_done=True, **fault)
            with self.subTest(fault):
                self.assertUnclear(order)
                found = self.find(order)
                self.assertPending(found)
                self.assertPending(self.collect(order), found.external_id)
                self.assertEqual(len(self.get_payments()), number + 1)

    def test_time_out_after_the_work(self):
        order = self.make_order(self.mandate)
        self.lose(status=0, delay=1, is_done=True)
        with patch.object(client, "TIMEOUT", 0.3):
            self.assertUnclear(order)
        self.assertPending(self.collect(order))
        self.assertEqual(len(self.get_payments()), 1)

    def test_trouble_before_the_work(self):
        order = self.make_order(self.mandate)
        self.lose(status=500)
        self.assertUnclear(order)
        self.assertIsNone(self.find(order))
        self.assertPending(self.collect(order))
        self.assertEqual(len(self.get_payments()), 1)

    def test_equal_call_at_work(self):
        order = self.make_order(self.mandate)
        self.lose(status=409, body=json.dumps(_AT_WORK))
        self.assertUnclear(order)
        self.assertFalse(self.get_payments())

    def test_after_the_life_of_the_key(self):
        """The key would collect again: the order is found by its label, also if its
        mandate isn't known here.
        """
        order = self.make_order(self.mandate)
        first = self.collect(order)
        self.account.keys.clear()
        self.assertPending(self.find(replace(order, mandates=())), first.external_id)
        second = self.collect(order)
        self.assertNotEqual(second.external_id, first.external_id)

    def test_other_orders_are_not_found(self):
        self.collect(self.make_order(self.mandate, number=2))
        self.assertIsNone(self.find(self.make_order(self.mandate)))

    def test_too_many_calls(self):
        """Nothing was done."""
        order = self.make_order(self.mandate)
        self.lose(status=429, headers={"Retry-After": "40"})
        with self.assertRaises(Transient) as caught:
            self.collect(order)
        self.assertNotIsInstance(caught.exception, Unclear)
        self.assertFalse(self.get_payments())

    def test_each_call_is_made_once(self):
        self.lose(status=502, body="<html>", times=9)
        self.assertUnclear(self.make_order(self.mandate))
        self.assertEqual(len(self.gocardless.calls), 1)
