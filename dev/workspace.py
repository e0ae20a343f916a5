"""What every command needs before its own work: packages, PostgreSQL, configuration."""

import os
import sys
from contextlib import contextmanager
from pathlib import Path

from . import settings
from .console import Trouble, say
from .machine import cluster, database, lock, odoo_command, odoo_source, python_env
from .machine import template as templates

SETTING_UP = "another make that is setting things up"
#: How many demonstrations may run at once.
MOST_AT_ONCE = 9


def enter_environment(command):
    """Fetch what is missing, then go on in the virtual environment's Python.

    Does not return unless this Python is that one already.
    """
    if Path(sys.prefix) == settings.VENV:
        return
    with lock.only_one("setup", SETTING_UP):
        odoo_source.prepare()
        python_env.prepare()
    _go_on_in_environment(command)


def enter_environment_if_made(command):
    """Go on in the virtual environment's Python if there is one; fetch nothing."""
    if Path(sys.prefix) != settings.VENV and (settings.VENV / "stamp").exists():
        _go_on_in_environment(command)


def _go_on_in_environment(command):
    os.chdir(settings.ROOT)
    os.execv(settings.PYTHON, [str(settings.PYTHON), "-m", "dev", command])


@contextmanager
def ready():
    """Have PostgreSQL running and Odoo configured inside the block."""
    settings.make_folders()
    in_use = None
    try:
        with lock.only_one("setup", SETTING_UP):
            if cluster.is_used():
                in_use = cluster.start()
            database.check_user()
            odoo_command.write_configuration()
        yield
    finally:
        if in_use is not None:
            cluster.stop(in_use)


def addon_template():
    """Return the name of the template database that has today's addon."""
    with lock.only_one("setup", SETTING_UP):
        return templates.with_addon()


def fresh_database(name):
    """Create the database `name` anew, with the addon installed; return the name."""
    with lock.only_one("setup", SETTING_UP):
        return database.create_from_template(name, templates.with_addon())


@contextmanager
def unused_database(name):
    """Claim a database that nobody uses; yield its name: `name`, or `name_2` and so
    on. It is nobody else's as long as the block lasts, however this process ends.

    A database is in use while the make that claimed it runs, and while anything is
    connected to it: an Odoo that was left behind, a shell, another checkout on the same
    server.
    """
    claim = None
    for number in range(1, MOST_AT_ONCE + 1):
        chosen = name if number == 1 else f"{name}_{number}"
        claim = lock.take(f"database-{chosen}")
        if claim and not database.count_users(chosen):
            break
        say(f"- the database {chosen} is in use, and stays as it is")
        if claim:
            claim.close()
        claim = None
    if claim is None:
        raise Trouble(
            f"{MOST_AT_ONCE} databases like {name} are in use already.",
            "Stop one of the demonstrations with Ctrl-C in its terminal, or all that "
            "was started here: make down",
        )
    with claim:
        yield chosen
