"""The bench's databases, and short ways to read and write them."""

from contextlib import closing, contextmanager

import psycopg2
from psycopg2.extras import execute_values

from dev.machine import database

PREFIX = "bench_"
NAMES = (
    *("base", "main", "small", "large", "board", "used", "used_much"),
    *("seeds", "billed", "billed_much", "contract", "recognised", "recurring"),
)


@contextmanager
def connect(name):
    """Yield a cursor that commits each statement."""
    known = database.connection()
    with closing(
        psycopg2.connect(
            dbname=name,
            host=known.get("PGHOST"),
            port=known.get("PGPORT"),
            user=known.get("PGUSER"),
        )
    ) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            yield cursor


def fetch(cursor, query, *values):
    """Return the rows of a query."""
    cursor.execute(query, values or None)
    return cursor.fetchall()


def insert(cursor, table, columns, rows):
    """Insert many rows."""
    names = ", ".join(columns)
    execute_values(cursor, f"INSERT INTO {table} ({names}) VALUES %s", rows)


def analyze(cursor):
    """Give the planner its statistics. Without them it takes tables that were just
    filled for small ones, and reads them from end to end in a loop.
    """
    cursor.execute("VACUUM ANALYZE")


def copy(name, template):
    """Make one of the bench's databases, as a copy; return its whole name."""
    return database.create_from_template(PREFIX + name, template)


def drop_all():
    for name in NAMES:
        database.drop(PREFIX + name)
