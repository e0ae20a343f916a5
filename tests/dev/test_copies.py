from collections import Counter

from odoo.tests import BaseCase, tagged

from ..support import copies, stripe_fixtures
from ..support.live import dev


@tagged("post_install", "-at_install")
class TestCopies(BaseCase):
    """Customers side by side have nothing in common, and are told apart again."""

    def test_marked_events_share_no_id(self):
        for shape, name, event in stripe_fixtures.every():
            with self.subTest(shape=shape, name=name):
                first, second = (_find_ids(copies.mark(event, n)) for n in (1, 2))
                self.assertTrue(first)
                self.assertFalse(first & second)
                self.assertEqual(len(first), len(_find_ids(event)))

    def test_split(self):
        books = {
            "moves": Counter({("in_1copy7z", "Nordlicht SEcopy7z", (1, "x")): 2}),
            "events": {"evt_1copy7z": ("done", None), "evt_1COPY12Z": ("done", None)},
            "payouts": [("po_1copy12z", True)],
        }
        self.assertEqual(
            copies.split(books),
            {
                7: {
                    "moves": Counter({("in_1", "Nordlicht SE", (1, "x")): 2}),
                    "events": {"evt_1": ("done", None)},
                    "payouts": [],
                },
                12: {
                    "moves": Counter(),
                    "events": {"evt_1": ("done", None)},
                    "payouts": [("po_1", True)],
                },
            },
        )

    def test_split_refuses_what_is_of_two_or_of_none(self):
        for entry in (("in_1copy7z", "cus_1copy8z"), ("in_1",)):
            with self.assertRaisesRegex(AssertionError, "is of the copies"):
                copies.split({"moves": [entry]})


@tagged("post_install", "-at_install")
class TestDurations(BaseCase):
    """`make test` shares the classes out by how long they took."""

    def setUp(self):
        super().setUp()
        self.durations = dev("durations")
        known = {
            "test_a.TestLong": [90.0, 1],
            "test_a.TestMany": [30.0, 30],
            "test_b.TestShort": [1.0, 2],
        }
        self.patch(self.durations, "read", lambda: dict(known))
        self.tests = [
            "addon/tests/test_b.py::TestShort::test_1",
            "addon/tests/test_b.py::TestShort::test_2",
            "addon/tests/area/test_a.py::TestLong::test_1",
            *(f"addon/tests/test_a.py::TestMany::test_{n}" for n in range(30)),
            *(f"addon/tests/test_c.py::TestNew::test_{n}" for n in range(4)),
        ]

    def test_longest_first(self):
        self.assertEqual(
            self.durations.longest_first(self.tests),
            [
                "test_a.TestLong",
                "test_a.TestMany",
                "test_c.TestNew",
                "test_b.TestShort",
            ],
        )

    def test_quick_has_something_of_each_folder_first(self):
        self.patch(self.durations, "QUICK_TOTAL", 6)
        tests = [*self.tests, "addon/tests/other/test_d.py::TestNew::test_1"]
        chosen = self.durations.choose_quick(tests)
        # Of this folder the cheapest, by its name; and the only one of the other.
        names = {self.durations.class_of(test) for test in chosen}
        self.assertEqual(names, {"test_a.TestMany", "test_d.TestNew"})

    def test_quick_takes_some_of_each_class_but_no_long_test(self):
        chosen = self.durations.choose_quick(self.tests)
        counts = Counter(map(self.durations.class_of, chosen))
        self.assertEqual(
            counts,
            {"test_b.TestShort": 2, "test_a.TestMany": 1, "test_c.TestNew": 1},
        )


def _find_ids(value):
    """Return the ids in an event, but for what no handler looks at."""
    if isinstance(value, dict):
        return set().union(*map(_find_ids, value.values()))
    if isinstance(value, list):
        return set().union(*map(_find_ids, value))
    known = ("acct_", "ba_", "ca_", "financingoffer_", "pm_", "req_")
    known += ("customer_tax_location", "https:")
    if isinstance(value, str) and "_" in value and not value.startswith(known):
        return {value} if any(c.isdigit() or c.isupper() for c in value) else set()
    return set()
