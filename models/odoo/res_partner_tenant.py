from odoo import fields, models


class ResPartner(models.Model):
    """Leads from a contact to the tenants that it is, for those who may see them."""

    _inherit = "res.partner"

    saas_tenant_count = fields.Integer(
        string="SaaS Tenants",
        compute="_compute_saas_tenant_count",
        groups="saas_billing_sync.group_saas_user",
    )

    def _compute_saas_tenant_count(self):
        groups = self.env["saas.tenant"]._read_group(
            [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.saas_tenant_count = counts.get(partner._origin.id, 0)

    def action_view_saas_tenants(self):
        """Open the tenants that this contact is, in the companies of the user."""
        self.ensure_one()
        tenants = self.env["saas.tenant"].search([("partner_id", "=", self.id)])
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("SaaS Tenants"),
            "res_model": tenants._name,
            "view_mode": "list,form",
            "domain": [("id", "in", tenants.ids)],
        }
        if len(tenants) == 1:
            action.update(view_mode="form", res_id=tenants.id)
        return action
