from odoo import api, fields, models

from ...canonical.payments.dunning import Act, Policy, Step

#: On which days of the week nothing is done, by number from Monday.
_WEEKENDS = {
    "none": frozenset(),
    "sun": frozenset((6,)),
    "sat_sun": frozenset((5, 6)),
    "fri_sat": frozenset((4, 5)),
}


class SaasDunningPolicy(models.Model):
    """What is done, and when, about tenants that do not pay. A company has none until
    somebody chooses one; a tenant may have its own.
    """

    _name = "saas.dunning.policy"
    _description = "SaaS dunning policy"
    _inherit = ["saas.guarded.mixin"]
    _check_company_auto = True
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    step_ids = fields.One2many(
        "saas.dunning.policy.step", "policy_id", string="Steps", copy=True
    )
    weekend = fields.Selection(
        [
            ("none", "Work on all days"),
            ("sun", "Rest on Sundays"),
            ("sat_sun", "Rest on Saturdays and Sundays"),
            ("fri_sat", "Rest on Fridays and Saturdays"),
        ],
        string="Days of the Week",
        required=True,
        default="sat_sun",
        help="What is due on a quiet day is done on the next day that is not.",
    )
    quiet_day_ids = fields.One2many(
        "saas.dunning.quiet.day", "policy_id", string="Quiet Days", copy=True
    )
    tenant_count = fields.Integer(
        string="Tenants of Their Own", compute="_compute_tenant_count"
    )
    is_default = fields.Boolean(
        string="Used by the Company", compute="_compute_is_default", compute_sudo=True
    )

    def _compute_tenant_count(self):
        groups = self.env["saas.tenant"]._read_group(
            [("dunning_policy_id", "in", self.ids)], ["dunning_policy_id"], ["__count"]
        )
        counts = dict(groups)
        for policy in self:
            policy.tenant_count = counts.get(policy, 0)

    @api.depends("company_id.dunning_policy_id")
    def _compute_is_default(self):
        for policy in self:
            policy.is_default = policy.company_id.dunning_policy_id == policy._origin

    def _make_policy(self, currency):
        """Return this policy as the rule takes it, in one currency; None if it is
        empty.

        :return: a :class:`~...canonical.payments.dunning.Policy`.
        """
        if not self:
            return None
        return Policy(
            self.id,
            tuple(
                Step(
                    step.id,
                    step.after_days,
                    Act(step.action),
                    step._get_least(currency),
                    step.least_count,
                )
                for step in self.step_ids
            ),
            _WEEKENDS[self.weekend],
            frozenset(self.quiet_day_ids.mapped("day")),
        )

    def _get_log_source(self):
        """Return the source in whose log a change of a policy is noted."""
        return self._get_log_of_company()

    def action_view_tenants(self):
        """Open the tenants that have chosen this policy for themselves."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_tenant_action"
        )
        return self._in_company(
            {**action, "domain": [("dunning_policy_id", "=", self.id)]}
        )
