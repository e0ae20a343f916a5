def uninstall_hook(env):
    """Drop what the ORM doesn't know: the function behind the log's trigger. The
    trigger itself goes with its table.
    """
    env.cr.execute("DROP FUNCTION IF EXISTS saas_sync_log_refuse_change() CASCADE")
