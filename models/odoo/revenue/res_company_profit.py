from odoo import fields, models


class ResCompany(models.Model):
    """Says of a company from which day on its books tell tenants apart."""

    _inherit = "res.company"

    profit_from = fields.Date(
        string="SaaS Billing: Profitability From",
        help="From this day on, what is booked of a tenant carries the tenant's "
        "analytic account: revenue, refunds, fees, disputes and bad debt. Empty: it "
        "carries none. What is booked already stays as it is.",
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("profit_from"):
            tenants = self.env["saas.tenant"].sudo().with_context(active_test=False)
            tenants.search([("company_id", "in", self.ids)])._ensure_analytic_accounts()
        return result
