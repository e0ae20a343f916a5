"""From 19.0.3: what a source has stated of a tenant is kept by the tenant's id there,
so that several sources can tell parts of it. What is known so far is the first id's.
"""


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    if not version:
        return
    cr.execute(
        """
        UPDATE saas_tenant tenant
           SET stated_values = jsonb_build_object(first.id::text, jsonb_build_object(
                   'source', first.source_id, 'version', coalesce(first.version, ''),
                   'values', tenant.synced_values))
          FROM (SELECT DISTINCT ON (res_id) res_id, id, source_id, version
                  FROM saas_binding
                 WHERE res_model = 'saas.tenant' AND kind = 'customer'
              ORDER BY res_id, id) first
         WHERE first.res_id = tenant.id
           AND tenant.stated_values IS NULL
           AND tenant.synced_values IS NOT NULL
        """
    )
    cr.execute(
        """
        UPDATE saas_subscription_line
           SET stated_quantity = trim_scale(quantity::numeric)::text
         WHERE stated_quantity IS NULL
        """
    )
