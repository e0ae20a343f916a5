"""make serve, make shell: Odoo on a database that stays."""

import signal
import time

from .. import settings, workspace
from ..console import say, step
from ..machine import database, odoo_command, ports
from ..machine.process import run_in_foreground
from ..machine.server import OdooServer


def serve():
    """Run Odoo on `saas_dev` (DB=) until Ctrl-C, the addon brought up to date."""
    db = settings.text("DB", "saas_dev")
    with workspace.ready():
        server = from_settings(db, console=True)
        _bring_up_to_date(db)
        with server:
            say_address(server)
            wait_for_interrupt(server)
    return 0


def shell():
    """Open an Odoo shell on `saas_dev` (DB=), or run the script given on stdin."""
    db = settings.text("DB", "saas_dev")
    with workspace.ready():
        if not database.exists(db):
            workspace.fresh_database(db)
        # Ctrl-C is the shell's own, as at any Python prompt.
        signal.signal(signal.SIGINT, lambda *_: None)
        return run_in_foreground(
            odoo_command.command(db, "--no-http", subcommand="shell"),
            cwd=settings.LOCAL,
            env=odoo_command.environment(),
        )


def from_settings(db, console=False):
    """Return a server on the ports and with the workers that a person chose."""
    http_port = ports.require(settings.number("HTTP_PORT", 8069), "HTTP_PORT")
    gevent_port = settings.number("GEVENT_PORT", 0)
    if gevent_port:
        ports.require(gevent_port, "GEVENT_PORT")
    return OdooServer(
        db,
        http_port=http_port,
        gevent_port=gevent_port,
        workers=settings.number("WORKERS", 0),
        channels=settings.text("CHANNELS", odoo_command.CHANNELS),
        console=console,
    )


def say_address(server):
    """Print where Odoo answers and how to log in."""
    say()
    say(f"Odoo:  {server.url}/odoo   login admin, password admin")
    say(f"       database {server.database}; stop with Ctrl-C")
    say()


def wait_for_interrupt(server):
    """Return at Ctrl-C, or when the server ends by itself."""
    try:
        while server.is_running():
            time.sleep(0.5)
        say("Odoo ended by itself.")
    except KeyboardInterrupt:
        say("\nstopping")


def _bring_up_to_date(db):
    """Create the database, or update the addon in it."""
    if not database.exists(db):
        workspace.fresh_database(db)
        return
    with step(f"updating {settings.ADDON} in {db}"):
        odoo_command.run(
            db, "-u", settings.ADDON, "--stop-after-init", "--no-http", log="update"
        )
