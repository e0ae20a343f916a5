from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: What a person may not change once something was spread by it: the past would follow.
_FIXED = frozenset(("account_id", "analytic_account_id", "driver", "meter_id"))


class SaasProfitAllocation(models.Model):
    """A cost that is spread over tenants month by month: which one, and by what."""

    _name = "saas.profit.allocation"
    _description = "SaaS cost that is spread over tenants"
    _inherit = ["saas.guarded.mixin"]
    _check_company_auto = True
    _order = "company_id, name, id"

    name = fields.Char(required=True, help="What analytic lines call it.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    account_id = fields.Many2one(
        "account.account",
        string="Cost Account",
        check_company=True,
        ondelete="restrict",
        domain="[('internal_group', '=', 'expense')]",
        help="What is booked on it, and was not given to tenants by analytic "
        "distribution, is spread.",
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        string="Or Analytic Account",
        check_company=True,
        ondelete="restrict",
        help="What it has, and tenants have not, is spread. It is of another plan than "
        "the tenants' accounts.",
    )
    driver = fields.Selection(
        [
            ("usage", "What tenants used of a meter"),
            ("seats", "The seats that tenants held, and for how long"),
            ("revenue", "The revenue of tenants"),
        ],
        string="Spread By",
        required=True,
        default="revenue",
        help="Each month's cost by the same month's use, seats or revenue.",
    )
    meter_id = fields.Many2one("saas.meter", check_company=True, ondelete="restrict")
    month_from = fields.Date(
        string="From the Month Of",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )
    month_until = fields.Date(string="Until the Month Of", help="Empty: it goes on.")
    line_ids = fields.One2many(
        "account.analytic.line", "saas_allocation_id", readonly=True
    )

    @api.constrains("account_id", "analytic_account_id", "driver", "meter_id")
    def _check_chosen(self):
        plan = self.env["account.analytic.plan"]._find_saas_tenants()
        for record in self.sudo():
            if bool(record.account_id) == bool(record.analytic_account_id):
                raise ValidationError(
                    self.env._(
                        "Choose the cost account or the analytic account whose costs "
                        "are spread: one of the two."
                    )
                )
            if plan and record.analytic_account_id.root_plan_id == plan:
                raise ValidationError(
                    self.env._(
                        "This is an account of a tenant. Choose an analytic account of "
                        "another plan: its costs are spread over tenants."
                    )
                )
            if (record.driver == "usage") != bool(record.meter_id):
                raise ValidationError(
                    self.env._(
                        "Choose a meter for what is spread by use, and none for what "
                        "is spread otherwise."
                    )
                )

    @api.constrains("account_id", "analytic_account_id", "month_from", "month_until")
    def _check_alone(self):
        """What two rows spread would be spread twice."""
        for record in self.sudo():
            others = self.sudo().search(
                [
                    ("company_id", "=", record.company_id.id),
                    ("account_id", "=", record.account_id.id),
                    ("analytic_account_id", "=", record.analytic_account_id.id),
                    ("id", "!=", record.id),
                ]
            )
            if any(record._has_month_of(other) for other in others):
                raise ValidationError(
                    self.env._(
                        "%s is spread by another row in some of these months. End that "
                        "one first.",
                        (record.account_id or record.analytic_account_id).display_name,
                    )
                )

    def _has_month_of(self, other):
        """Return whether both spread some month."""
        first, second = self._get_months(), other._get_months()
        return first[0] <= second[1] and second[0] <= first[1]

    def _get_months(self):
        """Return the first and the last month that are spread, by their first days."""
        until = self.month_until or fields.Date.to_date("9999-12-01")
        return self.month_from.replace(day=1), until.replace(day=1)

    def write(self, vals):
        changed = self.filtered(
            lambda record: any(
                record._fields[name].convert_to_write(record[name], record)
                != vals[name]
                for name in _FIXED & vals.keys()
            )
        )
        if changed.sudo().line_ids:
            raise UserError(
                self.env._(
                    "Something was spread by this row already, so its account and what "
                    "it goes by can't change. Give it a last month, and create another "
                    "row from the next month on."
                )
            )
        return super().write(vals)

    def _get_log_source(self):
        """Return the source in whose log a change of a row is noted."""
        return self._get_log_of_company()

    def action_view_lines(self):
        """Open what was spread of this cost."""
        self.ensure_one()
        self.check_access("read")
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Spread Costs"),
                "res_model": "account.analytic.line",
                "view_mode": "list,kanban,form,graph,pivot",
                "domain": [("saas_allocation_id", "=", self.id)],
                "context": {"create": False},
            }
        )
