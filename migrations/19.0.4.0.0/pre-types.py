def migrate(cr, version):
    """Drop the index of events' types: another one begins with the type."""
    cr.execute("DROP INDEX IF EXISTS saas_subscription_event__event_type_index")
