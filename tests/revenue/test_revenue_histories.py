"""Random histories by the pure rules of canonical/revenue: services that are cut anew,
credited, given up and restored, months that are locked and opened again, and runs in
between. Whatever happened, what is booked is what is earned.
"""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from odoo.tests import BaseCase, tagged

from ...canonical.revenue.months import add_months, get_month
from ...canonical.revenue.plan import (
    add,
    earned_by,
    find_shares,
    find_total,
    make_parts,
)
from ...canonical.revenue.recut import Crediting, accelerate, credit, freeze
from ...canonical.revenue.rule import Policy, find_due
from ...canonical.revenue.span import Method

_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland")
_FIRST, _LAST = date(2024, 1, 1), date(2030, 1, 1)


class Book:
    """Schedules with their newest parts, what is booked of each, and the lock."""

    def __init__(self, rng):
        self.rng = rng
        self.zone = rng.choice(_ZONES)
        self.schedules = []
        self.rows = []
        self.locked_to = date.min

    def moment(self):
        """Return some instant of two years, often at the beginning of a day."""
        moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(self.rng.randrange(730))
        if self.rng.random() < 0.3:
            moment += timedelta(seconds=self.rng.randrange(86400))
        return moment

    def add(self):
        """Add a line, in two currencies."""
        start = self.moment()
        end = start + timedelta(self.rng.choice([0, 1, 20, 31, 90, 365, 366, 400]))
        amount = self.rng.choice([1, 7, 9999, 120000, 10**13 + 1])
        balance = amount * self.rng.choice([1, 3]) // 2
        method = self.rng.choice([*Method])
        parts = make_parts(start, end, self.zone, method, amount, balance)
        self.schedules.append([parts])

    def change(self):
        """Have something happen to one of the schedules."""
        versions = self.rng.choice(self.schedules)
        parts, moment = versions[-1], self.moment()
        what = self.rng.choice(["accelerate", "freeze", "restore", "credit", "move"])
        if what == "accelerate":
            versions.append(accelerate(parts, moment, self.zone))
        elif what == "freeze":
            versions.append(freeze(parts, moment))
        elif what == "restore":
            versions.append(versions[0])
        elif what == "move" and parts:
            amount, balance = find_total(parts)
            end = moment + timedelta(self.rng.randrange(400))
            method = self.rng.choice([*Method])
            versions.append(make_parts(moment, end, self.zone, method, amount, balance))
        elif what == "credit" and parts:
            amount, balance = (-x // 3 for x in find_total(parts))
            why = self.rng.choice([*Crediting])
            self.schedules.append(
                [credit(parts, amount, balance, moment, self.zone, why)]
            )

    def run(self, month, policy):
        """Book what is due up to a month; return what was booked."""
        new = []
        for number, versions in enumerate(self.schedules):
            booked = defaultdict(lambda: (0, 0))
            for row in self.rows:
                if row[0] == number:
                    booked[row[1].month] = add(
                        booked[row[1].month], (row[1].amount, row[1].balance)
                    )
            new += [
                (number, due)
                for due in find_due(
                    find_shares(versions[-1]), booked, month, self.is_locked, policy
                )
            ]
        self.rows += new
        return new

    def is_locked(self, month):
        """Return whether nothing may be booked in a month."""
        return month < self.locked_to


@tagged("post_install", "-at_install")
class TestRevenueHistories(BaseCase):
    """What holds after any history."""

    def test_any_history(self):
        for seed in range(300):
            with self.subTest(seed=seed):
                self._live(random.Random(seed))

    def _live(self, rng):
        book = Book(rng)
        book.add()
        for _step in range(rng.randrange(4, 14)):
            what = rng.random()
            if what < 0.2:
                book.add()
            elif what < 0.5:
                book.change()
            elif what < 0.7:
                book.locked_to = add_months(_FIRST, rng.randrange(40))
            else:
                month = add_months(_FIRST, rng.randrange(40))
                self._run(book, month, rng.choice([*Policy]))
        book.locked_to = date.min
        self._run(book, _LAST, rng.choice([*Policy]))
        for number, versions in enumerate(book.schedules):
            booked = [(d.amount, d.balance) for n, d in book.rows if n == number]
            self.assertEqual(add(*booked), find_total(versions[-1]))

    def _run(self, book, month, policy):
        """Run, and look at what was booked."""
        new = book.run(month, policy)
        self.assertFalse([due for _n, due in new if book.is_locked(due.booked_month)])
        self.assertFalse([due for _n, due in new if due.booked_month > month])
        self.assertEqual(book.run(month, policy), [], "a second run")
        if book.is_locked(month):
            return
        for number, versions in enumerate(book.schedules):
            booked = [
                (due.amount, due.balance)
                for n, due in book.rows
                if n == number and due.month <= month
            ]
            before = [part.earned_before(add_months(month, 1)) for part in versions[-1]]
            self.assertEqual(add(*booked), add(*before))

    def test_unlocking_changes_nothing_by_itself(self):
        start = datetime(2026, 1, 1, tzinfo=UTC)
        end = datetime(2026, 5, 1, tzinfo=UTC)
        book = Book(random.Random(1))
        book.zone, book.locked_to = "UTC", date(2026, 3, 1)
        book.schedules.append([make_parts(start, end, "UTC", "month_even", 400, 400)])
        april = date(2026, 4, 1)
        rows = [due for _n, due in book.run(april, Policy.RESTATE)]
        self.assertEqual(
            [(due.month.month, due.booked_month.month) for due in rows],
            [(1, 3), (2, 3), (3, 3), (4, 4)],
        )
        book.locked_to = date.min
        self.assertEqual(book.run(april, Policy.RESTATE), [])

    def test_cutting_changes_nothing_of_what_is_left(self):
        rng = random.Random(7)
        for _number in range(300):
            book = Book(rng)
            book.add()
            [[parts]] = book.schedules
            moment = book.moment()
            kept = find_shares(freeze(parts, moment))
            month = get_month(moment, book.zone)
            before = {m: s for m, s in find_shares(parts).items() if m < month}
            self.assertEqual({m: s for m, s in kept.items() if m < month}, before)
            self.assertEqual(
                find_total(freeze(parts, moment)), earned_by(parts, moment)
            )
            whole = accelerate(parts, moment, book.zone)
            self.assertEqual(find_total(whole), find_total(parts))

    def test_shares_go_one_way_and_end_exactly(self):
        rng = random.Random(3)
        for _number in range(500):
            book = Book(rng)
            book.add()
            [[parts]] = book.schedules
            shares = find_shares(parts).values()
            self.assertTrue(all(a >= 0 and b >= 0 for a, b in shares))
            [part] = parts
            self.assertEqual(add(*shares), (part.amount, part.balance))
