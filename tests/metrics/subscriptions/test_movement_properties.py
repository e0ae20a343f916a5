"""What is so of the movements of any lives, and of what is booked of them.

Covers canonical/metrics/movement and canonical/metrics/ledger.
"""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.tests import BaseCase, tagged

from ....canonical.metrics.ledger import find_postings
from ....canonical.metrics.movement import Kind, find_movements, measure
from .recurring_lives import NOW, ZONES, Seller, add_up

_LIVES = 200


@tagged("post_install", "-at_install")
class TestMovementProperties(BaseCase):
    """What is so of any lives."""

    def test_random_lives(self):
        for seed in range(_LIVES):
            chance = random.Random(seed)
            seller = Seller(chance)
            zone = chance.choice(ZONES)
            with self.subTest(seed=seed, zone=zone):
                self._check(chance, seller, zone)

    def _check(self, chance, seller, zone):
        levels = seller.find_levels()
        movements = find_movements(levels, zone, NOW)
        self._check_months(levels, movements, zone)
        plans = add_up(movements, "plan", "currency")
        total = add_up(movements, "currency")
        for (currency,), amount in total.items():
            by_plan = [a for (_p, code), a in plans.items() if code == currency]
            self.assertEqual(sum(by_plan), amount)
        transfers = [m for m in movements if m.place.kind == Kind.TRANSFER]
        self.assertEqual(add_up(transfers, "at", "currency"), {})
        for own in self._count_plans(movements):
            self.assertIn(own, (0, 1))
        again = find_movements(seller.find_levels(chance), zone, NOW)
        self.assertEqual(again, movements)
        self._check_ledger(chance, levels, movements, zone)

    def _count_plans(self, movements):
        """Return how often the tenant is counted for each plan in the end."""
        counts = Counter()
        for movement in movements:
            counts[movement.place.plan] += movement.amounts.tenants
        return counts.values()

    def _check_months(self, levels, movements, zone):
        """The closing of each month is what the lives are worth at its end."""
        moment = datetime(2027, 1, 1, tzinfo=ZoneInfo(zone))
        months = [moment.replace(month=m) for m in range(2, 13)]
        months += [moment.replace(year=2028, month=m) for m in range(1, 5)]
        for end in months:
            closing = sum(m.amounts.month for m in movements if m.day < end.date())
            last = [
                next((x for x in own[::-1] if x.at < end), None)
                for own in levels.values()
            ]
            fold = sum(measure(level).month for level in last if level)
            self.assertEqual(closing, fold, end)
            payers = sum(bool(level and level.amount) for level in last)
            self.assertEqual(bool(closing), bool(payers))
            tenants = [m.amounts.tenants for m in movements if m.day < end.date()]
            self.assertEqual(sum(tenants), bool(payers))

    def _check_ledger(self, chance, levels, movements, zone):
        """Whatever became known in whichever order, and whichever days were closed
        meanwhile: what is booked is what would be booked from nothing.
        """
        booked, closed, days = {}, None, []
        for _step in range(4):
            known = {
                number: own for number, own in levels.items() if chance.random() < 0.6
            }
            until = NOW - timedelta(days=chance.randint(0, 300))
            self._book(booked, days, find_movements(known, zone, until), closed)
            closed = chance.choice((closed, date(2027, chance.randint(2, 12), 28)))
        self._book(booked, days, movements, closed)
        self.assertFalse(find_postings(movements, list(booked.values()), closed))
        left = {p: m.amounts for p, m in booked.items() if any(m.amounts)}
        self.assertEqual(left, {m.place: m.amounts for m in movements})
        self.assertTrue(all(closed is None or day > closed for day, closed in days))

    def _book(self, booked, days, movements, closed):
        for posting in find_postings(movements, list(booked.values()), closed):
            movement = posting.movement
            days.append((posting.day, closed))
            known = booked.get(movement.place)
            self.assertEqual(posting.corrects, known is not None)
            if known:
                amounts = known.amounts.plus(movement.amounts)
                movement = movement._replace(amounts=amounts)
            booked[movement.place] = movement
