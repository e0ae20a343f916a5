from odoo import fields, models


class SaasDunningQuietDay(models.Model):
    """A day, such as a holiday, on which a policy does nothing."""

    _name = "saas.dunning.quiet.day"
    _description = "SaaS dunning quiet day"
    _inherit = ["saas.guarded.mixin"]
    _order = "day, id"
    _rec_name = "day"

    policy_id = fields.Many2one(
        "saas.dunning.policy", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    day = fields.Date(required=True)
    name = fields.Char(string="Why")

    _day_unique = models.UniqueIndex(
        "(policy_id, day)", "This day is among the policy's quiet days already."
    )

    def _get_log_source(self):
        """Return the source in whose log a change of a quiet day is noted."""
        return self._get_log_of_company()
