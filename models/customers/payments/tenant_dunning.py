from odoo import api, fields, models


class SaasTenant(models.Model):
    """Says what is done about a tenant that does not pay, and where that stands."""

    _inherit = "saas.tenant"

    dunning_policy_id = fields.Many2one(
        "saas.dunning.policy",
        string="Dunning",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="What is done when this tenant does not pay. Empty: what the company "
        "does. Choose a policy without steps to leave the tenant alone.",
    )
    dunning_state_ids = fields.One2many("saas.dunning.state", "tenant_id")
    is_restricted = fields.Boolean(
        string="Restricted for Debts",
        compute="_compute_is_restricted",
        store=True,
        compute_sudo=True,
        tracking=True,
        help="The tenant may use nothing as long as it owes for what a step of the "
        "dunning policy has restricted it. That ends by itself when it has paid.",
    )
    restriction_number = fields.Integer(
        readonly=True, copy=False, help="How often it was restricted or given back."
    )

    @api.depends("dunning_state_ids.is_restricted")
    def _compute_is_restricted(self):
        restricted = self.env["saas.dunning.state"]._read_group(
            [("tenant_id", "in", self.ids), ("is_restricted", "=", True)],
            ["tenant_id"],
        )
        found = {tenant.id for (tenant,) in restricted}
        for tenant in self:
            tenant.is_restricted = tenant.id in found

    def _get_dunning_policy(self):
        """Return what is done about this tenant, its own policy or its company's; none
        where nobody has chosen any.
        """
        self.ensure_one()
        policy = self.dunning_policy_id or self.company_id.dunning_policy_id
        return policy if policy.active else policy.browse()

    def _may_use_nothing(self):
        """Return whether this tenant is cut off from all that its subscriptions give:
        a person has suspended it, or it owes too much for too long.
        """
        self.ensure_one()
        return self.is_suspended or self.is_restricted

    def action_view_dunning(self):
        """Open what this tenant owes, by currency."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_dunning_state_action"
        )
        return self._in_company(
            {**action, "domain": [("tenant_id", "=", self.id)], "context": {}}
        )
