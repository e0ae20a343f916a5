"""Databases: create from a template, drop. Tests use these too."""

import os
import shutil
from contextlib import closing

from .. import settings
from ..console import Trouble
from . import cluster

# What we made on a server that is not ours, for `make clean` to remove.
MADE = settings.LOCAL / "databases.txt"

# A copy of a database that was used holds back all work until a person confirms that
# it is the real one (models/saas_environment.py). Whoever copies one to work in it says
# so by this, and the copy records its own environment when it is first used. An older
# version of the addon, and a database without it, has no such table.
FORGET_ENVIRONMENT = """
    DO $$ BEGIN
        IF to_regclass('saas_environment') IS NOT NULL THEN
            DELETE FROM saas_environment;
        END IF;
    END $$"""


def connection():
    """Return the PG* variables of the server in use, embedded or the user's."""
    if cluster.is_used():
        return cluster.connection()
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
    return {name: os.environ[name] for name in names if settings.text(name)}


def create_from_template(name, template=None):
    """Create the database `name` as a copy, replacing one of that name.

    In: the name, and the database to copy; by default the cached one with the addon
    installed, which `make test` names in SAAS_TEMPLATE. Out: the name.

    The copy is meant to be used, as a database of its own: see FORGET_ENVIRONMENT.
    """
    template = template or os.environ["SAAS_TEMPLATE"]
    drop(name)
    execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    _remember(name)
    files = _filestore(template)
    if files.exists():
        # Odoo never changes a stored file, so both databases may share it.
        shutil.copytree(files, _filestore(name), copy_function=os.link)
    execute(FORGET_ENVIRONMENT, database=name)
    return name


def drop(name):
    """Drop a database and its files; nothing happens when there is none."""
    if exists(name):
        execute(f'ALTER DATABASE "{name}" WITH IS_TEMPLATE false')
        execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    shutil.rmtree(_filestore(name), ignore_errors=True)
    _remember(name, made=False)


def exists(name):
    """Return whether there is a database of that name."""
    return bool(execute("SELECT 1 FROM pg_database WHERE datname = %s", name))


def count_users(name):
    """Return how many connections a database has: somebody works in it, from this
    checkout or from another one.
    """
    query = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = %s"
    [(count,)] = execute(query, name)
    return count


def like(pattern):
    """Return the names of the databases that match a LIKE pattern, oldest first."""
    query = "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid"
    return [name for (name,) in execute(query, pattern)]


def freeze_as_template(building, name):
    """Rename a finished database and let nobody connect to it.

    A connection would keep PostgreSQL from copying it.
    """
    drop(name)
    execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
    execute(f'ALTER DATABASE "{name}" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false')
    _remember(building, made=False)
    _remember(name)
    if _filestore(building).exists():
        _filestore(building).rename(_filestore(name))


def made_here():
    """Return the names of the databases that this checkout has made."""
    return MADE.read_text().split() if MADE.exists() else []


def execute(query, *values, database="postgres"):
    """Run one statement outside a transaction; return its rows, if it has any."""
    # Not at the top: the bootstrap runs before there is a psycopg2.
    import psycopg2

    known = connection()
    try:
        link = psycopg2.connect(
            dbname=database,
            host=known.get("PGHOST"),
            port=known.get("PGPORT"),
            user=known.get("PGUSER"),
        )
    except psycopg2.OperationalError as error:
        raise Trouble(
            f"PostgreSQL cannot be reached: {str(error).strip()}",
            "Check PGHOST, PGPORT, PGUSER and PGPASSWORD, or leave them all out to "
            "use the embedded server.",
        ) from None
    with closing(link):
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else None


def check_user():
    """Raise `Trouble` unless the database user may do what Odoo needs."""
    query = (
        "SELECT rolname, rolcreatedb OR rolsuper FROM pg_roles "
        "WHERE rolname = current_user"
    )
    [(user, may_create)] = execute(query)
    if user == "postgres":
        raise Trouble(
            "Odoo refuses to work as PostgreSQL's user `postgres`.",
            "Make another (createuser --createdb odoo) and name it: PGUSER=odoo",
        )
    if not may_create:
        raise Trouble(
            f"PostgreSQL's user {user} may not create databases.",
            f'Allow it: ALTER ROLE "{user}" CREATEDB',
        )


def _filestore(name):
    """Return the folder where Odoo keeps the attachments of a database."""
    return settings.DATA_DIR / "filestore" / name


def _remember(name, made=True):
    """Note that a database was made, or dropped, on the user's own server."""
    if not cluster.is_used():
        names = {*made_here(), name} if made else {*made_here()} - {name}
        MADE.write_text("".join(f"{name}\n" for name in sorted(names)))
