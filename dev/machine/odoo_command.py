"""How Odoo is called here: its configuration file, its environment, its arguments."""

import base64
import os
import secrets
import subprocess

from .. import settings
from ..console import Trouble
from . import database, odoo_source
from .process import tail

CHANNELS = "root:2,root.saas.batch:1"
CONFIGURATION = """\
; Written by dev/machine/odoo_command.py at every run. Change it there.
[options]
addons_path = {addons_path}
data_dir = {data_dir}
db_host = {host}
db_port = {port}
db_user = {user}
list_db = False
admin_passwd = {admin_password}
http_interface = 127.0.0.1
proxy_mode = False
server_wide_modules = base,rpc,web,queue_job
max_cron_threads = 1
limit_time_cpu = 600
limit_time_real = 1200
limit_time_real_cron = 1200

[queue_job]
channels = {channels}

[saas_billing_sync]
key = {vault_key}
environment = development
"""


def write_configuration():
    """Write Odoo's configuration file. The password stays in the environment."""
    known = database.connection()
    content = CONFIGURATION.format(
        addons_path=",".join(map(str, odoo_source.addons_path())),
        data_dir=settings.DATA_DIR,
        host=known.get("PGHOST", "False"),
        port=known.get("PGPORT", "False"),
        user=known.get("PGUSER", "False"),
        # Nobody needs it: the pages it opens are off (list_db).
        admin_password=secrets.token_urlsafe(24),
        channels=CHANNELS,
        vault_key=_vault_key(),
    )
    # Another make may be starting Odoo with it at this moment.
    new = settings.CONF.with_suffix(f".{os.getpid()}")
    new.touch(0o600)
    new.write_text(content)
    new.replace(settings.CONF)


def _vault_key():
    """Return the key that seals the secrets in all databases of this checkout, made
    once: 32 random bytes, as `Fernet.generate_key()` makes them.
    """
    path = settings.LOCAL / "vault-key"
    if not path.exists():
        new = path.with_suffix(".new")
        new.touch(0o600)
        new.write_bytes(base64.urlsafe_b64encode(os.urandom(32)))
        new.rename(path)
    return path.read_text()


def environment(channels="root:0", **more):
    """Return the environment for an Odoo process.

    In: the job runner's channels (none by default, so a shell or an installation
    runs no jobs), and other variables to set.
    """
    result = {**os.environ, **database.connection()}
    # Odoo would take it for the database to use.
    result.pop("PGDATABASE", None)
    result.update(
        ODOO_RC=str(settings.CONF),
        ODOO_QUEUE_JOB_CHANNELS=channels,
        PATH=f"{settings.PYTHON.parent}{os.pathsep}{os.environ.get('PATH', '')}",
    )
    result.update(more)
    return result


def command(db, *arguments, subcommand=None):
    """Return the argument list that calls Odoo on the database `db`."""
    start = [settings.PYTHON, settings.ODOO, *([subcommand] if subcommand else [])]
    return [str(part) for part in (*start, "-c", settings.CONF, "-d", db, *arguments)]


def run(db, *arguments, log, subcommand=None, stdin=subprocess.DEVNULL):
    """Run Odoo to its end with its output in a log; a failure raises `Trouble`."""
    path = settings.LOG / f"{log}.log"
    with path.open("wb") as output:
        done = subprocess.run(
            command(db, *arguments, subcommand=subcommand),
            cwd=settings.LOCAL,
            env=environment(),
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        raise Trouble(
            f"Odoo stopped with an error:\n{tail(path, 25)}",
            f"The whole log is in {path}.",
        )


def run_script(db, script, *options, log):
    """Give a script, a file, to an Odoo shell on a database; a failure raises
    `Trouble`.
    """
    with script.open("rb") as stdin:
        run(db, *options, "--no-http", subcommand="shell", log=log, stdin=stdin)
