"""The query of MRR by month. There is a row for each company, plan and currency, from
the month of its first movement until now, so that each month has a beginning.
"""

from odoo.tools import SQL

QUERY = """
WITH moved AS (
    SELECT company_id, plan_id, currency_id, date_trunc('month', day)::date AS month,
           min(id) AS first_id,
           sum(amount_company) FILTER (WHERE kind = 'new') AS new_amount,
           sum(amount_company) FILTER (WHERE kind = 'expansion') AS expansion,
           sum(amount_company) FILTER (WHERE kind = 'contraction') AS contraction,
           sum(amount_company) FILTER (WHERE kind = 'churn') AS churn,
           sum(amount_company) FILTER (WHERE kind = 'reactivation') AS reactivation,
           sum(amount_company) FILTER (WHERE kind = 'transfer') AS transfer,
           sum(amount_company) AS net,
           sum(amount) AS net_own,
           sum(tenants) AS tenants,
           sum(tenants) FILTER (WHERE kind IN ('new', 'reactivation')) AS new_tenants,
           -sum(tenants) FILTER (WHERE kind = 'churn') AS lost_tenants
      FROM saas_mrr_movement
     GROUP BY 1, 2, 3, 4
),
calendar AS (
    SELECT company_id, plan_id, currency_id, first_id, month::date
      FROM (SELECT company_id, plan_id, currency_id, min(first_id) AS first_id,
                   min(month) AS first, max(month) AS last
              FROM moved GROUP BY 1, 2, 3) held,
           generate_series(
               first, greatest(last, date_trunc('month', now() AT TIME ZONE 'UTC')),
               interval '1 month') AS month
),
each AS (
    SELECT calendar.company_id, calendar.plan_id, calendar.currency_id, calendar.month,
           -- Movements are only added, so the first one of a plan stays the first one.
           calendar.first_id * 10000::bigint
               + (extract(year FROM calendar.month) - 1900)::int * 12
               + extract(month FROM calendar.month)::int AS id,
           COALESCE(new_amount, 0) AS new_amount,
           COALESCE(expansion, 0) AS expansion,
           COALESCE(contraction, 0) AS contraction,
           COALESCE(churn, 0) AS churn,
           COALESCE(reactivation, 0) AS reactivation,
           COALESCE(transfer, 0) AS transfer,
           COALESCE(new_tenants, 0) AS new_tenants,
           COALESCE(lost_tenants, 0) AS lost_tenants,
           COALESCE(sum(net) OVER past, 0) AS closing,
           COALESCE(sum(net) OVER past, 0) - COALESCE(net, 0) AS opening,
           COALESCE(sum(net_own) OVER past, 0) AS closing_own,
           COALESCE(sum(tenants) OVER past, 0) AS closing_tenants,
           COALESCE(sum(tenants) OVER past, 0) - COALESCE(tenants, 0)
               AS opening_tenants
      FROM calendar
      LEFT JOIN moved
        ON moved.company_id = calendar.company_id
       AND moved.plan_id IS NOT DISTINCT FROM calendar.plan_id
       AND moved.currency_id = calendar.currency_id
       AND moved.month = calendar.month
    WINDOW past AS (
        PARTITION BY calendar.company_id, calendar.plan_id, calendar.currency_id
        ORDER BY calendar.month)
)
SELECT each.id, each.month, each.company_id, each.plan_id, each.currency_id,
       company.currency_id AS company_currency_id,
       opening, new_amount, expansion, contraction, churn, reactivation, transfer,
       closing, closing * 12 AS closing_year,
       round(closing_own * (%(rate)s)::numeric, 6) - closing AS drift,
       opening_tenants, new_tenants, lost_tenants, closing_tenants,
       %(gross_churn)s AS gross_churn,
       %(net_churn)s AS net_churn,
       %(net_retention)s AS net_retention,
       %(gross_retention)s AS gross_retention,
       %(tenant_churn)s AS tenant_churn
  FROM each
  JOIN res_company company ON company.id = each.company_id
"""

#: Shares as ``canonical/metrics/ratios.py`` has them; what was lost is below zero.
_SHARES = {
    "gross_churn": ("-(%s + %s)", ("churn", "contraction"), "opening"),
    "net_churn": (
        "-(%s + %s + %s + %s)",
        ("churn", "contraction", "expansion", "reactivation"),
        "opening",
    ),
    "net_retention": (
        "%s + %s + %s + %s",
        ("opening", "expansion", "contraction", "churn"),
        "opening",
    ),
    "gross_retention": (
        "%s + %s + %s",
        ("opening", "contraction", "churn"),
        "opening",
    ),
    "tenant_churn": ("%s", ("lost_tenants",), "opening_tenants"),
}


def find_shares(find):
    """Return an expression for each share: a part over what there was at the beginning,
    and nothing where there was none.

    :param find: a function from a column to the expression that stands for it.
    """
    return {
        name: find_share(SQL(form, *map(find, parts)), find(whole))
        for name, (form, parts, whole) in _SHARES.items()
    }


def find_share(part, whole):
    """Return the expression for a part over a whole; nothing where there is none."""
    return SQL("(%s)::float / NULLIF(%s, 0)", part, whole)
