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
transfers AS (
    -- What tenants have moved out of plans, and out of groups of plans.
    SELECT company_id, plan_id, currency_id, month, sum(least(own, 0)) AS left_plan,
           sum(least(of_group, 0)) FILTER (WHERE number = 1) AS left_group
      FROM (SELECT moved.company_id, moved.plan_id, moved.currency_id,
                   date_trunc('month', moved.day)::date AS month,
                   sum(moved.amount_company) AS own,
                   sum(sum(moved.amount_company)) OVER together AS of_group,
                   row_number() OVER together AS number
              FROM saas_mrr_movement moved
              LEFT JOIN saas_plan plan ON plan.id = moved.plan_id
             WHERE moved.kind = 'transfer'
             GROUP BY 1, 2, 3, 4, moved.tenant_id, moved.at, moved.day, plan.group_id
            WINDOW together AS (
                -- What tells most rows apart first, so that few are compared in full.
                PARTITION BY moved.tenant_id, moved.at, moved.day, moved.currency_id,
                             moved.company_id, plan.group_id)) own_moves
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
           COALESCE(left_plan, 0) AS left_plan,
           COALESCE(left_group, 0) AS left_group,
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
      LEFT JOIN transfers
        ON transfers.company_id = calendar.company_id
       AND transfers.plan_id IS NOT DISTINCT FROM calendar.plan_id
       AND transfers.currency_id = calendar.currency_id
       AND transfers.month = calendar.month
    WINDOW past AS (
        PARTITION BY calendar.company_id, calendar.plan_id, calendar.currency_id
        ORDER BY calendar.month)
)
SELECT each.id, each.month, each.company_id, each.plan_id, plan.group_id,
       each.currency_id, company.currency_id AS company_currency_id,
       opening, new_amount, expansion, contraction, churn, reactivation, transfer,
       left_plan, left_group, closing, closing * 12 AS closing_year,
       round(closing_own * (%(rate)s)::numeric, 6) - closing AS drift,
       opening_tenants, new_tenants, lost_tenants, closing_tenants,
       %(gross_churn)s AS gross_churn,
       %(net_churn)s AS net_churn,
       %(net_retention)s AS net_retention,
       %(gross_retention)s AS gross_retention,
       %(tenant_churn)s AS tenant_churn
  FROM each
  JOIN res_company company ON company.id = each.company_id
  LEFT JOIN saas_plan plan ON plan.id = each.plan_id
"""

#: Shares as ``canonical/metrics/ratios.py`` has them; what was lost is below zero. What
#: was transferred is nothing for all plans together, and for the plans of a group that
#: it stays in; and for one that it leaves, it was not retained.
_SHARES = {
    "gross_churn": ("-(%s + %s)", ("churn", "contraction"), "opening"),
    "net_churn": (
        "-(%s + %s + %s + %s)",
        ("churn", "contraction", "expansion", "reactivation"),
        "opening",
    ),
    "net_retention": (
        "%s + %s + %s + %s + %s",
        ("opening", "expansion", "contraction", "churn", "transfer"),
        "opening",
    ),
    "gross_retention": (
        "%s + %s + %s + %s",
        ("opening", "contraction", "churn", "transferred_out"),
        "opening",
    ),
    "tenant_churn": ("%s", ("lost_tenants",), "opening_tenants"),
}


def find_column(name):
    """Return the expression that stands for a part of a share in a row of a month."""
    return SQL.identifier("left_plan" if name == "transferred_out" else name)


def find_transferred_out(find):
    """Return the expression for what was transferred out of what several rows are of:
    one plan, one group of plans, or more than that, which nothing leaves.

    :param find: a function from a column to the expression that stands for it.
    """
    return SQL(
        """CASE WHEN count(DISTINCT COALESCE(%(plan)s, 0)) = 1 THEN sum(%(left_plan)s)
                WHEN count(DISTINCT COALESCE(%(group)s, 0)) = 1 THEN sum(%(left_group)s)
                ELSE 0 END""",
        plan=find("plan_id"),
        group=find("group_id"),
        left_plan=find("left_plan"),
        left_group=find("left_group"),
    )


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
