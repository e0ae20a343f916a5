"""Many tenants and invoices out of a few: every row of theirs is copied by SQL, as
often as asked, with ids, names and numbers of its own.

What a row refers to is found in the database's own foreign keys, so a new column
needs nothing here.
"""

from ..database import analyze, fetch
from .world import STRIDE

#: Copied in this order, so that what a row refers to is there. Only the partners that
#: are tenants' are; of the other tables every row is a tenant's.
TABLES = (
    "res_partner",
    "saas_tenant",
    "saas_subscription",
    "saas_subscription_line",
    "saas_subscription_event",
    "saas_subscription_change",
    "account_move",
    "account_payment",
    "account_full_reconcile",
    "account_move_line",
    "account_partial_reconcile",
    "account_move_line_account_tax_rel",
    "account_account_tag_account_move_line_rel",
    "account_move__account_payment",
    "saas_binding",
    "saas_settlement",
    "saas_sync_log",
)
ROWS = {
    "res_partner": "SELECT * FROM res_partner "
    "WHERE id IN (SELECT partner_id FROM saas_tenant)",
    "account_move": "SELECT *, max(sequence_number) OVER "
    "(PARTITION BY journal_id, sequence_prefix) AS top FROM account_move",
    "saas_sync_log": "SELECT *, max(sequence) OVER "
    "(PARTITION BY source_id) AS top FROM saas_sync_log",
}
#: The copies are spread over so many days before the seeds, in the same year.
DAYS = 270
#: A move's payment is copied after the move, and names it.
LATER = ("account_move", "origin_payment_id")


def multiply(cursor, copies):
    """Let there be ``copies`` of all tenants, the ones that are there among them."""
    if copies > 1:
        highest = {table: _get_highest(cursor, table) for table in TABLES}
        for table in TABLES:
            _copy(cursor, table, copies, highest)
        _finish(cursor, highest)
    analyze(cursor)


def _get_highest(cursor, table):
    """Return the highest id of a table, or 0 if its rows have none."""
    if "id" not in _get_columns(cursor, table):
        return 0
    return fetch(cursor, f"SELECT coalesce(max(id), 0) FROM {table}")[0][0]


def _get_columns(cursor, table):
    """Return the types of a table's columns, by name."""
    query = """SELECT column_name, data_type FROM information_schema.columns
               WHERE table_name = %s AND is_generated = 'NEVER'"""
    return dict(fetch(cursor, query, table))


def _get_targets(cursor, table):
    """Return the tables that a table's columns refer to, by column."""
    query = """SELECT attname, confrelid::regclass::text
               FROM pg_constraint
               JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
               WHERE contype = 'f' AND conrelid = %s::regclass"""
    return dict(fetch(cursor, query, table))


def _copy(cursor, table, copies, highest):
    columns = _get_columns(cursor, table)
    targets = _get_targets(cursor, table)
    special = _get_special(table, highest)
    values = []
    for column, kind in columns.items():
        target = table if column == "id" else targets.get(column)
        if (table, column) == LATER:
            value = "NULL"
        elif column in special:
            value = special[column]
        elif target in highest:
            value = f"seed.{column} + copy * {highest[target]}"
        elif kind in ("character varying", "text"):
            value = _rename(f"seed.{column}")
        elif kind in ("jsonb", "json"):
            value = f"{_rename(f'seed.{column}::text')}::{kind}"
        elif kind == "date":
            # Books grow by the day; they do not begin with one long day.
            value = f"seed.{column} - copy % {DAYS}"
        else:
            value = f"seed.{column}"
        values.append(value)
    cursor.execute(
        f"""INSERT INTO {table} ({", ".join(columns)})
            SELECT {", ".join(values)}
            FROM ({ROWS.get(table, f"SELECT * FROM {table}")}) seed
            CROSS JOIN generate_series(1, {copies - 1}) copy"""
    )
    if highest[table]:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) "
            f"FROM {table}"
        )


def _rename(value):
    """Return the expression of a text with the copy's number in the keys in it."""
    for before, after in (("c0x", "c%sx"), ("C0X", "C%sX")):
        after = "'" + after.replace("%s", "' || copy || '") + "'"
        value = f"replace({value}, '{before}', {after})"
    return value


def _renumber(column):
    """Return the expression of a text that ends with a number of seven digits."""
    return (
        f"left(seed.{column}, -7) || (right(seed.{column}, 7)::int + copy * {STRIDE})"
    )


def _get_special(table, highest):
    """Return the expressions of columns whose values must differ in a way of their
    own, by column.
    """
    any_record = "seed.res_id + copy * CASE seed.res_model {} ELSE 0 END".format(
        " ".join(
            f"WHEN '{other.replace('_', '.')}' THEN {top}"
            for other, top in highest.items()
            if top
        )
    )
    moves = highest["account_move"]
    new_name = f"(SELECT name FROM account_move WHERE id = {{}} + copy * {moves})"
    return {
        "res_partner": {
            column: _renumber(column)
            for column in ("phone", "vat", "saas_phone_key", "saas_vat_key")
        },
        "saas_subscription_event": {"external_id": "seed.external_id || '_' || copy"},
        "account_move": {
            "sequence_number": "seed.sequence_number + copy * seed.top",
            "name": "seed.sequence_prefix || "
            "lpad((seed.sequence_number + copy * seed.top)::text, 5, '0')",
        },
        "account_payment": {"name": new_name.format("seed.move_id")},
        "account_move_line": {
            "move_name": new_name.format("seed.move_id"),
            "matching_number": "CASE WHEN seed.full_reconcile_id IS NULL "
            "THEN seed.matching_number ELSE (seed.full_reconcile_id "
            f"+ copy * {highest['account_full_reconcile']})::text END",
        },
        "saas_binding": {"res_id": any_record},
        "saas_sync_log": {
            "res_id": any_record,
            "sequence": "seed.sequence + copy * seed.top",
        },
    }.get(table, {})


def _finish(cursor, highest):
    """Write what could not be written at once."""
    cursor.execute(
        """UPDATE account_move SET origin_payment_id = payment.id
           FROM account_payment payment
           WHERE payment.move_id = account_move.id AND account_move.id > %s""",
        (highest["account_move"],),
    )
    # The copies are no part of the chain: its head goes on after them.
    cursor.execute(
        """UPDATE saas_sync_log_chain chain SET sequence = log.top
           FROM (SELECT source_id, max(sequence) AS top FROM saas_sync_log
                 GROUP BY source_id) log
           WHERE log.source_id = chain.source_id"""
    )
