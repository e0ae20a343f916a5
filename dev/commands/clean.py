"""make up, make down, make clean: what is left running, and what is left behind."""

import shutil
import sys
from pathlib import Path

from .. import settings, workspace
from ..console import Trouble, say, step
from ..machine import cluster, database, ports
from ..machine.counterpart import GOCARDLESS, STRIPE
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
    """Stop what was started and delete everything that was made. Where something still
    runs, a person is asked first; FORCE=1 answers for them.
    """
    if not settings.LOCAL.exists():
        say("There is nothing to clean.")
        return 0
    _ask_before_stopping()
    down()
    _drop_databases()
    with step(f"deleting {settings.LOCAL}"):
        cluster.remove()
        shutil.rmtree(settings.LOCAL)
    return 0


def _ask_before_stopping():
    """Return if nothing runs, or if a person says that it may be stopped.

    :raises Trouble: if they say no, or nobody can be asked.
    """
    running = list(_describe_running())
    if not running or settings.switched_on("FORCE", default=False):
        return
    problem = f"It is in use: {'; '.join(running)}."
    if not sys.stdin.isatty():
        raise Trouble(
            f"{problem} Nobody can be asked here whether to stop it.",
            "Stop it yourself, or say that it may be stopped and its data deleted: "
            "make clean FORCE=1",
        )
    say(problem)
    answer = input("Stop it, and delete all its data? [y/N] ")
    if answer.strip().lower() not in ("y", "yes"):
        raise Trouble("Nothing was stopped, and nothing deleted.")


def _describe_running():
    """Yield what runs from this checkout, as a person knows it."""
    for pid_file, pid in _find_alive("odoo-*.pid", settings.CONF):
        port = pid_file.stem.partition("-")[2]
        yield f"Odoo on http://{ports.LOOPBACK}:{port} (process {pid})"
    if cluster.is_in_use():
        yield "PostgreSQL, by a make demo, serve, shell, test or the like"


def _stop_odoo():
    """Stop every Odoo whose pid file is left, if it still is that process."""
    _stop("odoo-*.pid", settings.CONF, "Odoo")


def _stop_counterparts():
    """Stop what stands for Stripe's API, if a demonstration was killed beside it."""
    for system, script, _path in (STRIPE, GOCARDLESS):
        _stop(f"{system}-api-*.pid", script, f"what stands for {system}'s API")


def _stop(pattern, argument, what):
    """Stop the processes of these pid files, and delete the files."""
    for _pid_file, pid in _find_alive(pattern, argument):
        say(f"- stopping {what} (process {pid})")
        stop_group(pid)
    for pid_file in settings.RUN.glob(pattern):
        pid_file.unlink(missing_ok=True)


def _find_alive(pattern, argument):
    """Yield the pid files, with their pids, of processes that are alive and were called
    with `argument`: a pid may be another program's by now.
    """
    for pid_file in sorted(settings.RUN.glob(pattern)):
        pid = int(pid_file.read_text())
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists() and str(argument).encode() in command.read_bytes():
            yield pid_file, pid


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
