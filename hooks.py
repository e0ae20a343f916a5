def uninstall_hook(env):
    """Remove what would stay behind, or stand in the way."""
    # They belong to no model that Odoo would take away.
    env.cr.execute(
        "DROP TABLE IF EXISTS saas_vault, saas_call_budget, saas_preview_poison,"
        " saas_preview_never, saas_refusal, saas_seen,"
        " saas_usual_field, saas_call_time, saas_usage_distinct"
    )
    # The function behind the log's trigger; the trigger itself goes with its table.
    env.cr.execute("DROP FUNCTION IF EXISTS saas_sync_log_refuse_change() CASCADE")
    # A job that waits would be started, and fail for want of its model.
    env["queue.job"].search(
        [
            "|",
            ("model_name", "=like", "saas.%"),
            ("method_name", "=", "_job_saas_check_vies"),
        ]
    ).unlink()
    # Records like the demo source go with their tables: alone they could not, since
    # the log refers to them.
    env["ir.model.data"].search(
        [("module", "=", "saas_billing_sync"), ("model", "=like", "saas.%")]
    ).unlink()
