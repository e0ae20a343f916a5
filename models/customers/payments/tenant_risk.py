from odoo import api, fields, models


class SaasTenant(models.Model):
    """Says whether a tenant is at risk: whether a source doubts a payment of it, or the
    tenant itself. Then nothing is collected from it, and it gets no reminders.
    """

    _inherit = "saas.tenant"

    risk_ids = fields.One2many("saas.risk", "tenant_id", string="Risks")
    risk = fields.Selection(
        [("none", "No risk"), ("open", "At risk")],
        compute="_compute_risk",
        store=True,
        tracking=True,
        help="At risk means that a fraud warning or a review is open. Nothing is "
        "collected from the tenant then, and it gets no reminders.",
    )

    @api.depends("risk_ids.state", "is_guest")
    def _compute_risk(self):
        flagged = self.env["saas.risk"]._read_group(
            [("tenant_id", "in", self.ids), ("state", "=", "open")], ["tenant_id"]
        )
        at_risk = {tenant.id for (tenant,) in flagged}
        for tenant in self:
            # Guests are many people, of whom one is doubted.
            is_one = tenant.id in at_risk and not tenant.is_guest
            tenant.risk = "open" if is_one else "none"

    def _filter_collection_stopped(self):
        """Return those of these tenants from whom no money is to be collected, and who
        are not to be reminded, because a risk of theirs is open.
        """
        return self.filtered(lambda tenant: tenant.risk == "open")

    def action_view_risks(self):
        """Open the risks of this tenant."""
        return self._action_view(self.env._("Risks"), "saas.risk", "tenant_id")
