from odoo import api, fields, models
from odoo.tools import SQL

from .profit_query import LINES, MONTHS


class SaasProfitMonth(models.Model):
    """What a tenant brought in and cost in a month, by plan, in the currency of the
    company. It is what Odoo's analytic accounting says of the tenant's account, and
    nothing beside it.

    Costs are below zero, so that the columns of a row add up to its margin.
    """

    _name = "saas.profit.month"
    _description = "SaaS profitability by tenant"
    _inherit = ["saas.guarded.mixin"]
    _auto = False
    _order = "month desc, tenant_id, id"
    _rec_name = "tenant_id"
    _depends = {
        "account.analytic.line": [
            *("amount", "date", "company_id", "general_account_id"),
            *("move_line_id", "saas_allocation_id"),
        ],
        "account.move.line": ["product_id", "saas_plan_id"],
        "saas.charge": ["component_id", "move_line_id"],
        "saas.tenant": ["analytic_account_id", "merged_into_id"],
    }

    month = fields.Date(readonly=True, help="Its first day.")
    company_id = fields.Many2one("res.company", readonly=True)
    tenant_id = fields.Many2one("saas.tenant", readonly=True)
    plan_id = fields.Many2one(
        "saas.plan",
        readonly=True,
        help="The plan that was charged for, or the only one that sells the product. "
        "Fees, losses and costs are of none.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    revenue = fields.Monetary(
        readonly=True, help="What was credited to income accounts."
    )
    refunds = fields.Monetary(
        string="Refunds and Credits",
        readonly=True,
        help="What was taken from income accounts: credit notes, and what else gives "
        "back.",
    )
    fees = fields.Monetary(
        readonly=True, help="What payment systems kept of this tenant's money."
    )
    disputes = fields.Monetary(
        string="Lost Disputes",
        readonly=True,
        help="What was booked on the account of chargeback losses.",
    )
    bad_debt = fields.Monetary(
        readonly=True,
        help="What was given up, less what was paid after all.",
    )
    assigned = fields.Monetary(
        string="Assigned Costs",
        readonly=True,
        help="Costs that people gave the tenant, by analytic distribution.",
    )
    allocated = fields.Monetary(
        string="Spread Costs", readonly=True, help="What cost runs gave the tenant."
    )
    margin = fields.Monetary(
        readonly=True, help="What is left: all columns come to it."
    )

    @property
    def _table_query(self):
        return SQL(
            """SELECT each.*, company.currency_id
                 FROM (%s) each JOIN res_company company ON company.id = each.company_id
            """,
            SQL(MONTHS, account=self._get_account_column()),
        )

    @api.model
    def _get_account_column(self):
        """Return the column in which analytic lines have a tenant's account. Without
        any tenant's account, that of another plan has none either.
        """
        plan = self.env["account.analytic.plan"]._find_saas_tenants()
        return SQL.identifier(plan._column_name() if plan else "account_id")

    def action_view_lines(self):
        """Open the analytic lines of these rows."""
        self.check_access("read")
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT line.id FROM (%(lines)s) line
                     JOIN unnest(%(companies)s, %(tenants)s, %(plans)s,
                                 %(months)s::date[])
                          AS row(company_id, tenant_id, plan_id, month)
                       ON row.company_id = line.company_id
                      AND row.tenant_id = line.tenant_id
                      AND row.plan_id = COALESCE(line.plan_id, 0)
                      AND row.month = line.month""",
                lines=SQL(LINES, account=self._get_account_column()),
                companies=[row.company_id.id for row in self],
                tenants=[row.tenant_id.id for row in self],
                plans=[row.plan_id.id or 0 for row in self],
                months=[str(row.month) for row in self],
            )
        )
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Revenue and Costs"),
                "res_model": "account.analytic.line",
                "view_mode": "list,kanban,form,graph,pivot",
                "domain": [("id", "in", [line_id for (line_id,) in rows])],
                "context": {"create": False},
            }
        )
