from odoo import fields, models


class SaasDunningMinimum(models.Model):
    """How much has to be overdue in a currency for a step to be taken. A currency
    without a row has no such limit: an amount is never converted.
    """

    _name = "saas.dunning.minimum"
    _description = "SaaS dunning minimum"
    _inherit = ["saas.guarded.mixin"]
    _order = "currency_id, id"

    step_id = fields.Many2one(
        "saas.dunning.policy.step", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="step_id.company_id", store=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(required=True)

    _currency_unique = models.UniqueIndex(
        "(step_id, currency_id)", "A step has one amount for each currency."
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "What has to be overdue at least is above zero."
    )

    def _get_log_source(self):
        """Return the source in whose log a change of a limit is noted."""
        return self._get_log_of_company()
