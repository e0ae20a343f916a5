"""make up, make down, make clean: what is left running, and what is left behind."""

import shutil
from pathlib import Path

from .. import settings, workspace
from ..console import Trouble, say, step
from ..machine import cluster, database
from ..machine.counterpart import SCRIPT
from ..machine.server import stop_group


def up():
    """Start the embedded PostgreSQL and leave it running until `make down`."""
    with workspace.ready():
        if cluster.is_used():
            cluster.keep_file().touch()
        for name, value in database.connection().items():
            if name != "PGPASSWORD":
                print(f"export {name}={value}")
        print(f"export ODOO_RC={settings.CONF}")
    return 0


def down():
    """Stop the servers that were started from this checkout."""
    _stop_odoo()
    _stop_counterparts()
    cluster.stop_all()
    return 0


def clean():
    """Stop what was started and delete everything that was made."""
    if not settings.LOCAL.exists():
        say("There is nothing to clean.")
        return 0
    down()
    _drop_databases()
    with step(f"deleting {settings.LOCAL}"):
        cluster.remove()
        shutil.rmtree(settings.LOCAL)
    return 0


def _stop_odoo():
    """Stop every Odoo whose pid file is left, if it still is that process."""
    for pid_file in settings.RUN.glob("odoo-*.pid"):
        pid = int(pid_file.read_text())
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists() and str(settings.CONF).encode() in command.read_bytes():
            say(f"- stopping Odoo (process {pid})")
            stop_group(pid)
        pid_file.unlink(missing_ok=True)


def _stop_counterparts():
    """Stop what stands for Stripe's API, if a demonstration was killed beside it."""
    for pid_file in settings.RUN.glob("stripe-api-*.pid"):
        pid = int(pid_file.read_text())
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists() and str(SCRIPT).encode() in command.read_bytes():
            say(f"- stopping what stands for Stripe's API (process {pid})")
            stop_group(pid)
        pid_file.unlink(missing_ok=True)


def _drop_databases():
    """Drop what was made on a server that is not the embedded one."""
    names = database.made_here()
    if not names:
        return
    if cluster.is_used():
        raise Trouble(
            f"On your own PostgreSQL there still are: {', '.join(names)}.",
            "Run make clean with the same PG* variables, or drop them and delete "
            f"{database.MADE}.",
        )
    with step("dropping the databases that were made"):
        for name in names:
            database.drop(name)
