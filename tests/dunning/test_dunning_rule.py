"""The rule of dunning, as a table and by random lives. Needs no database.

Covers canonical/payments/dunning.
"""

import random
from dataclasses import replace
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ...canonical.payments.dunning import (
    Act,
    Debt,
    Owed,
    Policy,
    Promise,
    Step,
    Taken,
    Wait,
    find_standing,
)
from ..support.common import FULL, SEED

#: A Monday.
DUE = date(2026, 3, 2)
MAIL, SECOND, CALL, RESTRICT = (
    Step(1, 3, Act.MAIL),
    Step(2, 10, Act.MAIL, least=500),
    Step(3, 10, Act.CALL, least_count=2),
    Step(4, 30, Act.RESTRICT, least=500),
)
USUAL = Policy(7, (MAIL, SECOND, CALL, RESTRICT))


def on(days):
    """Return the day so many days after the due day."""
    return DUE + timedelta(days=days)


def debt(ref=1, days=0, amount=1000, **vals):
    """Return a debt that is due so many days after the first."""
    return Debt(ref, on(days), amount, **vals)


def taken(step, days, *refs):
    """Return a step of the policy that was taken."""
    refs = frozenset(refs or (1,))
    return Taken(step.ref, USUAL.ref, step.after, step.act, on(days), refs, step.least)


#: What is known on which day (debts, credit, steps taken, days, promise), and what
#: comes of it: steps due today, the next one with its day, and why nothing is done.
TABLE = {
    "not overdue on its due day": ([debt()], 0, [], 0, None, [], None, None),
    "too young": ([debt()], 0, [], 2, None, [], (1, 3), None),
    "the first step": ([debt()], 0, [], 3, None, [1], (2, 10), None),
    "taken today": ([debt()], 0, [taken(MAIL, 3)], 3, None, [], (2, 10), None),
    "the second step, and no call for one invoice": (
        *([debt()], 0, [taken(MAIL, 3)], 10, None, [2], (4, 30), None),
    ),
    "a mail and a call on one day": (
        *([debt(), debt(2, 1)], 0, [taken(MAIL, 3)], 10, None, [2, 3], (4, 30), None),
    ),
    "too little for a second mail": (
        *([debt(amount=499)], 0, [taken(MAIL, 3)], 10, None, [], None, Wait.ENDED),
    ),
    "found late: the first step first": (
        *([debt()], 0, [], 45, None, [1], (2, 52), None),
    ),
    "found late: the pace is kept": (
        *([debt()], 0, [taken(MAIL, 45)], 51, None, [], (2, 52), None),
    ),
    "nobody goes back to a step that was left out": (
        *([debt(), debt(2, 1)], 0, [taken(RESTRICT, 30)], 31, None, [], None),
        Wait.ENDED,
    ),
    "paid on account in whole": ([debt()], 1000, [], 5, None, [], None, None),
    "paid on account in part: the oldest first": (
        *([debt(), debt(2, 4)], 1000, [], 7, None, [1], (2, 14), None),
    ),
    "disputed": ([debt(is_disputed=True)], 0, [], 5, None, [], None, Wait.DISPUTED),
    "one disputed, and one not": (
        *([debt(is_disputed=True), debt(2, 4)], 0, [], 6, None, [], (1, 7), None),
    ),
    "a gateway tries": (
        [debt(is_retried=True)],
        0,
        [],
        5,
        None,
        [],
        None,
        Wait.RETRIED,
    ),
    "promised": ([debt()], 0, [], 5, Promise(on(9)), [], (1, 10), Wait.PROMISED),
    "a promise was broken": ([debt()], 0, [], 10, Promise(on(9)), [1], (2, 17), None),
    "another debt begins anew": (
        *([debt(2, 20)], 0, [taken(RESTRICT, 30, 1)], 31, None, [1], (2, 38), None),
    ),
    "a debt that was told of goes on": (
        *([debt(2, 1)], 0, [taken(MAIL, 5, 1, 2)], 12, None, [2], (4, 32), None),
    ),
}


