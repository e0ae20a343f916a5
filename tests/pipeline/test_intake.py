"""What is stored of a request, and how the books are proved by it.

Covers models/source/intake, models/inbox/delivery, models/inbox/envelope,
models/log/sync_log.
"""

import hashlib
import json
from dataclasses import replace

from odoo.tests import new_test_user, tagged

from ...canonical.border.inbound import Arrival, Inbound
from ..support import stripe_fixtures
from ..support.common import SaasCommon


class IntakeCommon(SaasCommon):
    """Events to be stored as one request brings them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.adapter = cls.source._get_adapter()
        cls.payload = stripe_fixtures.load("basil", "customer.created")

    def _arrive(self, number, customer=None, **changes):
        payload = json.loads(json.dumps(self.payload))
        payload["id"] = f"evt_{number}"
        body = json.dumps({**payload, **changes}).encode()
        envelope = self.adapter._identify(payload)
        if customer is not None:
            envelope = replace(envelope, customer=customer)
        return Arrival(envelope, body)

    def _inbound(self, arrivals):
        body = b"[" + b",".join(arrival.body for arrival in arrivals) + b"]"
        headers = {"content-type": "application/json", "authorization": "Basic c2Vj"}
        return Inbound("POST", "https://here.example/saas/webhook/x", headers, body)

    def _store(self, arrivals, inbound=None):
        return self.source._store_events(arrivals, inbound or self._inbound(arrivals))


@tagged("post_install", "-at_install")
class TestIntake(IntakeCommon):
    """Each event of a request has an identity, a lane and a proof of its own."""

    def test_many(self):
        """All are stored, in order, each double once, and the request once."""
        arrivals = [self._arrive(n, customer="") for n in range(1000)]
        again = [arrivals[3], *arrivals, arrivals[999]]
        events = self._store(again)
        self.assertEqual(len(events), 1000)
        self.assertEqual(
            [e.external_id for e in events][:3], ["evt_3", "evt_0", "evt_1"]
        )
        self.assertEqual(len(events.delivery_id), 1)
        delivery = events.delivery_id
        self.assertEqual(delivery.event_count, 1002)
        self.assertEqual(delivery.headers, {"content-type": "application/json"})
        body = self._inbound(again).body
        self.assertEqual(delivery.body_hash, hashlib.sha256(body).hexdigest())
        self.assertEqual(delivery.sudo().with_context(bin_size=False).body, body)
        # The next request brings one new event, and its own bytes.
        more = self._store([*arrivals[:5], self._arrive("new")])
        self.assertEqual(more.mapped("external_id"), ["evt_new"])
        self.assertNotEqual(more.delivery_id, delivery)
        # One that brings nothing new leaves nothing.
        before = self.env["saas.delivery"].search_count([])
        self.assertFalse(self._store(arrivals[:5]))
        self.assertEqual(self.env["saas.delivery"].search_count([]), before)

    def test_one(self):
        """A request with one event has its bytes in that event alone."""
        arrival = self._arrive(1)
        inbound = Inbound("POST", "https://here.example", {}, arrival.body)
        event = self._store([arrival], inbound)
        self.assertFalse(event.delivery_id.sudo().body)
        self.assertEqual(event.delivery_id.body_hash, event.body_hash)
        self.assertEqual(event.body_hash, hashlib.sha256(arrival.body).hexdigest())

    def test_envelope(self):
        """What the envelope said is kept: the drain needs nothing else for it."""
        arrival = self._arrive(1, account="acct_1", livemode=True)
        envelope = replace(arrival.envelope, account="acct_1", livemode=True)
        event = self._store([Arrival(envelope, arrival.body)])
        self.assertEqual((event.mode, event.account_ref), ("live", "acct_1"))
        self.assertEqual(event._get_envelope(), envelope)
        self.drain()
        self.assertEqual(event.reason, "wrong_mode")

    def test_lanes(self):
        """A lane is an event's: one customer's flood doesn't slow the others of the
        same request down.
        """
        flood = [self._arrive(f"a{n}", customer="cus_flood") for n in range(30)]
        single = self._arrive("b", customer="cus_single")
        bulk = self._arrive("c", customer="cus_single")
        bulk = Arrival(replace(bulk.envelope, bulk=True), bulk.body)
        events = self._store([*flood, single, bulk])
        lanes = dict(zip(events.mapped("external_id"), events, strict=True))
        urgent = [e for e in events if e.lane == "realtime"]
        self.assertEqual(len(urgent), 21)
        self.assertEqual(lanes["evt_b"].lane, "realtime")
        self.assertEqual(lanes["evt_c"].lane, "batch")
        self.assertEqual(lanes["evt_a29"].lane, "batch")
        # Those that wait count.
        late = self._store([self._arrive("d", customer="cus_flood")])
        self.assertEqual(late.lane, "batch")

    def test_other_content(self):
        """One id with two contents, in one request or two: the first is processed, and
        a person says whether the other counts as well.
        """
        self.patch(type(self.adapter), "_id_fixes_content", True)
        first = self._arrive(1)
        other = self._arrive(1, pending_webhooks=7)
        third = self._arrive(1, pending_webhooks=8)
        events = self._store([first, other, first])
        events |= self._store([third, other, first])
        self.assertEqual(len(events), 3)
        original, *reused = events.sorted("id")
        self.assertEqual([e.same_id_event_id for e in reused], [original] * 2)
        self.drain()
        self.assertEqual(original.state, "done")
        self.assertEqual({e.reason for e in reused}, {"id_reused"})
        reviewer = new_test_user(
            self.env, "rita", groups="saas_billing_sync.group_saas_reviewer"
        )
        reused[0].with_user(reviewer).action_accept_content()
        self.drain()
        self.assertEqual([e.state for e in reused], ["done", "quarantined"])
        accepted = reused[0].log_ids.filtered(lambda r: r.action == "content_accepted")
        self.assertEqual(accepted.actor, reviewer.login)

    def test_same_content_is_a_double(self):
        """A system that may send one event in two ways isn't asked about it."""
        first, other = self._arrive(1), self._arrive(1, pending_webhooks=7)
        self.assertEqual(len(self._store([first, other])), 1)


