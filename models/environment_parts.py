"""What tells the environment of one database from that of another: what PostgreSQL says
of the database, beside what ``saas.environment`` has recorded of it.
"""


def read_row(cr):
    """Return a dict of what is recorded and what is there now, read by one query. What
    is recorded is None where nothing is.
    """
    cr.execute(
        """SELECT recorded.name, recorded.database, recorded.database_uuid,
                  recorded.cluster, recorded.origin, recorded.state,
                  current_database() AS now_database,
                  (SELECT value FROM ir_config_parameter
                   WHERE key = 'database.uuid') AS now_uuid,
                  (SELECT value FROM ir_config_parameter
                   WHERE key = 'database.is_neutralized') AS neutralized,
                  db.oid AS database_oid,
                  'saas_source'::regclass::oid AS table_oid
           FROM pg_database db LEFT JOIN saas_environment recorded ON true
           WHERE db.datname = current_database()"""
    )
    return cr.dictfetchone()


def compare(recorded, present):
    """Return the names of the parts in which two environments, as dicts, differ.
    ``state`` is one of them where the database was blocked.
    """
    parts = ["state", "name", "database_uuid", "origin"]
    if recorded["cluster"] and present["cluster"]:
        parts.append("cluster")
    return [part for part in parts if recorded[part] != present[part]]
