from odoo import api, fields, models


class SaasSubscriptionEvent(models.Model):
    """Shows the figures behind a reason: both computations, side by side."""

    _inherit = "saas.subscription.event"

    figures = fields.Json(readonly=True)
    figures_html = fields.Html(
        string="Comparison", compute="_compute_figures_html", sanitize=False
    )

    @api.depends("figures")
    def _compute_figures_html(self):
        for event in self:
            event.figures_html = event.figures and self.env["ir.qweb"]._render(
                "saas_billing_sync.saas_event_tax_figures", event.figures
            )
