"""From 19.0.3: the log says which tenants were merged."""

from odoo import SUPERUSER_ID, api

from odoo.addons.saas_billing_sync.canonical.actions import Action


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    _log_merged(env)


def _log_merged(env):
    """Note in the log which tenants were merged, once."""
    logs = env["saas.sync.log"]
    tenants = env["saas.tenant"].with_context(active_test=False)
    merged = tenants.search([("merged_into_id", "!=", False)])
    noted = logs.search(
        [
            ("action", "=", Action.TENANT_MERGED.value),
            ("res_model", "=", tenants._name),
            ("res_id", "in", merged.ids),
        ]
    ).mapped("res_id")
    for tenant in merged.filtered(lambda tenant: tenant.id not in noted):
        source = tenant.merged_into_id._get_log_source()
        logs._append(
            [
                {
                    "source_id": source.id,
                    "action": Action.TENANT_MERGED.value,
                    "res_model": tenant._name,
                    "res_id": each.id,
                    "detail": f"{tenant.id}, {tenant.merged_into_id.id}",
                }
                for each in (tenant, tenant.merged_into_id)
                if source
            ]
        )
