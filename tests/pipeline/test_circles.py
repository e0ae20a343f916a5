from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.at_rest import AtRestMixin
from ..support.pulling import PullCommon


@tagged("post_install", "-at_install")
class TestCircles(AtRestMixin, PullCommon):
    """No event goes on for ever: without an arrival from outside it comes to rest, and
    in time to a person.
    """

    def _load_refunded(self, number=1, stated=None):
        """Return the event of a charge that lists its refund, as until 2022-11-15, and
        states that in all so much was refunded.
        """
        event = stripe_fixtures.load("before", "charge.refunded-with_refunds")
        event["id"] = f"evt_refunded_{number}"
        if stated:
            event["data"]["object"]["amount_refunded"] = stated
        return event

    def _deliver_needs(self):
        return self.deliver(
            stripe_fixtures.load("before", "customer.created"),
            stripe_fixtures.load("before", "charge.succeeded"),
        )

    def test_complete(self):
        """All it states is there: it is done at once."""
        self._deliver_needs()
        event = self.deliver(self._load_refunded())
        self.assertState(event, "done")
        self.assertAtRest()

    def test_short_list(self):
        """It waits for the other refund, not for the one it lists itself."""
        self._deliver_needs()
        event = self.deliver(self._load_refunded(stated=10_000))
        self.assertState(event, "parked")
        self.assertEqual(event.waiting_for.partition(":")[0], "refund_of")
        self.assertEqual(event.log_ids.mapped("action").count("event_parked"), 1)
        self.assertNotIn("event_received", event.log_ids.mapped("action"))
        self.assertAtRest()
        self.assertState(event, "quarantined", "missing_reference")
        self.assertEqual(event.actor, "reviewer")

    def test_short_list_asked(self):
        """The refunds that are missing are asked for, and it is done."""
        self._deliver_needs()
        payload = self._load_refunded(stated=10_000)
        [listed] = payload["data"]["object"]["refunds"]["data"]
        other = {**listed, "id": "re_1other", "amount": 10_000 - listed["amount"]}
        self.api.put(listed, other)
        event = self.deliver(payload)
        self.pass_time(11)
        self.env["saas.source"]._cron_sweep()
        self.run_jobs()
        self.assertState(event, "done")
        self.assertTrue(self.api.calls)
        self.assertAtRest()
        self.assertWhole()

    def test_before_its_payment(self):
        """What it brings once it goes on is new, and frees those that wait for it."""
        payloads = [self._load_refunded(n, stated=10_000) for n in (1, 2)]
        events = self.deliver(*payloads)
        self.assertState(events, "parked")
        self._deliver_needs()
        self.assertState(events, "parked")
        self.assertEqual(
            {event.waiting_for.partition(":")[0] for event in events}, {"refund_of"}
        )
        self.assertAtRest()

    def test_two_that_free_each_other(self):
        """Each brings what the other waits for, and neither is enough."""
        self._deliver_needs()
        first = self.deliver(self._load_refunded(1, stated=10_000))
        second = self.deliver(self._load_refunded(2, stated=10_000))
        self.assertState(first | second, "parked")
        for event in first | second:
            actions = event.log_ids.mapped("action")
            self.assertLessEqual(actions.count("event_received"), 1)
        self.assertAtRest()
        self.assertState(first | second, "quarantined", "missing_reference")

    def test_each_waits_for_the_other(self):
        """Nothing arrives, so nothing moves, and a person is asked."""
        events = self.deliver(
            stripe_fixtures.load("basil", "refund.created"),
            stripe_fixtures.load("basil", "charge.succeeded"),
        )
        self.assertState(events, "parked")
        self.assertAtRest()
        self.assertEqual(set(events.mapped("state")), {"quarantined"})

    def test_bound_and_not_what_is_needed(self):
        """The sweep frees what waits for something that is bound; once."""
        self._deliver_needs()
        event = self.deliver(self._load_refunded(stated=10_000))
        payment = event.waiting_for.partition(":")[2]
        self.env["saas.binding"].create(
            {
                "source_id": self.source.id,
                "kind": "refund_of",
                "external_id": payment,
            }
        )
        self.env["saas.source"]._cron_sweep()
        self.drain()
        self.assertEqual(event.log_ids.mapped("action").count("event_received"), 1)
        self.assertAtRest()
        self.assertState(event, "quarantined", "missing_reference")

    def test_arrivals_from_outside_count(self):
        """Each new refund frees it; the last one is what it has waited for."""
        self._deliver_needs()
        payload = self._load_refunded(stated=10_000)
        [listed] = payload["data"]["object"]["refunds"]["data"]
        event = self.deliver(payload)
        rest = 10_000 - listed["amount"]
        for number, amount in enumerate((1_000, rest - 1_000)):
            self.assertState(event, "parked")
            refund = stripe_fixtures.load("before", "refund.created")
            refund["id"] = f"evt_more_{number}"
            refund["data"]["object"].update(
                id=f"re_1more{number}",
                amount=amount,
                charge=listed["charge"],
                payment_intent=listed.get("payment_intent"),
            )
            self.deliver(refund)
        self.assertState(event, "done")
        self.assertAtRest()
        self.assertWhole()

    def test_told_out_of_order_in_one_batch(self):
        """What is applied after an event was decided frees it, in the same batch."""
        self._deliver_needs()
        payload = self._load_refunded()
        early = self._load_refunded(2)
        early["data"]["object"]["refunds"] = {"object": "list", "data": []}
        events = self.deliver(early, payload)
        self.assertState(events, "done")
        self.assertAtRest()
