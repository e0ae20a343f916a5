from odoo import fields, models


class ResCompany(models.Model):
    """Says what a company does about tenants that do not pay: nothing until somebody
    chooses a policy.
    """

    _inherit = "res.company"

    dunning_policy_id = fields.Many2one(
        "saas.dunning.policy",
        string="SaaS Billing: Dunning",
        domain="[('company_id', '=', id)]",
        help="What is done when tenants do not pay. Empty: nothing, unless a tenant "
        "has a policy of its own.",
    )

    def _get_dunning_day(self):
        """Return which day it is for the company, in its own time zone."""
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self._get_mrr_zone()))
