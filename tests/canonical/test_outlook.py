"""What is told of terms stays until it is told anew; how a subscription stands follows.

Covers canonical/subscriptions/told and canonical/subscriptions/outlook.
"""

import itertools
from datetime import date, timedelta
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ...canonical.subscriptions.lifecycle import Change, Event, State
from ...canonical.subscriptions.outlook import (
    find_difference,
    find_moot,
    hold,
    is_absurd,
    live,
    look,
)
from ...canonical.subscriptions.told import find_term_end, read_terms, write_moment
from .telling_lives import at


def held(seats="5", version=1, **told):
    """Return terms as they are kept."""
    quantities = {"base": "1", "seats": seats}
    return {"version": version, "currency": "EUR", "quantities": quantities, **told}


def term(months=12, auto_renew=False, notice_days=0, start=None, ends_at=None):
    """Return a term as it is kept."""
    return {
        "months": months,
        "ends_at": ends_at,
        "auto_renew": auto_renew,
        "notice_days": notice_days,
        "start": start,
    }


def change(kind, moment, key=None, known=None, **values):
    """Return a change that was known when it takes effect, if not told else."""
    return Change(kind, moment, known or moment, key or kind, **values)


def monthly(_terms):
    """Return the rhythm of a plan that is billed by the month."""
    return "monthly", False


def make(*changes, ending=()):
    """Return the life of changes; it is the same in every order."""
    lives = {
        repr(live(order, frozenset(ending), monthly)[0])
        for order in itertools.permutations(changes)
    }
    assert len(lives) == 1, lives
    return live(changes, frozenset(ending), monthly)[0]


def stand(life, moment):
    """Return how a life stands at an instant."""
    return look(life, moment, monthly)


_START = change(Event.ACTIVATED, at(2026, 1, 15), terms=held(zone="Europe/Berlin"))


