from odoo import fields, models


class SaasTenant(models.Model):
    """A tenant's analytic account: what it brings in and what it costs."""

    _inherit = "saas.tenant"

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What is booked of this tenant carries it, where the company tells "
        "tenants apart. Give it a share of a bill, and the bill is a cost of this "
        "tenant.",
    )

    def _ensure_analytic_accounts(self):
        """Give those of these tenants an analytic account whose companies tell tenants
        apart, if they have none.
        """
        new = self.sudo().filtered(
            lambda tenant: (
                tenant.company_id.profit_from and not tenant.analytic_account_id
            )
        )
        if not new:
            return
        plan = self.env["account.analytic.plan"]._ensure_saas_tenants()
        accounts = self.env["account.analytic.account"].sudo()
        accounts = accounts.with_context(tracking_disable=True).create(
            [
                {
                    "name": tenant.name,
                    "plan_id": plan.id,
                    "company_id": tenant.company_id.id,
                }
                for tenant in new
            ]
        )
        for tenant, account in zip(new, accounts, strict=True):
            tenant.analytic_account_id = account

    def _rename_analytic_accounts(self):
        """Call the tenants' analytic accounts as the tenants are called by now."""
        for tenant in self.sudo().filtered("analytic_account_id"):
            tenant.analytic_account_id.name = tenant.name

    def action_view_profit(self):
        """Open what this tenant brings in and costs, month by month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_profit_month_action"
        )
        domain = [("tenant_id", "=", self.id)]
        return self._in_company({**action, "domain": domain, "context": {}})
