"""A PostgreSQL of our own to break: the embedded server's programs, other files.

It waits for the disk, as a server in production does: what it has confirmed is there
when it is started again.
"""

import shutil
from contextlib import closing

from .. import settings
from ..console import Trouble
from ..machine import cluster, database, ports
from ..machine.process import run, tail

OPTIONS = {
    "listen_addresses": ports.LOOPBACK,
    "jit": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "30min",
}


class Postgres:
    """A server with databases that are gone when it ends; its name is its folder's."""

    def __init__(self, name="faults"):
        self.port = ports.free()
        self._name = name
        self._home = cluster.home() / name
        self._data = self._home / "data"

    def __enter__(self):
        cluster.make_private(cluster.home())
        shutil.rmtree(self._home, ignore_errors=True)
        cluster.make_private(self._home)
        cluster.create_files(self._data)
        self.start()
        return self

    def __exit__(self, *exception):
        self.stop("immediate")
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def odoo_options(self):
        """What tells Odoo to use this server."""
        return (
            f"--db_host={ports.LOOPBACK}",
            f"--db_port={self.port}",
            f"--db_user={cluster.USER}",
        )

    def start(self):
        options = {
            **OPTIONS,
            "port": str(self.port),
            "unix_socket_directories": "",
        }
        self._pg_ctl(
            "start", "-o", " ".join(f"-c {k}='{v}'" for k, v in options.items())
        )

    def stop(self, mode):
        """Stop it: `immediate` is as if its machine had died."""
        self._pg_ctl("stop", "-m", mode)

    def copy_from(self, name, known):
        """Copy a database from another server, which `known` (PG* variables) names."""
        file = settings.RUN / f"{self._name}.dump"
        program = cluster.program("pg_dump")
        environment = {"env": known} if known else {}
        try:
            command = [program, "-Fc", "-Z1", "-d", name, "-f", file]
            run(command, f"{self._name}-dump", **environment)
            self.execute(f'CREATE DATABASE "{name}"')
            command = [cluster.program("pg_restore"), "--no-owner", "-j2"]
            command += ["-h", ports.LOOPBACK, "-p", str(self.port)]
            run(
                [*command, "-U", cluster.USER, "-d", name, file],
                f"{self._name}-restore",
            )
        finally:
            file.unlink(missing_ok=True)

    def create(self, name, template):
        """Create a database as a copy of another one, replacing one of that name."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self.execute(database.FORGET_ENVIRONMENT, database=name)

    def connect(self, database="postgres"):
        """Return a connection; its user begins and ends the transactions."""
        # Not at the top: the bootstrap runs before there is a psycopg2.
        import psycopg2

        return psycopg2.connect(
            dbname=database, host=ports.LOOPBACK, port=self.port, user=cluster.USER
        )

    def execute(self, query, *values, database="postgres"):
        """Run one statement outside a transaction; return its rows, if it has any."""
        with closing(self.connect(database)) as link:
            link.autocommit = True
            with link.cursor() as cursor:
                cursor.execute(query, values or None)
                return cursor.fetchall() if cursor.description else None

    def _pg_ctl(self, verb, *arguments):
        log = self._home / "log"
        command = [cluster.program("pg_ctl"), verb, "-w", "-D", self._data, "-l", log]
        try:
            run(
                [*command, *arguments],
                f"{self._name}-postgres-{verb}",
                **cluster.as_owner(),
            )
        except Trouble:
            raise Trouble(f"PostgreSQL did not {verb}:\n{tail(log, 6)}") from None