@tagged("post_install", "-at_install")
class TestProof(IntakeCommon):
    """The log's chain reaches from the bytes received to what was booked."""

    def setUp(self):
        super().setUp()
        self.events = self._store([self._arrive(n) for n in range(3)])
        self.drain()

    def _verify(self):
        return self.env["saas.sync.log"]._verify_chain(self.source)

    def _get_state_row(self, event):
        return event.log_ids.filtered("content_hash")[:1]

    def test_whole(self):
        self.assertEqual(self._verify(), 0)
        event, delivery = self.events[1], self.events.delivery_id
        self.assertEqual(
            self._get_state_row(event).content_hash,
            f"{event.body_hash}@{delivery.body_hash}",
        )

    def test_changed_event(self):
        """Bytes that somebody changed in the database are found by number."""
        row = self._get_state_row(self.events[1])
        self.env.cr.execute(
            "UPDATE saas_subscription_event SET body = body || '\\x20' WHERE id = %s",
            (self.events[1].id,),
        )
        self.assertEqual(self._verify(), row.sequence)

    def test_changed_request(self):
        self.env.cr.execute("UPDATE saas_delivery SET body = body || '\\x20'")
        rows = self.events.log_ids.filtered("content_hash")
        self.assertEqual(self._verify(), min(rows.mapped("sequence")))

    def test_changed_hash(self):
        """Nor does it help to change the hash that the log keeps."""
        row = self._get_state_row(self.events[1])
        self.env.cr.execute(
            """ALTER TABLE saas_sync_log DISABLE TRIGGER saas_sync_log_refuse_change;
               UPDATE saas_sync_log SET content_hash = NULL WHERE id = %s;
               ALTER TABLE saas_sync_log ENABLE TRIGGER saas_sync_log_refuse_change""",
            (row.id,),
        )
        self.assertEqual(self._verify(), row.sequence)
