"""Which terms have ended, and whether they were renewed: pure rules.

Covers canonical/metrics/renewal.
"""

import itertools
from datetime import UTC, datetime
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ....canonical.metrics.level import Level
from ....canonical.metrics.mirrored import Snapshot
from ....canonical.metrics.renewal import find_ends, find_mirrored_ends, find_renewals
from ....canonical.subscriptions.lifecycle import Change, fold
from ....canonical.subscriptions.told import complete

NOW = datetime(2028, 6, 1, tzinfo=UTC)
YEAR = {"months": 12, "auto_renew": True}


def at(*parts):
    """Return an instant in UTC."""
    return datetime(*parts, tzinfo=UTC)


def change(kind, moment, term=None):
    """Return a change that was known when it took effect."""
    terms = {"version": 1, "currency": "EUR", "quantities": {}}
    if kind in ("activated", "renewed"):
        terms = {**terms, "term": term} if term else terms
    else:
        terms = None
    return Change(kind, moment, moment, f"{kind} {moment:%Y-%m-%d}", terms=terms)


@tagged("post_install", "-at_install")
class TestRenewalRules(BaseCase):
    """Terms that were agreed, periods that were paid, and what came after."""

    def ends(self, *changes, cadence="monthly", now=NOW):
        """Return the ends of a life's terms."""
        life = fold(changes, complete)
        renewed = {each.key for each in changes if each.kind == "renewed"}
        return find_ends(life, renewed, lambda _held: (cadence, False), now)

    def test_terms(self):
        """Each term of a chain ends, and the next one that is known."""
        begun = change("activated", at(2026, 3, 1), YEAR)
        years = [at(2027, 3, 1), at(2028, 3, 1), at(2029, 3, 1)]
        self.assertEqual(self.ends(begun), years)
        paused = change("paused", at(2027, 1, 1))
        self.assertEqual(self.ends(begun, paused), years)
        # What is canceled with a term has ended it; before its time, it is churn.
        self.assertEqual(
            self.ends(begun, change("canceled", at(2027, 3, 1))), years[:1]
        )
        self.assertEqual(self.ends(begun, change("canceled", at(2027, 2, 1))), [])

    def test_not_by_itself(self):
        """A term that does not renew itself ends; who renews it begins another one, at
        its end or before.
        """
        once = {"months": 12, "auto_renew": False}
        begun = change("activated", at(2026, 3, 1), once)
        self.assertEqual(self.ends(begun), [at(2027, 3, 1)])
        for day in (at(2027, 3, 1), at(2027, 2, 10)):
            renewed = change("renewed", day, once)
            following = day.replace(year=2028)
            self.assertEqual(self.ends(begun, renewed), [day, following])

    def test_periods(self):
        """Where nothing is agreed, a period of more than a month is a term."""
        begun = change("activated", at(2027, 3, 1))
        self.assertEqual(self.ends(begun), [])
        self.assertEqual(
            self.ends(begun, cadence="half_yearly"),
            [at(2027, 9, 1), at(2028, 3, 1), at(2028, 9, 1)],
        )
        over = change("canceled", at(2027, 9, 1))
        self.assertEqual(self.ends(begun, over, cadence="yearly"), [])
        self.assertEqual(
            self.ends(begun, over, cadence="half_yearly"), [at(2027, 9, 1)]
        )

    def test_mirrored(self):
        """Periods of more than a month that have ended, as far as the platform has told
        how it went on.
        """

        def told(number, moment, start, end, state="active"):
            return Snapshot(
                str(number),
                moment,
                state,
                "EUR",
                ((moment, Fraction(1)),),
                period_start=start,
                period_end=end,
            )

        first = told(1, at(2026, 3, 1), at(2026, 3, 1), at(2027, 3, 1))
        second = told(2, at(2027, 3, 1), at(2027, 3, 1), at(2028, 3, 1))
        over = told(3, at(2028, 3, 1), at(2027, 3, 1), at(2028, 3, 1), "canceled")
        early = told(3, at(2028, 1, 1), at(2027, 3, 1), at(2028, 3, 1), "canceled")
        moved = told(3, at(2027, 6, 1), at(2027, 6, 1), at(2028, 6, 1))
        month = told(3, at(2027, 6, 1), at(2027, 6, 1), at(2027, 7, 1))
        for snapshots, ends in (
            ((first,), []),
            ((first, second), [at(2027, 3, 1)]),
            ((first, second, over), [at(2027, 3, 1), at(2028, 3, 1)]),
            ((first, second, early), [at(2027, 3, 1)]),
            # Another period began meanwhile: the one before has not ended as such.
            ((first, second, moved), [at(2027, 3, 1)]),
            ((first, second, month), [at(2027, 3, 1)]),
        ):
            for order in itertools.permutations(snapshots):
                self.assertEqual(find_mirrored_ends(order), ends)

    def test_renewals(self):
        """What is worth nothing is not up for renewal; what changes within an hour
        belongs to the renewal.
        """
        end = at(2027, 3, 1)
        before = Level(at(2026, 3, 1), 1, "EUR", Fraction(100))
        for after, amount in (
            ((), 100),
            ((Level(end, 1, "EUR", Fraction(60)),), 60),
            ((Level(at(2027, 3, 1, 0, 50), 1, "EUR", Fraction(60)),), 60),
            ((Level(at(2027, 3, 1, 1), 1, "EUR", Fraction(60)),), 100),
            ((Level(end),), 0),
        ):
            [renewal] = find_renewals([end], [before, *after])
            self.assertEqual(renewal.before.amount, 100)
            self.assertEqual(renewal.after.amount, amount)
        self.assertEqual(find_renewals([end], [Level(end, 1, "EUR", Fraction(9))]), [])
