from odoo import api, fields, models
from odoo.exceptions import ValidationError


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

    @api.constrains("dunning_policy_id")
    def _check_dunning_policy(self):
        for company in self.sudo().filtered("dunning_policy_id"):
            if company.dunning_policy_id.company_id != company:
                raise ValidationError(
                    self.env._("Choose a dunning policy of %s itself.", company.name)
                )

    def _get_dunning_day(self):
        """Return which day it is for the company, in its own time zone."""
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self._get_mrr_zone()))
