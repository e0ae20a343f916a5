"""The commands behind the Makefile: `python3 -m dev COMMAND`.

Needs only the standard library until the virtual environment is there; then it goes
on in that environment.
"""

import importlib
import signal
import sys
import traceback

HELP = """\
make demo     set everything up, send a company's month over real HTTP, show the books,
              and leave Odoo running, with what waits for a person
              (KEEP=0: have two users resolve all of it, show the books again, stop)
make test     run every test, in a process for each core (JOBS=2)
              some of them: TESTS=tests/payments   ARGS="-k name"   TEST_PORT=
              QUICK=1: a sample of everything in two minutes   FULL=1: hours, more of it
              SEED=0: what random tests begin with   DURATIONS=1: record the times
make serve    Odoo on the database saas_dev, with the addon brought up to date
make shell    an Odoo shell on saas_dev, or run a script: make shell < script.py
make lint     ruff, pylint-odoo, OCA's checks, prettier, eslint, figures   FIX=1 fixes
make bench    the measured comparisons (QUICK=1: in five minutes)   ARGS="--help"
              BASE=aa8d31c: that commit and today's files in turn, held side by side
make faults   break things while events flow and tenants are billed, and compare the
              books (QUICK=1)   some rounds: ROUNDS=billing   of it: TENANTS=200
make i18n     export i18n/saas_billing_sync.pot
make dump     a small dump of the database DB=saas_demo, for the tests of an upgrade
make wheel    build dist/odoo_addon_saas_billing_sync-*.whl
make up       start the embedded PostgreSQL and leave it running; make down stops it
make clean    stop what was started, and delete .local/, where everything is; asks
              before it stops anything (FORCE=1: it doesn't)

Choose:       DB=  HTTP_PORT=8069  GEVENT_PORT=  WORKERS=0  CHANNELS=root:2
              PG_PORT= (TCP too)  PYTHON=python3.11
              PG_FSYNC=1: the durable cluster, where make bench measures
Bring yours:  ODOO_SRC=/path/to/odoo   PGHOST= PGPORT= PGUSER= PGPASSWORD=
"""

# Each command: its module in `dev.commands`, and whether it runs in the environment
# that has Odoo: MADE when it is missing, or only IF_THERE.
MADE, IF_THERE, NO = "enter_environment", "enter_environment_if_made", None
COMMANDS = {
    "demo": ("demo", MADE),
    "test": ("test", MADE),
    "serve": ("serve", MADE),
    "shell": ("serve", MADE),
    "bench": ("bench", MADE),
    "faults": ("faults", MADE),
    "i18n": ("package", MADE),
    "dump": ("dump", MADE),
    "wheel": ("package", NO),
    "lint": ("lint", NO),
    "up": ("clean", MADE),
    "down": ("clean", IF_THERE),
    "clean": ("clean", IF_THERE),
}


def main(arguments):
    """Run one command; return the exit code."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(HELP)
        return 0 if arguments in ([], ["help"]) else 2
    from .console import Trouble, explain, say

    # However we are ended, we stop what we started. (A shell that starts a job in the
    # background makes it ignore SIGINT.)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _terminate)
    try:
        return _run(arguments[0])
    except Trouble as trouble:
        explain(trouble, f"make {arguments[0]}: ")
        return 1
    except KeyboardInterrupt:
        say("\nstopped")
        return 130
    except Exception as error:
        say(f"\nmake {arguments[0]}: {_explain(error)}")
        return 1


def _run(name):
    """Run a command by its name; return its exit code."""
    from . import workspace

    module, enter = COMMANDS[name]
    if enter:
        getattr(workspace, enter)(name)
    return getattr(importlib.import_module(f"dev.commands.{module}"), name)()


def _terminate(_number, _frame):
    from .machine.process import Terminated

    raise Terminated


def _explain(error):
    """Return one line about an error that nobody foresaw; the rest goes to a log."""
    from . import settings

    try:
        settings.LOG.mkdir(parents=True, exist_ok=True)
        log = settings.LOG / "dev.log"
        log.write_text(traceback.format_exc())
    except OSError:
        return f"{error}"
    return f"{type(error).__name__}: {error}\nNext: see {log}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
