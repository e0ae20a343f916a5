from odoo import fields, models
from odoo.tools import SQL

from .month_query import find_share

_QUERY = """
WITH come AS (
    -- A tenant comes in the month of its first movement that is not taken back.
    SELECT tenant_id, company_id, min(day) AS day
      FROM (SELECT tenant_id, company_id, min(day) AS day
              FROM saas_mrr_movement WHERE kind = 'new'
             GROUP BY tenant_id, company_id, at
            HAVING sum(tenants) > 0) found
     GROUP BY 1, 2
),
moved AS (
    SELECT come.company_id, date_trunc('month', come.day)::date AS cohort,
           greatest(date_trunc('month', row.day), date_trunc('month', come.day))::date
               AS month,
           sum(row.amount_company) AS amount, sum(row.tenants) AS tenants
      FROM come
      JOIN saas_mrr_movement row
        ON row.tenant_id = come.tenant_id AND row.company_id = come.company_id
     GROUP BY 1, 2, 3
),
calendar AS (
    SELECT company_id, cohort, month::date
      FROM (SELECT company_id, cohort, max(month) AS last
              FROM moved GROUP BY 1, 2) held,
           generate_series(
               cohort, greatest(last, date_trunc('month', now() AT TIME ZONE 'UTC')),
               interval '1 month') AS month
),
each AS (
    SELECT calendar.company_id, calendar.cohort, calendar.month,
           (extract(year FROM calendar.month) - extract(year FROM calendar.cohort))::int
               * 12 + (extract(month FROM calendar.month)
                       - extract(month FROM calendar.cohort))::int AS age,
           COALESCE(sum(amount) OVER past, 0) AS amount,
           COALESCE(sum(tenants) OVER past, 0) AS tenants
      FROM calendar
      LEFT JOIN moved USING (company_id, cohort, month)
    WINDOW past AS (
        PARTITION BY calendar.company_id, calendar.cohort ORDER BY calendar.month)
)
SELECT each.company_id * 10000000::bigint
           + ((extract(year FROM each.cohort) - 1900)::int * 12
              + extract(month FROM each.cohort)::int) * 2000
           + each.age AS id,
       each.company_id, company.currency_id AS company_currency_id, each.cohort,
       each.month, each.age, each.amount, each.tenants,
       first.amount AS first_amount, first.tenants AS first_tenants,
       %(retention)s AS retention, %(tenant_retention)s AS tenant_retention
  FROM each
  JOIN each first
    ON first.company_id = each.company_id AND first.cohort = each.cohort
   AND first.age = 0
  JOIN res_company company ON company.id = each.company_id
"""
_SHARES = {
    "retention": ("amount", "first_amount"),
    "tenant_retention": ("tenants", "first_tenants"),
}


class SaasMrrCohort(models.Model):
    """What is left of the tenants that came in the same month, so many months later: of
    what they pay, and of their number. Who left and came back counts again.
    """

    _name = "saas.mrr.cohort"
    _description = "SaaS MRR by cohort"
    _inherit = ["saas.guarded.mixin"]
    _auto = False
    _order = "cohort desc, age"
    _rec_name = "cohort"
    _depends = {"saas.mrr.movement": ["amount_company", "day", "kind", "tenants"]}

    cohort = fields.Date(
        string="Came In", readonly=True, help="The first day of that month."
    )
    month = fields.Date(readonly=True, help="Its first day.")
    age = fields.Integer(
        string="Months Later", readonly=True, aggregator=None, help="Whole months."
    )
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(
        string="MRR",
        currency_field="company_currency_id",
        readonly=True,
        help="What they pay a month at the end of that month.",
    )
    first_amount = fields.Monetary(
        string="MRR of the First Month",
        currency_field="company_currency_id",
        readonly=True,
    )
    tenants = fields.Integer(
        readonly=True, help="How many of them pay at the end of that month."
    )
    first_tenants = fields.Integer(string="Tenants of the First Month", readonly=True)
    retention = fields.Float(
        aggregator="avg",
        readonly=True,
        help="What they pay over what they paid at the end of their first month. An "
        "example: tenants came with 100 and pay 90 a year later, which is 90 %.",
    )
    tenant_retention = fields.Float(
        aggregator="avg",
        readonly=True,
        help="How many of them pay over those at the end of their first month. An "
        "example: of 20 tenants, 3 have left, which is 85 %.",
    )

    @property
    def _table_query(self):
        shares = {
            name: find_share(
                SQL.identifier("each", part), SQL.identifier("first", _column(whole))
            )
            for name, (part, whole) in _SHARES.items()
        }
        return SQL(_QUERY, **shares)

    def _read_group_select(self, aggregate_spec, query):
        """Find shares of several cohorts from their sums."""
        name, _colon, _function = aggregate_spec.partition(":")
        if name not in _SHARES:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (
            SQL("sum(%s)", self._field_to_sql(self._table, column, query))
            for column in _SHARES[name]
        )
        return find_share(part, whole)


def _column(name):
    return name.removeprefix("first_")