@tagged("post_install", "-at_install")
class TestTold(BaseCase):
    """What a change leaves out stays as it was."""

    def test_left_out(self):
        life = make(
            change(
                Event.ACTIVATED,
                at(2026, 1, 15),
                terms=held(purchase_order="PO-1", zone="Europe/Berlin"),
            ),
            change(Event.CHANGED, at(2026, 2, 1), terms=held("8")),
            change(Event.CHANGED, at(2026, 3, 1), "po", terms={"purchase_order": ""}),
        )
        first, second, third = (segment.terms for segment in life.segments)
        self.assertEqual(first["quantities"]["seats"], "5")
        self.assertEqual(second["quantities"]["seats"], "8")
        self.assertEqual(second["purchase_order"], "PO-1")
        self.assertEqual(
            (third["zone"], third["purchase_order"]), ("Europe/Berlin", "")
        )

    def test_as_billing_takes_them(self):
        terms = read_terms(
            held("2.5", zone="Asia/Tokyo", anchor=write_moment(at(2026, 1, 1)))
        )
        self.assertEqual(terms.quantity("seats"), Fraction(5, 2))
        self.assertEqual((terms.zone, terms.anchor), ("Asia/Tokyo", at(2026, 1, 1)))
        self.assertEqual(read_terms(None).zone, "UTC")
        self.assertEqual(hold(make(_START))[0].terms, read_terms(_START.terms))

    def test_term_ends_or_renews(self):
        for renews, ends in ((False, at(2027, 1, 15)), (True, None)):
            start = change(
                Event.ACTIVATED, at(2026, 1, 15), terms=held(term=term(12, renews))
            )
            self.assertEqual(stand(make(start), at(2026, 6, 1)).ends_at, ends)

    def test_agreed_term_begins_with_the_activation(self):
        life = make(
            change(Event.AGREED, at(2026, 1, 1), terms=held(term=term(12))),
            change(Event.ACTIVATED, at(2026, 3, 1)),
        )
        seen = stand(life, at(2026, 4, 1))
        self.assertEqual(seen.term, (at(2026, 3, 1), at(2027, 3, 1)))
        self.assertEqual(stand(life, at(2026, 2, 1)).term, (None, None))
        self.assertEqual(seen.ends_at, at(2027, 3, 1))

    def test_told_again_it_is_the_same_term(self):
        """A change that tells the term once more does not begin it anew."""
        start = change(Event.ACTIVATED, at(2026, 1, 1), terms=held(term=term(12)))
        again = change(Event.CHANGED, at(2026, 6, 1), terms=held("9", term=term(12)))
        other = change(Event.CHANGED, at(2026, 6, 1), terms=held("9", term=term(6)))
        now = at(2026, 7, 1)
        self.assertEqual(stand(make(start, again), now).ends_at, at(2027, 1, 1))
        self.assertEqual(stand(make(start, other), now).ends_at, at(2026, 12, 1))

    def test_renewed(self):
        """The next term is as the one before, or as it is told; and it may be open."""
        start = change(Event.ACTIVATED, at(2026, 1, 1), terms=held(term=term(12)))
        for told, ends in (
            (None, at(2028, 1, 1)),
            ({"term": term(24)}, at(2029, 1, 1)),
            ({"term": term(0)}, None),
            ({"term": term(0, ends_at=write_moment(at(2027, 7, 1)))}, at(2027, 7, 1)),
        ):
            renewed = change(
                Event.RENEWED, at(2027, 1, 1), known=at(2026, 11, 1), terms=told
            )
            life = make(start, renewed)
            self.assertEqual(stand(life, at(2027, 2, 1)).ends_at, ends, told)

    def test_terms_follow_each_other(self):
        """Each is counted from the first, so that a short month drags none along."""
        start = change(
            Event.ACTIVATED,
            at(2026, 1, 31),
            terms=held(term=term(1, True, notice_days=10)),
        )
        seen = stand(make(start), at(2026, 3, 5))
        self.assertEqual(seen.term, (at(2026, 2, 28), at(2026, 3, 31)))
        self.assertEqual(seen.notice_on, date(2026, 3, 21))
        self.assertIsNone(seen.ends_at)
        told = term(1, True, start=write_moment(at(2026, 1, 31)))
        self.assertEqual(find_term_end(told, "UTC", 13), at(2027, 2, 28))

    def test_days_are_those_of_the_zone(self):
        """A year from midnight in Berlin ends at midnight there, summer or not."""
        start = change(
            Event.ACTIVATED,
            at(2026, 1, 31, 23),
            terms=held(zone="Europe/Berlin", term=term(6)),
        )
        self.assertEqual(
            stand(make(start), at(2026, 3, 1)).ends_at, at(2026, 7, 31, 22)
        )


