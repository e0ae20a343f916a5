"""Covers adapters/stripe/wrapped."""

from odoo.tests import tagged

from ...adapters.stripe.wrapped import wrap
from ..support import stripe_fixtures
from ..support.common import SaasCommon

_BATCH = 16


@tagged("post_install", "-at_install")
class TestLanes(SaasCommon):
    """Who is in a hurry does not wait behind who is not, and nobody waits for ever."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = stripe_fixtures.load("basil", "customer.updated")

    def setUp(self):
        super().setUp()
        self.patch(self.env.registry["saas.drain"], "_batch_size", _BATCH)

    def _make(self, customer, number):
        data = {**self.customer["data"]["object"], "id": customer, "tax_ids": None}
        data.update(email=f"{customer}@example.com", phone=None)
        event = {"id": f"evt_{customer}_{number}", "data": {"object": data}}
        return {**self.customer, **event}

    def _pull(self, number):
        data = self._make(f"cus_pulled{number}", 0)["data"]["object"]
        return wrap(data, "2025-09-30.clover", False, 1767225600)

    def _drain_once(self):
        self.source._job_drain()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_a_flood_starves_nobody(self):
        flood = self.store(*(self._make("cus_flood", n) for n in range(10 * _BATCH)))
        other = self.store(self._make("cus_other", 0))
        allowance = self.source._customer_allowance
        self.assertEqual(len(flood.filtered(lambda e: e.lane == "realtime")), allowance)
        self.assertEqual(other.lane, "realtime")
        for _drain in range(2):
            self._drain_once()
        self.assertState(other, "done")
        self.drain()
        self.assertState(flood, "done")

    def test_pulled_objects_let_events_pass(self):
        pulled = self.store(*(self._pull(n) for n in range(4 * _BATCH)))
        self.assertEqual(set(pulled.mapped("lane")), {"batch"})
        sent = self.store(*(self._make(f"cus_{n}", 0) for n in range(_BATCH // 2)))
        self._drain_once()
        self.assertState(sent, "done")
        # What room there was they got.
        done = pulled.filtered(lambda event: event.state == "done")
        self.assertEqual(done, pulled[: _BATCH // 2])

    def test_the_batch_lane_has_its_part(self):
        self.store(*(self._make(f"cus_{n}", 0) for n in range(3 * _BATCH)))
        pulled = self.store(self._pull(0))
        self._drain_once()
        self.assertState(pulled, "done")

    def test_isolation_is_by_age_alone(self):
        """After a drain that never ended its events are taken again, oldest first."""
        pulled = self.store(*(self._pull(n) for n in range(2)))
        self.store(*(self._make(f"cus_{n}", 0) for n in range(_BATCH)))
        drain = self.env["saas.drain"]
        self.assertEqual(drain._claim(self.source, 2, in_order=True), pulled)

    def test_a_customer_that_is_none(self):
        """What can't be read as a customer is the drain's to say."""
        odd = self._make("cus_odd", 0)
        for number, value in enumerate((["x"], {"id": 3}, "x" * 3000, None)):
            odd["data"]["object"] = {"object": "invoice", "customer": value}
            [event] = self.store({**odd, "id": f"evt_odd{number}"})
            self.assertFalse(event.customer_ref)
