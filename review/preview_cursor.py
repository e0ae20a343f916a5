"""A cursor whose transaction never commits, and which leaves nothing in its process."""

from contextlib import contextmanager

from psycopg2 import errorcodes

from odoo.sql_db import Cursor
from odoo.tools import SQL

#: A table whose rows no transaction can commit: they refer to what is not there.
_POISON = SQL.identifier("saas_preview_poison")
_NEVER = SQL.identifier("saas_preview_never")


class Refused(BaseException):
    """Code that a preview runs has tried to commit, or to roll back. No handler of
    errors may take it for an error that it knows: what it did next would count.
    """


#: What PostgreSQL says when the transaction was ended behind the cursor's back.
ENDED = (
    errorcodes.READ_ONLY_SQL_TRANSACTION,
    errorcodes.NO_ACTIVE_SQL_TRANSACTION,
    errorcodes.IN_FAILED_SQL_TRANSACTION,
)


def create_poison(cr):
    """Create the table that makes any commit fail, if the code that commits goes round
    the cursor: its foreign key is looked at then, and not before.
    """
    cr.execute(
        SQL(
            """CREATE TABLE IF NOT EXISTS %(never)s (
                id integer PRIMARY KEY CHECK (false)
            );
            CREATE TABLE IF NOT EXISTS %(poison)s (
                never integer NOT NULL
                    REFERENCES %(never)s DEFERRABLE INITIALLY DEFERRED
            )""",
            never=_NEVER,
            poison=_POISON,
        )
    )


@contextmanager
def open_cursor(registry):
    """Open a cursor of its own on a registry's database; its transaction is rolled back
    in the end, whatever happens, and no hook of it runs.

    What the block does to the caches of this process is undone, and other processes are
    not told of it; what the caller did before stays to be told.
    """
    told, registry.registry_invalidated = registry.registry_invalidated, False
    names = set(registry.cache_invalidated)
    registry.cache_invalidated.clear()
    try:
        with _open_poisoned(registry) as cr:
            yield cr
    finally:
        registry.reset_changes()
        registry.cache_invalidated.update(names)
        registry.registry_invalidated = told


@contextmanager
def _open_poisoned(registry):
    cr = registry.cursor()
    try:
        if isinstance(cr, Cursor):
            # What code begins that has ended this transaction can write nothing.
            cr.connection.set_session(readonly=True)
            cr.execute("SET TRANSACTION READ WRITE")
        cr.execute(SQL("INSERT INTO %s VALUES (1)", _POISON))
        # Less than PostgreSQL takes to look for a deadlock (a second): it is the
        # preview that gives way, and never a drain.
        cr.execute("SET LOCAL lock_timeout = '200ms'")
        cr.commit = cr.rollback = _refuse
        cr.execute = _make_quiet(cr.execute)
        yield cr
    finally:
        # Closing rolls back, with the cursor's own method.
        for name in ("commit", "rollback", "execute"):
            cr.__dict__.pop(name, None)
        for hooks in (cr.precommit, cr.postcommit, cr.prerollback, cr.postrollback):
            hooks.clear()
        if isinstance(cr, Cursor) and not cr.closed:
            cr.connection.rollback()
            cr.connection.set_session(readonly=False)
        cr.close()


def _make_quiet(execute):
    """Return how to run a statement so that a failure is not logged: to give way to
    others is no error, and what else fails is told by who asked for the preview.
    """

    def execute_quietly(query, params=None, *_rest, **_options):
        return execute(query, params, log_exceptions=False)

    return execute_quietly


def _refuse():
    raise Refused
