"""What each event does in each state, and that no order of events makes another life.

Covers canonical/subscriptions/lifecycle and canonical/subscriptions/states.
"""

import itertools
import random
from dataclasses import replace

from odoo.tests import BaseCase, tagged

from ...canonical.subscriptions.lifecycle import NEVER, WITHDRAWN, fold
from ...canonical.subscriptions.states import TABLE, Effect, Event, Refusal, State
from ..support.common import FULL, SEED
from .telling_lives import change, check_whole, day

_LIVES = 2000 if FULL else 300
#: What leads to each state, in order.
_WAYS = {
    State.NONE: (),
    State.PENDING: ((Event.AGREED, 0),),
    State.TRIALING: ((Event.ACTIVATED, 1),),
    State.ACTIVE: ((Event.ACTIVATED, 1),),
    State.PAUSED: ((Event.ACTIVATED, 1), (Event.PAUSED, 2)),
    State.CANCELED: ((Event.ACTIVATED, 1), (Event.CANCELED, 2)),
}


def lead_to(state):
    """Return the changes that lead to a state, as short a way as there is."""
    changes = [change(kind, moment, terms="A") for kind, moment in _WAYS[state]]
    if state == State.TRIALING:
        changes = [replace(changes[0], trial_end=day(50))]
    return changes


@tagged("post_install", "-at_install")
class TestTable(BaseCase):
    """Each event in each state does what the table says, and nothing else."""

    def test_every_cell_is_there(self):
        self.assertEqual(set(TABLE), set(State))
        for state, row in TABLE.items():
            self.assertEqual(set(row), set(Event), state)

    def test_each_way_leads_to_its_state(self):
        for state in set(State) - {State.NONE}:
            self.assertEqual(fold(lead_to(state)).at(day(9)).state, state)

    def test_each_cell(self):
        for state, row in TABLE.items():
            for kind, outcome in row.items():
                with self.subTest(state=state, kind=kind):
                    self._check_cell(state, kind, outcome)

    def _check_cell(self, state, kind, outcome):
        before, told = lead_to(state), change(kind, 10, "told", terms="B")
        life = fold([*before, told])
        if state == State.CANCELED and kind == Event.CANCELED:
            # The one that is known later says when it ends.
            self.assertEqual(life.refused, {"canceled 2": Refusal.SUPERSEDED})
            return
        now = life.at(day(10))
        if isinstance(outcome, Refusal):
            self.assertEqual(life.refused, {"told": outcome})
            self.assertEqual(life.segments, fold(before).segments)
        elif outcome == Effect.KEEP:
            self.assertEqual(life.segments, fold(before).segments)
            self.assertEqual(life.kept, {"told"})
        else:
            expected = state if outcome == Effect.TERMS else outcome
            self.assertEqual((now.state, now.terms), (expected, "B"))
            self.assertFalse(life.refused)

    def test_nothing_revives_a_canceled_one(self):
        """Whatever comes afterwards, and in whatever order it comes."""
        kinds = [*Event]
        for told in itertools.combinations(kinds, 3):
            later = [change(kind, 5 + i, known=5) for i, kind in enumerate(told)]
            later = [c for c in later if c.kind != Event.CANCELED]
            changes = [*lead_to(State.CANCELED), *later]
            for order in itertools.permutations(changes):
                life = fold(order)
                self.assertEqual(life.segments[-1].state, State.CANCELED)
                self.assertEqual(life.segments[-1].start, day(2))


@tagged("post_install", "-at_install")
class TestRandomLives(BaseCase):
    """Any order and any repeats make one life; and it is whole."""

    def test_any_order(self):
        for number in range(_LIVES):
            chance = random.Random(f"{SEED} {number}")
            told = make_life(chance)
            life = fold(told)
            with self.subTest(seed=SEED, life=number):
                check_whole(self, life)
                self._check_end(told, life)
                for _order in range(5):
                    again = [*told, *chance.choices(told, k=3)]
                    chance.shuffle(again)
                    self.assertEqual(fold(again), life)

    def _check_end(self, told, life):
        """After a cancellation there is nothing; each change is somewhere."""
        states = [segment.state for segment in life.segments]
        if State.CANCELED in states:
            self.assertEqual(states.index(State.CANCELED), len(states) - 1)
        keys = {each.key for each in told}
        self.assertLessEqual({*life.refused, *life.withdrawn}, keys)


def make_life(chance, length=12):
    """Return the changes of a random life: late, scheduled, withdrawn, back-dated."""
    told = [change("activated", 0, "first", terms="A")]
    for number in range(chance.randrange(length)):
        known = chance.randrange(100)
        kind = chance.choice([*Event, Event.CHANGED, Event.CHANGED, WITHDRAWN])
        values = {}
        if kind == WITHDRAWN:
            values["withdraws"] = chance.choice(told).key
        elif chance.random() < 0.6:
            values["terms"] = chance.choice("ABCD")
        if chance.random() < 0.2:
            values["trial_end"] = day(chance.randrange(100))
        if kind == Event.RENEWED:
            values["ends_at"] = chance.choice((NEVER, day(chance.randrange(200))))
        moment = chance.choice((known, known, chance.randrange(120)))
        told.append(change(kind, moment, f"c{number}", known, **values))
    return told
