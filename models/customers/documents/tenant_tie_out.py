from odoo import SUPERUSER_ID, models

from ...notification import notify
from ...roles import FINANCE


class SaasTenant(models.Model):
    """Leads from a tenant to the page that has the four amounts of its documents side
    by side.
    """

    _inherit = "saas.tenant"

    def action_view_tie_out(self):
        """Open the tenant's documents with their four amounts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_tie_out_action"
        )
        return self._in_company(
            {**action, "domain": [("tenant_id", "=", self.id)], "context": {}}
        )

    def action_compare_four_ways(self):
        """Have the documents of these tenants compared now, by jobs."""
        self._check_may_act(*FINANCE)
        rows = self.env["saas.tie.out"].with_user(SUPERUSER_ID)
        for tenant in self:
            rows.with_delay(
                identity_key=f"saas_tie_out:tenant:{tenant.id}",
                description=self.env._("Compare documents four ways"),
                # A lost race is nobody's fault: it is tried until it is won.
                max_retries=0,
            )._job_tenant(tenant.id)
        return notify(
            self.env._("The documents are being compared. Open Tie-Out soon."), "info"
        )