@tagged("post_install", "-at_install")
class TestOutlook(BaseCase):
    """How a subscription stands at an instant, and what comes next by itself."""

    def test_nothing_is_known(self):
        self.assertEqual(stand(make(), at(2026, 1, 1)).state, State.NONE)

    def test_before_it_begins(self):
        seen = stand(make(_START), at(2026, 1, 1))
        self.assertEqual((seen.state, seen.next_at), (State.PENDING, at(2026, 1, 15)))
        self.assertEqual(seen.started_at, at(2026, 1, 15))

    def test_periods(self):
        seen = stand(make(_START), at(2026, 3, 20))
        # In Berlin it began at one o'clock in winter, and so it goes on in summer.
        self.assertEqual(seen.period, (at(2026, 3, 15), at(2026, 4, 14, 23)))
        self.assertEqual(seen.next_at, at(2026, 4, 14, 23))

    def test_first_period_of_an_anchor(self):
        told = held(anchor=write_moment(at(2026, 1, 1)))
        seen = stand(
            make(change(Event.ACTIVATED, at(2026, 1, 20), terms=told)), at(2026, 1, 25)
        )
        self.assertEqual(seen.period, (at(2026, 1, 20), at(2026, 2, 1)))

    def test_trial(self):
        trial = change(
            Event.ACTIVATED, at(2026, 1, 1), terms=held(), trial_end=at(2026, 1, 15)
        )
        seen = stand(make(trial), at(2026, 1, 2))
        self.assertEqual(seen.period, (at(2026, 1, 1), at(2026, 1, 15)))
        self.assertEqual((seen.trial_end, seen.next_at), (at(2026, 1, 15),) * 2)
        later = stand(make(trial), at(2026, 1, 20))
        self.assertEqual(later.period, (at(2026, 1, 15), at(2026, 2, 15)))

    def test_canceled_at_the_end_of_the_period(self):
        """It ends with the period that it was told in, whatever becomes known later."""
        cancel = change(Event.CANCELED, at(2026, 3, 20), "end")
        life = make(_START, cancel, ending=["end"])
        seen = stand(life, at(2026, 3, 21))
        self.assertEqual(seen.state, State.ACTIVE)
        self.assertEqual(seen.ends_at, at(2026, 4, 14, 23))
        late = change(Event.PAUSED, at(2026, 2, 1), "late", known=at(2026, 5, 1))
        self.assertEqual(
            make(_START, cancel, late, ending=["end"]).segments[-1].start,
            at(2026, 4, 14, 23),
        )

    def test_canceled_at_the_end_of_the_trial(self):
        trial = change(
            Event.ACTIVATED, at(2026, 1, 1), terms=held(), trial_end=at(2026, 1, 15)
        )
        cancel = change(Event.CANCELED, at(2026, 1, 3), "end")
        self.assertEqual(
            make(trial, cancel, ending=["end"]).segments[-1].start, at(2026, 1, 15)
        )

    def test_canceled_before_it_begins(self):
        cancel = change(Event.CANCELED, at(2026, 1, 3), "end")
        agreed = change(Event.AGREED, at(2026, 1, 1), terms=held())
        self.assertEqual(
            make(agreed, cancel, ending=["end"]).segments[-1].start, at(2026, 1, 3)
        )

    def test_absurd(self):
        now = at(2026, 1, 1)
        self.assertFalse(is_absurd(now + timedelta(days=3650), now))
        self.assertTrue(is_absurd(now + timedelta(days=3660), now))
        self.assertTrue(is_absurd(now - timedelta(days=3660), now))


@tagged("post_install", "-at_install")
class TestMoot(BaseCase):
    """Nobody is asked about what was right when it was told."""

    def _find(self, *changes):
        life = make(*changes)
        return dict(life.refused), find_moot(changes, frozenset(), monthly, life)

    def test_scheduled_and_then_canceled(self):
        up = change(
            Event.CHANGED, at(2026, 6, 1), "up", known=at(2026, 2, 1), terms=held("9")
        )
        cancel = change(Event.CANCELED, at(2026, 3, 1), "end")
        refused, moot = self._find(_START, up, cancel)
        self.assertEqual((set(refused), moot), ({"up"}, {"up"}))

    def test_told_after_it_was_canceled(self):
        cancel = change(Event.CANCELED, at(2026, 3, 1), "end")
        up = change(Event.CHANGED, at(2026, 4, 1), "up", terms=held("9"))
        refused, moot = self._find(_START, up, cancel)
        self.assertEqual((set(refused), moot), ({"up"}, set()))

    def test_two_cancellations(self):
        first = change(Event.CANCELED, at(2026, 6, 1), "first", known=at(2026, 2, 1))
        second = change(Event.CANCELED, at(2026, 3, 1), "second")
        refused, moot = self._find(_START, first, second)
        self.assertEqual((set(refused), moot), ({"first"}, {"first"}))


@tagged("post_install", "-at_install")
class TestDifference(BaseCase):
    """The first instant at which two lives differ is where billing starts again."""

    def test_where_they_differ(self):
        up = change(Event.CHANGED, at(2026, 3, 1), terms=held("8"))
        late = change(
            Event.CHANGED, at(2026, 2, 1), "late", at(2026, 5, 1), terms=held("6")
        )
        none, one = make(_START), make(_START, up)
        self.assertIsNone(find_difference(one, one))
        self.assertEqual(find_difference(none, one), at(2026, 3, 1))
        self.assertEqual(find_difference(one, make(_START, up, late)), at(2026, 2, 1))
        self.assertEqual(find_difference(make(), none), at(2026, 1, 15))
        # What is told again is no difference.
        again = change(Event.CHANGED, at(2026, 2, 1), "again", terms=held("5"))
        self.assertIsNone(find_difference(none, make(_START, again)))
