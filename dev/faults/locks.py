"""Holds what a drain needs, from another session."""

import time
from contextlib import closing

from .nodes import DATABASE

#: Rows to lock: those of one table, and how. An update that changes nothing also makes
#: every transaction fail that began before it and wants the row after it.
LOCKS = {
    "saas_subscription_event": "SELECT FROM {} WHERE state = 'received' FOR UPDATE",
    "saas_sync_log_chain": "UPDATE {} SET sequence = sequence",
    "saas_source": "SELECT FROM {} FOR UPDATE",
    "saas_tenant": "UPDATE {} SET name = name",
    "saas_binding": "UPDATE {} SET rank = rank",
    "res_partner": "UPDATE {} SET name = name",
    "account_journal": "UPDATE {} SET code = code",
    "ir_sequence": "UPDATE {} SET name = name",
    "account_move": "UPDATE {} SET name = name",
    "account_move_line": "UPDATE {} SET name = name",
    "queue_job": "SELECT FROM {} WHERE state = 'pending' FOR UPDATE",
    "res_company": "SELECT FROM {} FOR UPDATE",
}


def hold_locks(stage):
    """Lock rows of some table for some seconds; return the table."""
    table = stage.draw.choice(sorted(LOCKS))
    with closing(stage.postgres.connect(DATABASE)) as link, link.cursor() as cursor:
        # A drain may hold them; then it is we who wait, but not for ever.
        cursor.execute("SET lock_timeout = '5s'")
        try:
            cursor.execute(LOCKS[table].format(table))
        except Exception as error:
            if getattr(error, "pgcode", None) not in ("55P03", "40P01"):
                raise
            return table
        time.sleep(stage.draw.uniform(0.5, 3))
        link.commit()
    return table
