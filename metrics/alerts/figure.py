from odoo import models

from ...canonical.display import metrics
from .. import parts, words
from ..sample import Sample

_ALERTS = "saas_billing_sync.saas_alert_action"
_OPEN = [("state", "=", "open")]


class SaasMetricsAlerts(models.AbstractModel):
    """Reads which alerts are open."""

    _name = "saas.metrics.alerts"
    _description = "SaaS figures of alerts"

    def _read(self):
        """Return the samples of the companies in which the user works."""
        rows = self.env["saas.alert"]._read_group(
            [*_OPEN, ("company_id", "in", self.env.companies.ids)],
            ["company_id", "source_id", "kind"],
            ["__count"],
        )
        return [
            Sample(metrics.ALERTS, count, company.id, source.id, {"kind": kind})
            for company, source, kind, count in rows
        ]

    def _lay_out(self, samples):
        """Return the tile that says how many alerts are open, and leads to them."""
        total = sum(sample.value for sample in samples)
        label = self.env._("Alerts Are Open")
        opens = parts.opening(label, _OPEN, _ALERTS)
        tone = "danger" if total else "success"
        text = words.number(self.env, total)
        return parts.tile("alerts", label, total, text, opens, tone)
