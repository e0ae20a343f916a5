from odoo import fields, models


class SaasPlanGroup(models.Model):
    """Plans that are looked at together in reports, such as all that are sold to small
    companies. Nothing that is sold or billed hangs on it.
    """

    _name = "saas.plan.group"
    _description = "SaaS group of plans"
    _inherit = ["saas.guarded.mixin"]
    _check_company_auto = True
    _order = "name, id"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    plan_ids = fields.One2many(
        "saas.plan", "group_id", string="Plans", check_company=True
    )

    def _get_log_source(self):
        """Return the source in whose log a change is noted: its company's first."""
        return self._get_log_of_company()
