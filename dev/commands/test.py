"""make test: the tests, on fresh databases side by side, through pytest."""

import os
import random
import shlex
import shutil
from contextlib import ExitStack

from .. import settings, workspace
from ..console import Trouble, say
from ..machine import apt, database, odoo_command, ports
from ..machine import lock as locks
from ..machine.process import run_in_foreground

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MOST = 8
#: Options of pytest that need the one process that a person looks at, or choose few
#: tests, for which a second process costs more than it saves.
ALONE = {"-k", "-s", "--pdb", "--trace", "--capture", "--collect-only", "--co"}


def test():
    """Run the tests, or those that TESTS, QUICK and ARGS choose; return pytest's exit
    code.
    """
    _find_browser()
    port = settings.number("TEST_PORT", 0)
    if port:
        ports.require(port, "TEST_PORT")
    jobs = _count_jobs(port)
    with workspace.ready(), ExitStack() as kept:
        names = _take_names(jobs, kept)
        template = workspace.addon_template()
        for name in names:
            kept.callback(database.drop, name)
            database.create_from_template(name, template)
            _keep_statistics(name)
        return _pytest(names, template)


def _count_jobs(port):
    """Return how many processes share the tests: JOBS, or one for each core when all
    tests run.
    """
    options = {word.partition("=")[0] for word in shlex.split(settings.text("ARGS"))}
    few = bool(settings.text("TESTS") or options & ALONE)
    default = 1 if few or port else min(len(os.sched_getaffinity(0)), MOST)
    jobs = settings.number("JOBS", default)
    if not 0 < jobs <= MOST:
        raise Trouble(f"JOBS={jobs} is not between 1 and {MOST}.")
    if port and jobs > 1:
        raise Trouble("TEST_PORT is one port, for one process.", "Give JOBS=1 with it.")
    return jobs


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


def _pytest(names, template):
    """Run pytest on the addon; return its exit code.

    In: the databases to test on, one for each process, and the one for tests that
    make more.
    """
    chosen = shlex.split(settings.text("TESTS", "tests"))
    command = [settings.PYTHON, "-m", "pytest", "-p", "dev.pytest_plugin"]
    command += [f"{settings.ADDON}/{path}" for path in chosen]
    command += [f"--odoo-database={names[0]}", f"--odoo-config={settings.CONF}"]
    command += ["--odoo-http", *_split_options(names)]
    command += shlex.split(settings.text("ARGS"))
    full = settings.switched_on("FULL", default=False)
    environment = odoo_command.environment(
        SAAS_TEMPLATE=template,
        SAAS_TEST_DATABASES=" ".join(names),
        FULL="1" if full else "",
        SEED=_choose_seed(full),
        PYTHONPATH=str(settings.ROOT),
        # Or a log shows no progress until the end.
        PYTHONUNBUFFERED="1",
    )
    # pytest-odoo finds the addon's name from the folder that holds the link to it.
    return run_in_foreground(command, cwd=settings.ADDONS, env=environment)


def _split_options(names):
    """Return the options that make pytest share out the classes among processes."""
    if len(names) == 1:
        return []
    return [
        f"--numprocesses={len(names)}",
        "--dist=loadscope",
        # The order of the queue is ours: dev/pytest_plugin.py.
        "--no-loadscope-reorder",
        "--max-worker-restart=0",
    ]


def _choose_seed(full):
    """Return the seed of the random tests: SEED; else 0, so that a change is what makes
    a test fail, and not chance; for a `full` run another one each time, to find more.
    """
    drawn = random.SystemRandom().randrange(1, 10**6) if full else 0
    return str(settings.number("SEED", drawn))


def _take_names(count, kept):
    """Return database names that no other test run uses, until `kept` ends."""
    names = []
    for number in range(1, MOST + 1):
        name = "saas_test" if number == 1 else f"saas_test_{number}"
        in_use = locks.take(name)
        if in_use is not None:
            kept.callback(in_use.close)
            names.append(name)
        if len(names) == count:
            return names
    raise Trouble(
        f"Test runs in this checkout use {MOST - len(names)} of {MOST} databases.",
        "Wait for one to end, or choose fewer: JOBS=1",
    )


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
