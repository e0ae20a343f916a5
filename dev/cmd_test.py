"""make test: every test, on a fresh database, through pytest."""

import shlex
import shutil

from . import apt, database, odoo_command, ports, settings, workspace
from . import lock as locks
from .console import Trouble, say
from .process import run_in_foreground

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def test():
    """Run the tests, or those that TESTS and ARGS choose; return pytest's exit code."""
    _find_browser()
    port = settings.number("TEST_PORT", 0)
    if port:
        ports.require(port, "TEST_PORT")
    with workspace.ready():
        name, in_use = _free_name()
        try:
            template = workspace.addon_template()
            database.create_from_template(name, template)
            _keep_statistics(name)
            return _pytest(name, template, port)
        finally:
            database.drop(name)
            in_use.close()


def _keep_statistics(db):
    """Keep autovacuum off the tables that tests fill and roll back. It would tell the
    planner that they are empty, which then joins them row by row: minutes for a query.
    """
    for table in (
        "account_move",
        "account_move_line",
        "account_partial_reconcile",
        "account_payment",
    ):
        database.execute(
            f"ALTER TABLE {table} SET (autovacuum_enabled = false)", database=db
        )


def _pytest(db, template, port):
    """Run pytest on the addon; return its exit code.

    In: the database to test, the one for tests that make more, and the port of the
    server in the test process, or 0 for any.
    """
    chosen = shlex.split(settings.text("TESTS", "tests"))
    command = [settings.PYTHON, "-m", "pytest", "-p", "dev.pytest_plugin"]
    command += [f"{settings.ADDON}/{path}" for path in chosen]
    command += [f"--odoo-database={db}", f"--odoo-config={settings.CONF}"]
    command += ["--odoo-http", *shlex.split(settings.text("ARGS"))]
    environment = odoo_command.environment(
        # For tests that make a database or start a server of their own.
        SAAS_TEMPLATE=template,
        SAAS_TEST_PORT=str(port or ports.free()),
        PYTHONPATH=str(settings.ROOT),
    )
    # pytest-odoo finds the addon's name from the folder that holds the link to it.
    return run_in_foreground(command, cwd=settings.ADDONS, env=environment)


def _free_name():
    """Return a database name that no other test run uses, and the lock on it."""
    for name in ("saas_test", "saas_test_2", "saas_test_3", "saas_test_4"):
        in_use = locks.take(name)
        if in_use is not None:
            return name, in_use
    raise Trouble("Four test runs are going on in this checkout.", "Wait for one.")


def _find_browser():
    """Install a browser for the browser tests, or say that they will be skipped."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    try:
        installed = apt.install("a browser for the browser tests", "chromium")
    except Trouble as trouble:
        say(trouble.problem)
        installed = False
    if not installed:
        say(
            "There is no Chromium, so browser tests are skipped. To run them: "
            "sudo apt-get install chromium"
        )
