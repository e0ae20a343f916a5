"""make demo: a fresh database, a real server, and the demonstration's client."""

import os
import shlex

from .. import settings, workspace
from ..console import say, step
from ..machine import odoo_command
from ..machine.counterpart import GOCARDLESS, STRIPE, Counterpart
from ..machine.process import run_in_foreground
from .serve import from_settings, say_address, wait_for_interrupt


def demo():
    """Run the demonstration; keep Odoo running after it unless KEEP=0. Beside one that
    runs already it takes a database of its own.

    Out: the client's exit code.
    """
    with workspace.ready(), workspace.unused_database("saas_demo") as name:
        # Before anything slow: a taken port is known at once.
        server = from_settings(name)
        # What client and shell tell each other is this demonstration's alone.
        os.environ["STORY_FILES"] = name
        workspace.fresh_database(server.database)
        _set_up(server.database)
        with step("starting Odoo, its job runner, and what stands for other systems"):
            server.start()
        try:
            # It stays as long as Odoo does, for the buttons that read from Stripe.
            with Counterpart(STRIPE) as stripe, Counterpart(GOCARDLESS) as gocardless:
                code = _run_client(server, stripe, gocardless)
                if settings.switched_on("KEEP"):
                    say_address(server)
                    say(f"       log {server.log}")
                    wait_for_interrupt(server)
            return code
        finally:
            server.stop()


def _set_up(db):
    """Give the demonstration's own script to an Odoo shell."""
    script = settings.DEV / "demo" / "setup_db.py"
    with step("preparing the demonstration's company"):
        odoo_command.run_script(db, script, log="demo-setup")


def _run_client(server, stripe, gocardless):
    """Run the client against the servers; return its exit code."""
    arguments = ["--url", server.url, "--db", server.database]
    arguments += ["--stripe", stripe.url, "--gocardless", gocardless.url]
    arguments += shlex.split(settings.text("ARGS"))
    environment = odoo_command.environment(SAAS_URL=server.url, SAAS_DB=server.database)
    return run_in_foreground(
        [settings.PYTHON, "-m", "dev.demo", *arguments],
        cwd=settings.ROOT,
        env=environment,
    )
