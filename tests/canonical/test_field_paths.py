"""The fields of an event, as paths. Covers canonical/review/field_paths."""

from odoo.tests import BaseCase, tagged

from ...canonical.review.field_paths import MOST, find_paths, find_topmost


@tagged("post_install", "-at_install")
class TestFieldPaths(BaseCase):
    """How paths are found in a body."""

    def test_depth_and_number(self):
        deep = {"a": {"b": {"c": {"d": {"e": 1}}}}}
        self.assertEqual(find_paths(deep), {"a", "a.b", "a.b.c", "a.b.c.d"})
        letters = "abcdefghijklmnopqrstuvwxyz"
        wide = {f"{x}{y}": 1 for x in letters for y in letters}
        self.assertGreater(len(wide), MOST)
        self.assertIsNone(find_paths(wide))

    def test_lists_are_not_entered(self):
        self.assertEqual(find_paths({"lines": [{"a": 1}], "no": None}), {"lines"})

    def test_camel_case_and_numbers(self):
        names = {"customerId": 1, "line1": 1, "customer_Id": 1, "x12": 1, "a" * 41: 1}
        self.assertEqual(find_paths(names), {"customerId", "line1"})

    def test_topmost(self):
        paths = {"a.b", "a.b.c", "a.bc", "d.e.f"}
        self.assertEqual(find_topmost(paths), ["a.b", "a.bc", "d.e.f"])
