from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.openmetrics import exposition

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..canonical.display.metric import Unit
from ..canonical.display.metrics import METRICS
from .border import is_private

_PLAIN = "Plain http is refused: ask by https."
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
        answer is 403 over plain http, 404 while no company has a token, and 401 for a
        token that is none.
        """
        if not is_private(request.httprequest):
            return http.Response(_PLAIN, status=403, content_type="text/plain")
        env = request.env(user=SUPERUSER_ID, context={})
        tokens = env["saas.metrics.token"]
        if not tokens.search_count([("digest", "!=", False)], limit=1):
            return http.Response("not found", status=404, content_type="text/plain")
        token = tokens._find(_get_bearer(request.httprequest.headers))
        if not token:
            return http.Response(
                "not authentic",
                status=401,
                content_type="text/plain",
                headers=[("WWW-Authenticate", "Bearer")],
            )
        told = env["saas.metrics.figures"]._read_for_machines(token.company_id)
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


def _get_bearer(headers):
    """Return the token of a request; empty if it has none."""
    scheme, _space, token = headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
