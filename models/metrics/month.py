from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .month_query import QUERY, find_column, find_shares, find_transferred_out
from .rates import find_rate

#: What is counted at the beginning or at the end of a month. Of several months, it is
#: that of the first one, or of the last one.
_AT_AN_END = {
    "opening": "min",
    "opening_tenants": "min",
    "closing": "max",
    "closing_year": "max",
    "closing_tenants": "max",
    "drift": "max",
}


class SaasMrrMonth(models.Model):
    """What recurs, month by month, in the currency of the company: what there was at
    its beginning, what has moved, and what there was at its end; and what that says of
    churn and retention. It is found from the movements alone.

    Of several months together, the beginning is that of the first one and the end that
    of the last one; shares are found from the sums, and never from other shares.
    """

    _name = "saas.mrr.month"
    _description = "SaaS MRR by month"
    _inherit = ["saas.guarded.mixin"]
    _auto = False
    _order = "month desc, plan_id, id"
    _rec_name = "month"
    _depends = {
        "saas.mrr.movement": ["amount_company", "day", "kind", "tenants"],
        "saas.plan": ["group_id"],
    }

    month = fields.Date(readonly=True, help="Its first day.")
    company_id = fields.Many2one("res.company", readonly=True)
    plan_id = fields.Many2one(
        "saas.plan",
        readonly=True,
        help="It is empty where another platform bills, since its plans are its own.",
    )
    group_id = fields.Many2one(
        "saas.plan.group",
        string="Plan Group",
        readonly=True,
        help="The group that the plan belongs to today.",
    )
    currency_id = fields.Many2one(
        "res.currency", readonly=True, help="The currency that tenants pay in."
    )
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    opening = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What recurred a month at the beginning.",
    )
    new_amount = fields.Monetary(
        string="New",
        currency_field="company_currency_id",
        readonly=True,
        help="The first MRR of tenants that never had any. An example: 4 seats for 500 "
        "a year each are 166.67.",
    )
    expansion = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Any rise of what a tenant pays: more seats, a second subscription, the "
        "end of a discount. An example: 2 seats of another plan for 30 a month each "
        "are 60.",
    )
    contraction = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Any fall of what a tenant pays, also the end of one of several "
        "subscriptions. An example: these 2 seats are canceled beside the others, "
        "which is -60.",
    )
    churn = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What tenants paid whose last subscription has ended. An example: the 4 "
        "seats end with the year that was paid, which is -166.67.",
    )
    reactivation = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What tenants pay who had left and are back. An example: the tenant comes "
        "back with 3 seats for 50 a month each, which is 150.",
    )
    transfer = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What tenants have moved from one plan to another. All plans together, it "
        "is nothing.",
    )
    left_plan = fields.Monetary(
        string="Moved to Other Plans",
        currency_field="company_currency_id",
        readonly=True,
        help="What tenants have moved from this plan to others.",
    )
    left_group = fields.Monetary(
        string="Moved to Other Groups",
        currency_field="company_currency_id",
        readonly=True,
        help="What tenants have moved from the group of this plan to others. It stands "
        "at one of the plans of the group.",
    )
    closing = fields.Monetary(
        string="MRR",
        currency_field="company_currency_id",
        readonly=True,
        help="What recurs a month at the end: what there was at the beginning, and all "
        "that has moved.",
    )
    closing_year = fields.Monetary(
        string="ARR",
        currency_field="company_currency_id",
        readonly=True,
        help="What recurs a year at the end: twelve times the MRR.",
    )
    drift = fields.Monetary(
        string="Exchange Difference",
        currency_field="company_currency_id",
        readonly=True,
        help="What the MRR of the end would be more at the rates of the month's last "
        "day. A movement keeps the rate of its own day, and a rate that moves is no "
        "movement.",
    )
    opening_tenants = fields.Integer(string="Tenants at the Beginning", readonly=True)
    new_tenants = fields.Integer(readonly=True, help="Tenants that came, or came back.")
    lost_tenants = fields.Integer(
        readonly=True, help="Tenants whose last subscription has ended."
    )
    closing_tenants = fields.Integer(
        string="Tenants",
        readonly=True,
        help="Tenants that pay at the end. Each is counted once: for the plan for "
        "which it paid most when it came, as long as it has that.",
    )
    gross_churn = fields.Float(
        aggregator="avg",
        readonly=True,
        help="Churn and contraction over the MRR of the beginning. An example: of 100, "
        "10 churn and 10 contract, which is 20 %.",
    )
    net_churn = fields.Float(
        aggregator="avg",
        readonly=True,
        help="Churn and contraction less expansion and reactivation, over the MRR of "
        "the beginning. An example: of 100, 10 churn, 10 contract and 10 expand, which "
        "is 10 %. Below zero, tenants pay more than was lost.",
    )
    net_retention = fields.Float(
        string="Net Retention (NRR)",
        aggregator="avg",
        readonly=True,
        help="How much of the MRR of the beginning the same tenants pay at the end, "
        "expansion included. Who came back was not retained. An example: of 100, 10 "
        "churn, 10 contract and 10 expand, which is 90 %. By plan or by group of plans "
        "what tenants have moved elsewhere was not retained, and what they have moved "
        "here was won; within a group, neither.",
    )
    gross_retention = fields.Float(
        string="Gross Retention (GRR)",
        aggregator="avg",
        readonly=True,
        help="How much of the MRR of the beginning was not lost, whatever was won. An "
        "example: of 100, 10 churn, 10 contract and 10 expand, which is 80 %. By plan "
        "or by group of plans, what tenants have moved elsewhere was lost, too.",
    )
    tenant_churn = fields.Float(
        aggregator="avg",
        readonly=True,
        help="Tenants that left over those at the beginning. An example: of 20 tenants "
        "that pay 30 each, 3 leave and the others pay 2 more each. Tenant churn is "
        "15 %, and net churn is 56 of 600, which is 9.33 %.",
    )

    @property
    def _table_query(self):
        last_day = SQL("(each.month + interval '1 month - 1 day')::date")
        return SQL(
            QUERY,
            rate=find_rate(SQL("each.currency_id"), SQL("company"), last_day),
            **find_shares(find_column),
        )

    def _read_group_select(self, aggregate_spec, query):
        """Find what is at an end of several months, and shares, from their sums."""
        name, _colon, _function = aggregate_spec.partition(":")
        shares = find_shares(lambda part: self._sum_up(part, query))
        if name in _AT_AN_END:
            return self._sum_up(name, query)
        if name in shares:
            return shares[name]
        return super()._read_group_select(aggregate_spec, query)

    def _sum_up(self, name, query):
        if name == "transferred_out":
            return find_transferred_out(
                lambda column: self._field_to_sql(self._table, column, query)
            )
        value = self._field_to_sql(self._table, name, query)
        if name not in _AT_AN_END:
            return SQL("sum(%s)", value)
        month = self._field_to_sql(self._table, "month", query)
        return SQL(
            """(SELECT sum(own.amount)
                  FROM unnest(array_agg(%(value)s), array_agg(%(month)s))
                       AS own(amount, month)
                 WHERE own.month = %(end)s(%(month)s))""",
            value=value,
            month=month,
            end=SQL(_AT_AN_END[name]),
        )

    def action_view_movements(self):
        """Open the movements of these months."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_mrr_movement_action"
        )
        domain = Domain.OR(row._get_movements_domain() for row in self)
        return self._in_company({**action, "domain": list(domain), "context": {}})

    def _get_movements_domain(self):
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("plan_id", "=", self.plan_id.id)
            & Domain("currency_id", "=", self.currency_id.id)
            & Domain("day", ">=", self.month)
            & Domain("day", "<", self.month + relativedelta(months=1))
        )
