"""When an alert is raised, and when it is over. Covers canonical/review/alerts,
models/alerts/texts.
"""

from odoo.tests import TransactionCase, tagged

from ...canonical.review.alerts import (
    DEFAULTS,
    QUICK,
    SLOW,
    AlertKind,
    Limits,
)
from ...models.alerts import texts


@tagged("post_install", "-at_install")
class TestAlertLimits(TransactionCase):
    def test_lists_are_whole(self):
        """Each kind has a default, a pace, and all that people read of it."""
        every = set(AlertKind)
        self.assertEqual(set(DEFAULTS), every)
        self.assertEqual({*QUICK, *SLOW}, every)
        self.assertFalse(set(QUICK) & set(SLOW))
        for told in (
            texts.LABELS,
            texts.get_units(self.env),
            texts.get_meanings(self.env),
            texts.get_sentences(self.env),
            texts.get_next_steps(self.env),
        ):
            self.assertEqual(set(told), every)

    def test_defaults_are_in_order(self):
        for kind, default in DEFAULTS.items():
            with self.subTest(kind=kind):
                limits = Limits(kind, default.threshold, default.clear)
                self.assertTrue(limits.are_in_order)
                self.assertFalse(limits.is_past(limits.nothing.value))
                self.assertTrue(limits.is_calm(limits.nothing.value))

    def test_above(self):
        limits = Limits(AlertKind.LANE_LATE, 15, 5)
        found = [
            (limits.is_past(value), limits.is_calm(value)) for value in (5, 6, 15, 16)
        ]
        neither = (False, False)
        self.assertEqual(found, [(False, True), neither, neither, (True, False)])
        self.assertFalse(Limits(AlertKind.LANE_LATE, 15, 16).are_in_order)
        self.assertEqual(
            [limits.is_worse(value, 16) for value in (31, 32)], [False, True]
        )

    def test_below(self):
        """Days that are left: few are bad, and what has run out gets no worse."""
        limits = Limits(AlertKind.KEY_ENDS, 14, 20)
        found = [
            (limits.is_past(value), limits.is_calm(value)) for value in (13, 14, 20)
        ]
        self.assertEqual(found, [(True, False), (False, False), (False, True)])
        self.assertFalse(Limits(AlertKind.KEY_ENDS, 14, 13).are_in_order)
        self.assertEqual(
            [limits.is_worse(value, 13) for value in (7, 6)], [False, True]
        )
        self.assertFalse(limits.is_worse(-3, 0))
