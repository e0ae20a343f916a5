"""In whatever order a life is told, how often and how late: one timeline, one state,
and each event ends alike.

Covers handlers/subscriptions/subscription_change and handlers/subscriptions/finder.
"""

import itertools
import json
import random
from datetime import timedelta

from odoo.tests import tagged

from ..standard.common import BATCH, SENDER, write_event
from ..support.books import Undo, read_event_states
from ..support.common import FULL, SEED
from .random_lives import Teller
from .selling import SellingCommon, at

_LIVES = 2000 if FULL else 200


@tagged("post_install", "-at_install", "saas_convergence")
class TestRandomSubscriptions(SellingCommon):
    def test_any_order(self):
        """Two hundred lives, told in order, and then shuffled, repeated and delayed."""
        lives = [Teller(random.Random(f"{SEED} {n}"), n).tell() for n in range(_LIVES)]
        told = [event for life in lives for event in life]
        told.sort(key=lambda event: event["time"])
        expected = self._run(told, random.Random(SEED))
        states = {state for state, _reason, _waiting in expected["events"].values()}
        self.assertLessEqual(states, {"done", "quarantined"})
        for number in range(2):
            chance = random.Random(f"{SEED} order {number}")
            again = [*told, *chance.choices(told, k=len(told) // 5)]
            chance.shuffle(again)
            found = self._run(again, chance)
            for part, want in expected.items():
                other = {
                    key: (value, found[part].get(key))
                    for key, value in want.items()
                    if found[part].get(key) != value
                }
                with self.subTest(seed=SEED, order=number, part=part):
                    self.assertFalse(dict([*other.items()][:2]), len(other))

    def _run(self, told, chance):
        """Tell events in requests of random size, and drain now and then; return what
        came of them, and leave nothing behind.
        """
        try:
            with self.env.cr.savepoint():
                self._meet_all(told)
                left = [json.dumps(event).encode() for event in told]
                while left:
                    size = chance.choice((1, 40, 150, 400))
                    request, left = left[:size], left[size:]
                    self.send(b"[" + b",".join(request) + b"]", {"Content-Type": BATCH})
                    if chance.random() < 0.4 or not left:
                        self.drain()
                self.assertWhole()
                raise Undo(self._read_all())
        except Undo as undo:
            self.env.invalidate_all()
            return undo.args[0]

    def _meet_all(self, told):
        refs = sorted({event["data"]["customer"] for event in told})
        parties = [
            write_event(
                "customer.upserted",
                {"id": ref, "name": ref, "email": f"{ref}@many.example"},
            )
            for ref in refs
        ]
        self.tell(*parties, batch=True)

    def _read_all(self):
        subscriptions = self.env["saas.subscription"].search([])
        names = {each: each.tenant_id.ref for each in subscriptions}
        self.assertEqual(len(set(names.values())), len(subscriptions))
        rows = subscriptions._read_segments()
        return {
            "timelines": {
                names[each]: [(s.start, s.end, s.state, s.terms) for s in rows[each]]
                for each in subscriptions
            },
            "standing": {
                names[each]: (
                    each.state,
                    each.period_start,
                    each.period_end,
                    each.date_end,
                    each.term_end,
                    each.held,
                )
                for each in subscriptions
            },
            "changes": {
                (names[row.subscription_id], row.key): (row.outcome, row.refusal)
                for row in subscriptions.change_ids
            },
            "events": {
                key: ended
                for key, ended in read_event_states(self.source).items()
                if key.startswith(f"{SENDER} L")
            },
        }


@tagged("post_install", "-at_install")
class TestOneTimeline(SellingCommon):
    def _tell_in_every_order(self, *told):
        """Return the timeline that events make, which each order makes."""
        found = None
        for order in itertools.permutations(told):
            with self.env.cr.savepoint() as savepoint:
                events = self.tell(*order)
                self.assertState(events, "done")
                timeline = self.timeline(self.find())
                self.assertEqual(len(self.env["saas.subscription"].search([])), 1)
                if found is None:
                    found = timeline
                self.assertEqual(timeline, found)
                savepoint.rollback()
            self.env.invalidate_all()
        return found

    def test_cancel_and_new_is_a_change(self):
        """One platform tells an amendment as a change, another as an end and a
        beginning: one subscription, one timeline.
        """
        moment = at(2026, 3, 1)
        as_change = self._tell_in_every_order(
            self.activate(), self.event("changed", moment, **self.held("8"))
        )
        as_new = self._tell_in_every_order(
            self.activate(),
            self.event("canceled", moment),
            self.event("activated", moment, "S-2", replaces="S-1", **self.held("8")),
        )
        self.assertEqual(as_new, as_change)

    def test_new_one_ends(self):
        moment, last = at(2026, 3, 1), at(2026, 6, 1)
        self._tell_in_every_order(
            self.activate(),
            self.event("canceled", moment),
            self.event("activated", moment, "S-2", replaces="S-1", **self.held("8")),
            self.event("canceled", last, "S-2"),
        )
        self.tell(
            self.activate(),
            self.event("canceled", moment),
            self.event("activated", moment, "S-2", replaces="S-1", **self.held("8")),
        )
        self.tell(self.event("canceled", last, "S-2"))
        self.assertEqual(self.find("S-1"), self.find("S-2"))
        self.assertEqual(
            self.states(self.find()),
            "2026-01-15 active, 2026-03-01 active, 2026-06-01 canceled",
        )

    def test_a_change_before_its_activation(self):
        """It waits for that, and counts in its place."""
        timeline = self._tell_in_every_order(
            self.activate(),
            self.event("changed", at(2026, 2, 1), **self.held("8")),
            self.event("paused", at(2026, 3, 1)),
        )
        self.assertEqual([row[1] for row in timeline], ["active", "active", "paused"])

    def test_before_its_customer(self):
        """It waits for whoever buys."""
        event = self.activate(ref="S-9", customer="C-9")
        stored = self.tell(event)
        self.assertState(stored, "parked")
        self.meet("C-9", "Southlight")
        self.drain()
        self.assertState(stored, "done")

    def test_late_for_good(self):
        """What waits too long for its activation is left to a person, and goes on when
        that comes after all.
        """
        event = self.tell(self.event("paused", at(2026, 3, 1)))
        event.received_at -= timedelta(hours=self.source.park_hours + 1)
        self.env["saas.source"]._cron_sweep()
        self.assertState(event, "quarantined", "missing_reference")
        self.tell(self.activate())
        self.assertState(event, "done")
        self.assertEqual(self.find().state, "paused")
