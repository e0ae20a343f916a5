"""A life is a fold over what is known of a subscription, in whatever order it came.

Covers canonical/subscriptions/lifecycle.
"""

import itertools
from dataclasses import replace
from datetime import timedelta

from odoo.tests import BaseCase, tagged

from ...canonical.subscriptions.lifecycle import NEVER, WITHDRAWN, Refusal, fold
from .telling_lives import change, check_whole, day, describe


@tagged("post_install", "-at_install")
class TestWorkedLives(BaseCase):
    """What a life is, by worked examples; each comes out alike in every order."""

    def assertLife(self, changes, text, refused=None, **values):
        """Check what changes make, whatever order they come in."""
        for order in itertools.permutations(changes):
            life = fold(order, **values)
            self.assertEqual(describe(life), text)
            self.assertEqual(dict(life.refused), refused or {})
            check_whole(self, life)
        self.assertEqual(describe(fold([*changes, *changes], **values)), text)

    def test_agreed_then_activated(self):
        self.assertLife(
            [change("agreed", 0, terms="A"), change("activated", 10)],
            "0 pending A, 10 active A",
        )

    def test_trial_ends_by_itself(self):
        self.assertLife(
            [change("activated", 0, terms="A", trial_end=day(14))],
            "0 trialing A, 14 active A",
        )

    def test_trial_ends_early(self):
        self.assertLife(
            [
                change("activated", 0, terms="A", trial_end=day(14)),
                change("trial_ended", 7),
            ],
            "0 trialing A, 7 active A",
        )

    def test_trial_is_given_more_time(self):
        self.assertLife(
            [
                change("activated", 0, terms="A", trial_end=day(14)),
                change("changed", 5, trial_end=day(30)),
            ],
            "0 trialing A, 30 active A",
        )

    def test_trial_is_paused(self):
        """It goes on where it was, if its time is not up."""
        trial = change("activated", 0, terms="A", trial_end=day(14))
        self.assertLife(
            [trial, change("paused", 3), change("resumed", 5)],
            "0 trialing A, 3 paused A, 5 trialing A, 14 active A",
        )
        self.assertLife(
            [trial, change("paused", 3), change("resumed", 20)],
            "0 trialing A, 3 paused A, 20 active A",
        )

    def test_change_while_paused_counts_once_it_goes_on(self):
        self.assertLife(
            [
                change("activated", 0, terms="A"),
                change("paused", 5),
                change("changed", 6, terms="B"),
                change("resumed", 9),
            ],
            "0 active A, 5 paused A, 6 paused B, 9 active B",
        )

    def test_paused_and_resumed_at_one_instant(self):
        """It is as if neither had been: no gap stays."""
        self.assertLife(
            [
                change("activated", 0, terms="A"),
                change("paused", 5, known=5),
                change("resumed", 5, known=6),
            ],
            "0 active A",
        )

    def test_scheduled_and_withdrawn(self):
        told = [
            change("activated", 0, terms="A"),
            change("changed", 30, "up", known=1, terms="B"),
        ]
        self.assertLife(told, "0 active A, 30 active B")
        taken_back = change(WITHDRAWN, 2, withdraws="up")
        self.assertLife([*told, taken_back], "0 active A")
        self.assertEqual(fold([*told, taken_back]).withdrawn, {"up"})

    def test_withdrawal_of_what_nobody_told(self):
        self.assertLife(
            [change("activated", 0), change(WITHDRAWN, 1, withdraws="unknown")],
            "0 active",
        )

    def test_back_dated(self):
        """What is known late takes effect when it says, and others keep their place."""
        self.assertLife(
            [
                change("activated", 0, terms="A"),
                change("changed", 20, "up", terms="C"),
                change("changed", 10, "late", known=40, terms="B"),
            ],
            "0 active A, 10 active B, 20 active C",
        )

    def test_one_instant(self):
        """Of what takes effect together, what was known last counts; then the number,
        then the key.
        """
        start = change("activated", 0, terms="A")
        both = (
            change("changed", 5, "a", terms="B"),
            change("changed", 5, "b", terms="C"),
        )
        self.assertLife([start, *both], "0 active A, 5 active C")
        first = replace(both[0], sequence=2)
        self.assertLife([start, first, both[1]], "0 active A, 5 active B")
        first = replace(both[0], known_at=day(6))
        self.assertLife([start, first, both[1]], "0 active A, 5 active B")

    def test_the_last_word_on_the_end(self):
        """A cancellation that is known later moves the end, forth or back."""
        start = change("activated", 0, terms="A")
        first = change("canceled", 30, "first", known=10)
        for moment in (20, 40):
            second = change("canceled", moment, "second", known=11)
            self.assertLife(
                [start, first, second],
                f"0 active A, {moment} canceled A",
                {"first": Refusal.SUPERSEDED},
            )
            self.assertLife(
                [start, first, second, change(WITHDRAWN, 12, withdraws="second")],
                "0 active A, 30 canceled A",
            )

    def test_term_ends_by_itself(self):
        start = change("activated", 0, terms="A", ends_at=day(30))
        self.assertLife([start], "0 active A, 30 canceled A")
        renewed = change("renewed", 30, known=25, ends_at=day(60))
        self.assertLife([start, renewed], "0 active A, 60 canceled A")
        late = change("renewed", 31, "late", ends_at=day(60))
        self.assertLife(
            [start, late],
            "0 active A, 30 canceled A",
            {"late": Refusal.ALREADY_CANCELED},
        )

    def test_term_has_no_end_any_more(self):
        self.assertLife(
            [
                change("activated", 0, terms="A", ends_at=day(30)),
                change("renewed", 20, ends_at=NEVER),
            ],
            "0 active A",
        )

    def test_cancel_and_new_is_a_change(self):
        """Told by one platform as the end of one and the beginning of another, by
        another as a change: one timeline.
        """
        start = change("activated", 0, terms="A", part="old")
        as_change = [start, change("changed", 10, terms="B", part="old")]
        end = change("canceled", 10, part="old")
        new = change("activated", 10, "new", terms="B", part="new", continues="old")
        self.assertLife([start, end, new], describe(fold(as_change)))
        later = replace(new, effective_at=day(10) + timedelta(hours=3))
        self.assertLife([start, end, later], describe(fold(as_change)))

    def test_long_ended_is_not_continued(self):
        self.assertLife(
            [
                change("activated", 0, terms="A", part="old"),
                change("canceled", 10, part="old"),
                change("activated", 20, "new", part="new", continues="old"),
            ],
            "0 active A, 10 canceled A",
            {"new": Refusal.ALREADY_CANCELED},
        )

    def test_what_continues_may_end(self):
        self.assertLife(
            [
                change("activated", 0, terms="A", part="old"),
                change("canceled", 10, "end", part="old"),
                change("activated", 10, "new", terms="B", part="new", continues="old"),
                change("canceled", 20, "over", part="new"),
            ],
            "0 active A, 10 active B, 20 canceled B",
        )

    def test_completed(self):
        """What a change leaves out can be made of what was held before."""

        def complete(_state, before, told):
            return replace(told, terms=(before or "") + (told.terms or ""))

        self.assertLife(
            [
                change("activated", 0, terms="A"),
                change("changed", 5, terms="B"),
                change("paused", 6),
            ],
            "0 active A, 5 active AB, 6 paused AB",
            complete=complete,
        )