@tagged("post_install", "-at_install")
class TestDunningRule(BaseCase):
    def find(self, debts, credit, steps, days, promise=None, policy=USUAL, **vals):
        return find_standing(policy, debts, credit, steps, on(days), promise, **vals)

    def test_table(self):
        for name, (*known, due, following, waits) in TABLE.items():
            with self.subTest(name):
                standing = self.find(*known)
                self.assertEqual([step.ref for step in standing.due], due)
                told = standing.step and (
                    standing.step.ref,
                    (standing.next_day - DUE).days,
                )
                self.assertEqual(told, following)
                self.assertEqual(standing.waits, waits)

    def test_what_is_owed(self):
        """Of 10.00 that is disputed, 20.00 that a gateway tries and 30.00, a credit of
        5.00 pays the oldest that is not disputed.
        """
        standing = self.find(
            [
                debt(3, 2, 3000),
                debt(2, 1, 2000, is_retried=True),
                debt(1, 0, 1000, is_disputed=True),
                debt(4, 50, 9000),
            ],
            500,
            [],
            5,
        )
        self.assertEqual(standing.owed, Owed(on(1), 4500, (2, 3)))
        self.assertEqual(standing.asked, Owed(on(2), 3000, (3,)))
        self.assertEqual((standing.disputed, standing.retried), (1000, 1500))

    def test_parts_of_one_invoice(self):
        """Two instalments are one invoice."""
        standing = self.find([debt(1, 0), debt(1, 2)], 0, [], 5)
        self.assertEqual(standing.owed.count, 1)

    def test_restriction(self):
        held = [taken(RESTRICT, 30)]
        for name, debts, credit, promise, expected in (
            ("owes", [debt()], 0, None, True),
            ("owes a part", [debt(amount=500)], 0, None, True),
            ("owes too little", [debt(amount=499)], 0, None, False),
            ("has paid", [], 0, None, False),
            ("has paid on account", [debt()], 1000, None, False),
            ("owes another invoice", [debt(2)], 0, None, False),
            ("disputes it", [debt(is_disputed=True)], 0, None, False),
            ("a gateway tries", [debt(is_retried=True)], 0, None, True),
            ("promises", [debt()], 0, Promise(on(40)), True),
            ("promises, and is let in", [debt()], 0, Promise(on(40), True), False),
            ("has broken it", [debt()], 0, Promise(on(34), True), True),
        ):
            with self.subTest(name):
                standing = self.find(debts, credit, held, 35, promise)
                self.assertEqual(standing.is_restricted, expected)

    def test_stopped(self):
        standing = self.find([debt()], 0, [], 5, is_stopped=True)
        self.assertEqual((standing.due, standing.waits), ((), Wait.STOPPED))
        self.assertEqual(standing.owed.amount, 1000)

    def test_no_policy(self):
        for policy in (None, Policy(8, ())):
            standing = self.find([debt()], 0, [], 5, policy=policy)
            self.assertEqual((standing.due, standing.waits), ((), Wait.NO_POLICY))

    def test_quiet_days(self):
        """The third day after a Thursday is a Sunday, and Monday is a holiday."""
        quiet = replace(USUAL, weekend=frozenset((5, 6)), holidays=frozenset((on(7),)))
        for days, due in ((5, []), (6, []), (7, []), (8, [1])):
            with self.subTest(days=days):
                standing = self.find([debt(1, 3)], 0, [], days, policy=quiet)
                self.assertEqual([step.ref for step in standing.due], due)
                if not due:
                    self.assertEqual(standing.next_day, on(8))

    def test_a_new_policy_goes_on_from_the_same_day(self):
        """What was done by another policy counts by its days."""
        other = Policy(9, (Step(11, 5, Act.MAIL), Step(12, 20, Act.MAIL)))
        standing = self.find([debt()], 0, [taken(MAIL, 3)], 6, policy=other)
        self.assertEqual([step.ref for step in standing.due], [11])
        standing = self.find([debt()], 0, [taken(SECOND, 10)], 19, policy=other)
        self.assertEqual((standing.due, standing.next_day), ((), on(20)))

    def test_random_lives(self):
        """However what is known is shuffled, a step is taken once for an oldest invoice
        and never two of different ages on a day; nothing is done while it may not be.
        """
        for turn in range(2000 if FULL else 200):
            with self.subTest(seed=SEED, turn=turn):
                self._check_life(random.Random(f"{SEED} {turn}"))

    def _check_life(self, chance):
        policy = replace(USUAL, weekend=frozenset(chance.sample(range(7), 2)))
        debts, steps, seen = {}, [], set()
        for day in range(90):
            if chance.random() < 0.1:
                debts[day] = debt(day, day, chance.randrange(1, 2000))
            for ref in [*debts]:
                change = chance.random()
                if change < 0.02:
                    del debts[ref]
                elif change < 0.06:
                    name = chance.choice(("is_disputed", "is_retried"))
                    was = getattr(debts[ref], name)
                    debts[ref] = replace(debts[ref], **{name: not was})
            known = chance.sample([*debts.values()], len(debts))
            credit = chance.choice((0, 0, 100, 5000))
            promise = Promise(on(day)) if chance.random() < 0.1 else None
            told = chance.sample(steps, len(steps))
            standing = self.find(known, credit, told, day, promise, policy)
            again = self.find([*debts.values()], credit, steps, day, promise, policy)
            self.assertEqual(standing, again)
            if standing.due:
                self._check_due(standing, policy, on(day), promise)
            for step in standing.due:
                key = (step.ref, standing.asked.refs[0])
                self.assertNotIn(key, seen)
                seen.add(key)
                refs = frozenset(standing.asked.refs)
                steps.append(
                    Taken(step.ref, 7, step.after, step.act, on(day), refs, step.least)
                )
            # What was taken is known, and nothing else is due on that day.
            after = self.find(known, credit, steps, day, promise, policy)
            self.assertEqual(after.due, ())

    def _check_due(self, standing, policy, today, promise):
        self.assertFalse(policy.is_quiet(today))
        self.assertIsNone(promise)
        self.assertEqual(len({step.after for step in standing.due}), 1)
        for step in standing.due:
            self.assertGreaterEqual((today - standing.asked.oldest).days, step.after)
            self.assertGreaterEqual(standing.asked.amount, step.least)
            self.assertGreaterEqual(standing.asked.count, step.least_count)
