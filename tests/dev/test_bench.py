"""What `make bench BASE=` says of two commits' rounds, and so its exit code."""

import importlib

from odoo.tests import BaseCase, tagged

from ..support.live import dev


@tagged("post_install", "-at_install")
class TestBenchComparison(BaseCase):
    def setUp(self):
        super().setUp()
        dev("settings")  # says what to do where `bench` can't be imported
        self.compare = importlib.import_module("bench.compare")

    def _hold(self, key, base, ours):
        own = self.compare.GOALS[key].own
        return self.compare.hold(
            key,
            *(
                [{"value": value, own: 1.0} for value in values]
                for values in (base, ours)
            ),
        )

    def test_medians_are_compared(self):
        row = self._hold("pay_vs_single", [10, 10, 100], [9.7, 1, 9.7])
        self.assertAlmostEqual(row["ratio"], 0.97)
        self.assertTrue(row["held"])
        self.assertFalse(self._hold("pay_vs_single", [10], [9.69])["held"])

    def test_less_is_better_where_the_goal_says_so(self):
        self.assertFalse(self._hold("latency_p95_s", [0.97], [1.01])["held"])
        self.assertTrue(self._hold("latency_p95_s", [0.97], [0.5])["held"])

    def test_every_figure_has_a_part_of_its_own(self):
        for key, goal in self.compare.GOALS.items():
            with self.subTest(figure=key):
                self.assertRegex(goal.own, "_(per_s|us|ms|mb|s)$")
