"""The closed list of figures holds what is read, told and written together. Covers
canonical/display/metrics, canonical/display/metrics_page, docs/metrics.rst.
"""

from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...canonical.display import metrics, metrics_page
from ...canonical.display.metric import Metric, Unit
from ...canonical.display.metrics import METRICS

_ROOT = Path(__file__).parents[2]


@tagged("post_install", "-at_install")
class TestClosedList(BaseCase):
    def test_every_figure_is_listed_once(self):
        named = [each for each in vars(metrics).values() if isinstance(each, Metric)]
        self.assertEqual(named, list(METRICS))
        self.assertEqual(len({metric.name for metric in METRICS}), len(METRICS))

    def test_names_end_with_their_unit(self):
        """OpenMetrics wants it, and who writes a query sees what a number is."""
        ends = {Unit.SECONDS: "_seconds", Unit.RATIO: "_ratio", Unit.AMOUNT: "_amount"}
        ends[Unit.DAYS] = "_days"
        for metric in METRICS:
            with self.subTest(metric.name):
                self.assertRegex(metric.name, r"\Asaas_[a-z_]+\Z")
                end = next((e for e in ends.values() if metric.name.endswith(e)), None)
                self.assertEqual(end, ends.get(metric.unit))

    def test_labels_are_of_a_closed_set(self):
        """A name of a customer, or an id of an object, is no label."""
        known = {"company_id", "source_id", "source", "lane", "window", "quantile"}
        known |= {"state", "reason", "channel", "kind", "currency", "age", "month"}
        known |= {"proof"}
        used = {name for metric in METRICS for name in metric.label_names}
        self.assertEqual(used, known)

    def test_the_page_is_written_from_the_list(self):
        page = (_ROOT / "docs" / "metrics.rst").read_text(encoding="utf-8")
        self.assertEqual(page, metrics_page.write(), "run `make lint FIX=1`")
        for metric in METRICS:
            self.assertIn(metric.definition, " ".join(page.split()))
