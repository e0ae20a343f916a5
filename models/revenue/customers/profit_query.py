"""The SQL of what tenants bring in and cost, which is what analytic accounting says of
their accounts.
"""

#: The plan that charges for a product, where only one plan of the company does.
PLAN_OF_PRODUCT = """
    SELECT component.product_id, component.company_id, min(version.plan_id) AS plan_id
      FROM saas_plan_component component
      JOIN saas_plan_version version ON version.id = component.version_id
     WHERE component.product_id IS NOT NULL
     GROUP BY component.product_id, component.company_id
    HAVING count(DISTINCT version.plan_id) = 1
"""

#: What an account of a source is for. One that is for several things counts as the
#: first of them.
_KNOWN = """
    SELECT DISTINCT ON (company_id, account_id) company_id, account_id, category
      FROM (SELECT source.company_id, each.account_id, each.category, each.rank
              FROM saas_source source
             CROSS JOIN LATERAL (VALUES
                   (source.chargeback_account_id, 'disputes', 1),
                   (source.bad_debt_account_id, 'bad_debt', 2),
                   (source.fee_account_id, 'fees', 3),
                   (source.passed_fee_account_id, 'fees', 3),
                   (source.application_fee_account_id, 'fees', 3),
                   (source.fee_tax_account_id, 'fees', 3),
                   (source.withheld_tax_account_id, 'fees', 3),
                   (source.loan_cost_account_id, 'fees', 3)
                   ) AS each(account_id, category, rank)) every
     WHERE account_id IS NOT NULL
     ORDER BY company_id, account_id, rank
"""

#: Each analytic line of a tenant: of which month and plan, and what it counts as.
#: ``%(account)s`` is the column of the plan whose accounts are tenants.
LINES = f"""
      WITH sold AS MATERIALIZED ({PLAN_OF_PRODUCT}), known AS MATERIALIZED ({_KNOWN})
    SELECT line.id, line.company_id,
           COALESCE(tenant.merged_into_id, tenant.id) AS tenant_id,
           COALESCE(item.saas_plan_id, charged.plan_id, sold.plan_id) AS plan_id,
           date_trunc('month', line.date)::date AS month, line.amount,
           CASE WHEN line.saas_allocation_id IS NOT NULL THEN 'allocated'
                WHEN known.category IS NOT NULL THEN known.category
                WHEN account.account_type NOT IN ('income', 'income_other')
                  OR account.account_type IS NULL THEN 'assigned'
                WHEN line.amount < 0 THEN 'refunds'
                ELSE 'revenue' END AS category
      FROM account_analytic_line line
      JOIN saas_tenant tenant ON tenant.analytic_account_id = line.%(account)s
      LEFT JOIN account_move_line item ON item.id = line.move_line_id
      LEFT JOIN account_account account ON account.id = line.general_account_id
      LEFT JOIN known
             ON known.company_id = line.company_id
            AND known.account_id = line.general_account_id
      LEFT JOIN LATERAL (
           SELECT version.plan_id FROM saas_charge charge
             JOIN saas_plan_component component ON component.id = charge.component_id
             JOIN saas_plan_version version ON version.id = component.version_id
            WHERE charge.move_line_id = item.id ORDER BY charge.id LIMIT 1
           ) charged ON true
      LEFT JOIN sold
             ON sold.company_id = line.company_id
            AND sold.product_id = item.product_id
"""

#: What each line counts as, in the order of the report's columns.
CATEGORIES = (
    "revenue",
    "refunds",
    "fees",
    "disputes",
    "bad_debt",
    "assigned",
    "allocated",
)
_COLUMNS = ",\n".join(
    f"COALESCE(sum(amount) FILTER (WHERE category = '{each}'), 0) AS {each}"
    for each in CATEGORIES
)
MONTHS = f"""
    SELECT min(id) AS id, company_id, tenant_id, plan_id, month, {_COLUMNS},
           sum(amount) AS margin
      FROM ({LINES}) line
     GROUP BY company_id, tenant_id, plan_id, month
"""
