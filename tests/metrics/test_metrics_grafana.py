"""What is shipped for Grafana and Prometheus names figures and labels of the closed
list alone. Covers docs/grafana/dashboard.json, docs/grafana/alerts.yml.
"""

import json
import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...canonical.display.metrics import METRICS

_FOLDER = Path(__file__).parents[2] / "docs" / "grafana"
_FIGURE = re.compile(r"\bsaas_[a-z_]+\b")
#: What stands in braces behind a figure, and the labels of a grouping.
_MATCHERS = re.compile(r"\b(saas_[a-z_]+)\{([^}]*)\}")
#: What a histogram is told as.
_PARTS = ("_bucket", "_count", "_sum")
_BY = re.compile(r"\bby \(([^)]*)\) \((saas_[a-z_]+)")


@tagged("post_install", "-at_install")
class TestGrafana(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metrics = {
            f"{metric.name}{end}": metric
            for metric in METRICS
            for end in (_PARTS if metric.is_histogram else ("",))
        }
        cls.names = {metric.name for metric in METRICS}
        dashboard = json.loads((_FOLDER / "dashboard.json").read_text())
        cls.panels = dashboard["panels"]
        cls.shown = [
            target["expr"]
            for panel in cls.panels
            for target in panel.get("targets", ())
        ]
        cls.asked = [
            each["query"]["query"]
            for each in dashboard["templating"]["list"]
            if each["type"] == "query"
        ]
        text = (_FOLDER / "alerts.yml").read_text()
        cls.rules = re.findall(r"(?m)^ +expr: (.+)$", text)
        cls.texts = re.findall(r"(?m)^ +summary: (.+)$", text)

    def test_names_are_of_the_list(self):
        self.assertGreater(len(self.rules), 10)
        for expression in (*self.shown, *self.asked, *self.rules):
            with self.subTest(expression):
                names = set(_FIGURE.findall(expression))
                self.assertTrue(names)
                self.assertLessEqual(names, set(self.metrics))

    def test_labels_are_the_figures_own(self):
        """A rule on a label that a figure lacks would never be raised."""
        for expression in (*self.shown, *self.asked, *self.rules):
            used = [
                (name, label)
                for name, inside in _MATCHERS.findall(expression)
                for label in re.findall(r"(\w+)(?:=~|!~|!=|=)\"", inside)
            ]
            used += [
                (name, label)
                for labels, name in _BY.findall(expression)
                for label in re.findall(r"\w+", labels)
            ]
            for name, label in used:
                with self.subTest(expression, label=label):
                    known = self.metrics[name].label_names
                    own = ("le",) if name.endswith("_bucket") else ()
                    self.assertIn(label, (*known, *own))

    def test_every_figure_is_shown(self):
        shown = {name for each in self.shown for name in _FIGURE.findall(each)}
        self.assertEqual({self.metrics[name].name for name in shown}, self.names)

    def test_each_alert_says_what_is_wrong(self):
        self.assertEqual(len(self.texts), len(self.rules))
        for text in self.texts:
            self.assertRegex(text, r"\.\"?$")

    def test_panels_do_not_overlap(self):
        taken = set()
        for panel in self.panels:
            place = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            self.assertFalse(taken & cells, panel["title"])
            taken |= cells
