"""Whatever a life is and in whatever order it is told, it costs the price times the
time that it was held, to the cent.

Covers canonical/subscriptions/lifecycle, canonical/subscriptions/period,
canonical/subscriptions/target and canonical/subscriptions/difference.

The suite plays 200 lives; ``FULL=1`` plays 10,000. ``SEED`` begins with another one.
"""

import os
import random
from datetime import timedelta
from itertools import pairwise

from odoo.tests import BaseCase, tagged

from ...canonical.subscriptions.lifecycle import State, fold
from ...canonical.subscriptions.period import find_periods
from ...canonical.subscriptions.target import find_rhythms
from .biller import Biller, count_days
from .lives import make_components, make_life

_LIVES = 10_000 if os.environ.get("FULL") else 200
_SEED = int(os.environ.get("SEED") or 20261128)


@tagged("post_install", "-at_install")
class TestLives(BaseCase):
    """Random lives keep what no single example can show."""

    def _play(self, proration="day"):
        """Yield lives: its name, a generator of chance, what is billed, and the
        life.
        """
        for number in range(_LIVES):
            chance = random.Random(f"{_SEED}-{number}-{proration}")
            components, prices = make_components(chance, proration)
            changes, end = make_life(chance)
            yield f"life {number}", chance, components, prices, changes, end

    def test_charges_are_price_times_time(self):
        """Billed again and again as it becomes known, each period sums to what its days
        cost, which a count of days tells.
        """
        for name, chance, components, prices, changes, end in self._play():
            biller = Biller(prices, components)
            known = []
            for told in changes:
                known.append(told)
                if chance.random() < 0.7:
                    biller.bill(known, told.known_at)
            biller.bill(changes, end)
            self.assertEqual(biller.bill(changes, end), [], name)
            sums = biller.sums(changes, end)
            self.assertEqual(sums, count_days(changes, biller, end), name)

    def test_any_order_makes_the_same_charges(self):
        """Told in any order, with repeats, and billed at any time: the same in the end,
        for each unit of each period.
        """
        for proration in ("day", "second"):
            for name, chance, components, prices, changes, end in self._play(proration):
                once = Biller(prices, components)
                once.bill(changes, end)
                again = Biller(prices, components)
                known, shuffled = [], [*changes, *chance.choices(changes, k=3)]
                chance.shuffle(shuffled)
                for told in shuffled:
                    known.append(told)
                    again.bill(known, end - timedelta(days=chance.randrange(100)))
                again.bill(known, end)
                sums = once.sums(changes, end)
                self.assertEqual(sums, again.sums(changes, end), name)
                if proration == "day":
                    units = once.by_unit(changes, end)
                    self.assertEqual(units, again.by_unit(changes, end), name)

    def test_replaced_or_adjusted(self):
        """To replace what was billed comes to what adjusting it comes to, for each
        day.
        """
        for name, _chance, components, prices, changes, end in self._play():
            told = []
            for policy in ("adjust", "replace"):
                biller = Biller(prices, components, policy)
                known = []
                for one in changes:
                    known.append(one)
                    biller.bill(known, one.known_at)
                biller.bill(changes, end)
                told.append(biller.by_unit(changes, end))
            self.assertEqual(*told, name)

    def test_lives_have_no_gap(self):
        """Segments follow each other, and nothing comes after the end."""
        for name, _chance, _components, _prices, changes, _end in self._play():
            segments = fold(changes).segments
            for one, following in pairwise(segments):
                self.assertEqual(one.end, following.start, name)
                self.assertLess(one.start, following.start, name)
                self.assertNotEqual(one.state, State.CANCELED, name)
            if segments:
                self.assertIsNone(segments[-1].end, name)

    def test_periods_have_no_gap(self):
        """Periods follow each other through all changes of time zone."""
        for name, _chance, components, _prices, changes, end in self._play():
            segments = fold(changes).segments
            for component in components:
                rhythms = find_rhythms(
                    segments, component.cadence, component.is_calendar
                )
                if not rhythms:
                    continue
                periods = [*find_periods(rhythms, segments[0].start, end)]
                for one, following in pairwise(periods):
                    self.assertEqual(one.end, following.start, name)
                    self.assertLess(one.start, one.end, name)
                    self.assertGreaterEqual(one.start, one.full_start, name)
