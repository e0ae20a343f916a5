from odoo import fields, models


class AccountAnalyticLine(models.Model):
    """An analytic line that a cost run has written: which cost it spreads, and of which
    month.
    """

    _name = "account.analytic.line"
    _inherit = ["account.analytic.line", "saas.code.only.mixin"]

    saas_allocation_id = fields.Many2one(
        "saas.profit.allocation",
        string="Spread Cost",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    saas_month = fields.Date(
        string="Cost of the Month",
        readonly=True,
        copy=False,
        help="The month that the cost is of, by its first day. The line has another "
        "day where that month was closed.",
    )
    saas_run_id = fields.Many2one(
        "saas.profit.run",
        string="Cost Run",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
