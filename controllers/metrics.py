from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.openmetrics import exposition

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..canonical.display.metric import Unit
from ..canonical.display.metrics import METRICS
from .bearer import find_token, refuse

#: Units that OpenMetrics knows by the end of a name.
_NAMED = (Unit.SECONDS, Unit.RATIO, Unit.DAYS)


class SaasMetrics(http.Controller):
    """Tells machines the figures of one company, as OpenMetrics text."""

    @http.route(
        "/saas/metrics",
        type="http",
        auth="none",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def tell(self):
        """Answer with all figures of the company that the bearer token is for. The
        answer is 403 over plain http and for a token that reads something else, 404
        while no company has a token, and 401 for a token that is none.
        """
        token, refusal = find_token("figures")
        if refusal and refusal.status_code == 401 and not _is_offered():
            return refuse(404, "not found")
        if refusal:
            return refusal
        told = token.env["saas.metrics.figures"]._read_for_machines(token.company_id)
        return http.Response(
            exposition.generate_latest(_Snapshot(told)),
            content_type=exposition.CONTENT_TYPE_LATEST,
            headers=[("Cache-Control", "no-store")],
        )


class _Snapshot:
    """What was read, in the form that ``prometheus_client`` writes. Nothing is counted
    in this process: each node would count for itself.
    """

    def __init__(self, told):
        self._told = told

    def collect(self):
        """Yield a family for each figure of the closed list."""
        for metric in METRICS:
            family_class = (
                HistogramMetricFamily if metric.is_histogram else GaugeMetricFamily
            )
            family = family_class(
                metric.name,
                metric.definition.replace("``", "").replace("*", ""),
                labels=metric.label_names,
                unit=metric.unit.value if metric.unit in _NAMED else "",
            )
            for labels, value in self._told[metric]:
                if metric.is_histogram:
                    family.add_metric(labels, value.cumulative, float(value.seconds))
                else:
                    family.add_metric(labels, value)
            yield family


def _is_offered():
    """Return whether any company has a token."""
    tokens = request.env(user=SUPERUSER_ID, context={})["saas.metrics.token"]
    return bool(tokens.search_count([("digest", "!=", False)], limit=1))
