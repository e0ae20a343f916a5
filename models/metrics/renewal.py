import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .month_query import find_share
from .rates import find_rate

_SHARES = {"rate": ("renewed", "due"), "value_rate": ("renewed_amount", "due_amount")}
#: What follows from a subscription, beside its id and the moment.
_FOLLOWS = (
    *("company_id", "tenant_id", "plan_version_id", "plan_id", "currency_id", "day"),
    *("due", "renewed", "due_amount", "renewed_amount", "after_amount"),
    *("rate", "value_rate"),
)
_UPSERT = """
INSERT INTO saas_mrr_renewal AS known (subscription_id, ended_at, %(columns)s)
SELECT row.subscription, row.at,
       company.id, held.tenant_id, row.plan, version.plan_id, currency.id, row.day,
       1, worth.renewed, worth.due, least(worth.due, worth.after), worth.after,
       worth.renewed, (least(worth.due, worth.after) / worth.due)::float
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(
       subscription int, at timestamp, day date, plan int, currency text,
       amount numeric, after_currency text, after numeric)
  JOIN saas_subscription held ON held.id = row.subscription
  JOIN res_company company ON company.id = held.company_id
  JOIN res_currency currency ON currency.name = row.currency
  LEFT JOIN res_currency other ON other.name = row.after_currency
  LEFT JOIN saas_plan_version version ON version.id = row.plan
 CROSS JOIN LATERAL (
       SELECT round(row.amount * (%(rate)s)::numeric, 6) AS due,
              CASE WHEN row.after = 0 THEN 0
                   ELSE round(row.after * (%(other_rate)s)::numeric, 6) END AS after,
              (row.after <> 0)::int AS renewed) worth
 WHERE worth.due <> 0
ON CONFLICT (subscription_id, ended_at) DO UPDATE SET (%(columns)s) = (%(new)s)
 WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
"""


class SaasMrrRenewal(models.Model):
    """A term of a subscription that has ended, and whether the subscription went on:
    what the rate of renewals by month is made of. It follows from the subscription, and
    is brought to that whenever the tenant is counted.

    Of several rows together, rates are found from the sums.
    """

    _name = "saas.mrr.renewal"
    _description = "SaaS renewal rate"
    _inherit = ["saas.guarded.mixin"]
    _order = "day desc, id desc"
    _log_access = False
    _rec_name = "subscription_id"

    subscription_id = fields.Many2one(
        "saas.subscription", required=True, readonly=True, ondelete="restrict"
    )
    tenant_id = fields.Many2one(
        "saas.tenant", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    plan_version_id = fields.Many2one(
        "saas.plan.version",
        string="Plan",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What was held when the term ended. It is empty where another platform "
        "bills, since its plans are its own.",
    )
    plan_id = fields.Many2one(
        "saas.plan",
        string="Plan in All Versions",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    group_id = fields.Many2one(
        related="plan_id.group_id",
        string="Plan Group",
        help="The group that the plan belongs to today.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="The currency that the tenant paid in.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    ended_at = fields.Datetime(string="Term Ended", required=True, readonly=True)
    day = fields.Date(
        required=True, readonly=True, help="The day on which the term ended."
    )
    due = fields.Integer(
        string="Up for Renewal",
        required=True,
        readonly=True,
        help="Terms that ended: what was agreed for some months, or a paid period of "
        "more than a month where nothing was agreed. What was ended before its time is "
        "churn, and not counted here.",
    )
    renewed = fields.Integer(
        required=True,
        readonly=True,
        help="Terms after which the subscription went on, whatever it costs since.",
    )
    due_amount = fields.Monetary(
        string="MRR up for Renewal",
        currency_field="company_currency_id",
        required=True,
        readonly=True,
        help="What was paid a month when the term ended, at that day's rate.",
    )
    renewed_amount = fields.Monetary(
        string="MRR Renewed",
        currency_field="company_currency_id",
        required=True,
        readonly=True,
        help="What of that is paid since. What is paid beyond that is not in here.",
    )
    after_amount = fields.Monetary(
        string="MRR After the Term",
        currency_field="company_currency_id",
        required=True,
        readonly=True,
        help="What is paid a month since: also what a renewal has risen by.",
    )
    rate = fields.Float(
        string="Renewal Rate",
        aggregator="avg",
        readonly=True,
        help="Terms that were renewed over those that ended. An example: of 4 terms "
        "that end in July, 3 are renewed, which is 75 %.",
    )
    value_rate = fields.Float(
        string="Renewal Rate by Value",
        aggregator="avg",
        readonly=True,
        help="The MRR that was renewed over that of the terms that ended. An example: "
        "terms of 100, 50, 30 and 20 end; the first goes on at 100, the second at 60, "
        "the third at 15, and the last one ends. 100, 50 and 15 of 200 were renewed, "
        "which is 82.5 %.",
    )

    _term_unique = models.UniqueIndex("(subscription_id, ended_at)")
    _report_index = models.Index("(company_id, day)")

    def write(self, vals):  # pylint: disable=method-required-super
        # There is nothing to call: only the statement below writes.
        raise AccessError(
            self.env._("What was renewed follows from subscriptions: change those.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Renewals can't be deleted: they follow from subscriptions.")
        )

    @api.model
    def _refresh(self, renewals):
        """Bring the rows of subscriptions to what follows from them now.

        :param renewals: by a subscription's id, its values as
            :meth:`_prepare_row_vals` makes them.
        """
        rows = [
            {"subscription": subscription, **vals}
            for subscription, own in renewals.items()
            for vals in own
        ]
        told = json.dumps(rows, default=str)
        self.env.cr.execute(
            SQL(
                """DELETE FROM saas_mrr_renewal known
                    WHERE subscription_id = ANY(%s) AND NOT EXISTS (
                          SELECT 1 FROM jsonb_to_recordset(%s::jsonb)
                                 AS row(subscription int, at timestamp)
                           WHERE row.subscription = known.subscription_id
                             AND row.at = known.ended_at)""",
                list(renewals),
                told,
            )
        )
        if rows:
            self._upsert(told)
        self.invalidate_model(flush=False)

    def _upsert(self, rows):
        """Add rows, and change those that are other ones now.

        :param rows: as JSON.
        """
        company, day = SQL("company"), SQL("row.day")
        self.env.cr.execute(
            SQL(
                _UPSERT,
                columns=_list(),
                new=_list("excluded"),
                old=_list("known"),
                rows=rows,
                rate=find_rate(SQL("currency.id"), company, day),
                other_rate=find_rate(SQL("other.id"), company, day),
            )
        )

    def _read_group_select(self, aggregate_spec, query):
        """Find rates of several terms from their sums."""
        name, _colon, _function = aggregate_spec.partition(":")
        if name not in _SHARES:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (
            SQL("sum(%s)", self._field_to_sql(self._table, column, query))
            for column in _SHARES[name]
        )
        return find_share(part, whole)

    def action_view_subscriptions(self):
        """Open the subscriptions whose terms these are."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_subscription_action"
        )
        domain = [("id", "in", self.subscription_id.ids)]
        return self._in_company({**action, "domain": domain, "context": {}})


def _list(table=None):
    """Return the columns that follow from a subscription, as a list in SQL."""
    columns = (
        SQL.identifier(table, name) if table else SQL.identifier(name)
        for name in _FOLLOWS
    )
    return SQL(", ").join(columns)
