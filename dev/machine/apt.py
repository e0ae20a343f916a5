"""Debian packages: fetched into a cache of our own, or installed when root.

The machine's own lists, sources and cache are never written to by a fetch, and apt
checks the archive's signatures as usual. No mirror is named: the machine's own is
asked for at run time.
"""

import os
import shutil
import subprocess
from pathlib import Path

from .. import settings
from ..console import Trouble, step
from .process import run, tail

APT = settings.LOCAL / "apt"
OWN_ODOO = "Or use an Odoo 19 that you have: ODOO_SRC=/path/to/odoo"
KEYRINGS = [
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
]


def fetch(packages, suite=None):
    """Download packages and return the folder that holds the .deb files.

    In: package names, and a suite (`sid`) or None for the machine's own.
    """
    name = suite or "machine"
    options = _options(name)
    if suite:
        _write_sources(suite)
        options += [
            f"-oDir::Etc::SourceList={APT / name / 'sources.list'}",
            "-oDir::Etc::SourceParts=/dev/null",
        ]
        _apt(options, "update", f"apt-{name}-update")
    elif not any((APT / name / "lists").glob("*_Packages*")):
        _update_machine(options)
    folder = APT / name / "debs"
    folder.mkdir(parents=True, exist_ok=True)
    _apt(options, "download", f"apt-{name}-download", *packages, cwd=folder)
    return folder


def install(what, *packages):
    """Install packages on the machine itself; return whether that could be tried."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"installing {what} with apt-get"):
        # An old list names files that the mirror no longer has.
        run(["apt-get", "update"], "apt-update", env=environment)
        command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
        run(command, "apt-install", env=environment)
    return True


def _options(name):
    """Return the apt options that keep every file apt writes below .local/apt."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Trouble(
            "Odoo 19 comes from Debian's archive, and this machine has no apt-get.",
            OWN_ODOO,
        )
    base = APT / name
    for folder in ("lists/partial", "cache/archives/partial"):
        (base / folder).mkdir(parents=True, exist_ok=True)
    return [
        f"-oDir::State::Lists={base / 'lists'}",
        f"-oDir::Cache={base / 'cache'}",
        # Root may write here; apt's own unprivileged user may not.
        "-oAPT::Sandbox::User=root",
    ]


def _write_sources(suite):
    """Write the one-line source list for `suite`, on the machine's own mirror."""
    keyring = next((path for path in KEYRINGS if path.exists()), None)
    if not keyring:
        raise Trouble(
            "Debian's archive keys are not on this machine.",
            f"Install the package debian-archive-keyring. {OWN_ODOO}",
        )
    line = f"deb [signed-by={keyring}] {_mirror()} {suite} main\n"
    (APT / suite / "sources.list").write_text(line)


def _mirror():
    """Return the address of the Debian archive that this machine uses."""
    options = _options("machine")
    _update_machine(options)
    row = "$(REPO_URI) $(ORIGIN) $(LABEL)"
    listed = subprocess.run(
        ["apt-get", *options, "indextargets", "--format", row, "Created-By: Packages"],
        capture_output=True,
        text=True,
    )
    for line in listed.stdout.splitlines():
        address, *origin = line.split()
        if origin == ["Debian", "Debian"]:
            return address
    raise Trouble(
        "Debian's archive cannot be reached from this machine:\n"
        + tail(settings.LOG / "apt-machine-update.log", 4),
        f"Check the network and /etc/apt/sources.list. {OWN_ODOO}",
    )


def _update_machine(options):
    # Fails when any of the machine's sources does; Debian's row is all we need.
    _apt(options, "update", "apt-machine-update", check=False)


def _apt(options, verb, log, *arguments, check=True, cwd=None):
    """Run apt-get with our options; its output goes to a log."""
    command = ["apt-get", *options, "-qy", verb, *arguments]
    try:
        run(command, log, f"Check the network and try again. {OWN_ODOO}", cwd=cwd)
    except Trouble:
        if check:
            raise
