from odoo import api, models

#: Which plan it is. Whoever uninstalls this app keeps the plan and what it tells.
_PARAMETER = "saas_billing_sync.tenants_plan"


class AccountAnalyticPlan(models.Model):
    """Knows the one plan of the database whose accounts are tenants."""

    _inherit = "account.analytic.plan"

    @api.model
    def _find_saas_tenants(self):
        """Return the plan whose accounts are tenants; an empty recordset where no
        company has ever switched profitability on.
        """
        number = self.env["ir.config_parameter"].sudo().get_param(_PARAMETER)
        return self.sudo().browse(int(number) if number else []).exists()

    @api.model
    def _ensure_saas_tenants(self):
        """Return the plan whose accounts are tenants, made if there is none."""
        plan = self._find_saas_tenants()
        if not plan:
            plan = self.sudo().create({"name": self.env._("Tenants")})
            self.env["ir.config_parameter"].sudo().set_param(_PARAMETER, plan.id)
        return plan
