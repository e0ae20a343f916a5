"""The virtual environments, made from the pinned requirement files."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .. import settings
from ..console import Trouble, step
from . import apt, odoo_source
from .process import run, write_if_changed

UV = "uv==0.13.9"
WHAT_NOW = "Check that this machine reaches PyPI, and try again."
# Not `python -m odoo`: with WORKERS, Odoo starts its websocket server by calling the
# script that it was started with, and a package's __main__ cannot be called so.
LAUNCHER = """\
#!{python}
from odoo.cli.command import main

main()
"""
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
NO_VENV = "sudo apt-get install python3-venv"
#: A distribution builds its Python with what profiles say, which one that was compiled
#: here may not be: then it needs half as long again, and Odoo is mostly Python.
DISTRIBUTION = Path("/usr/bin/python3.11")


def prepare():
    """Make the environment that runs Odoo and the tests."""
    _make(settings.VENV, ["requirements.txt", "requirements-test.txt"])
    # pip and Python see this Odoo as installed.
    site = settings.VENV / "lib" / "python3.11" / "site-packages"
    write_if_changed(site / "odoo_source.pth", f"{odoo_source.folder()}\n")
    write_if_changed(settings.ODOO, LAUNCHER.format(python=settings.PYTHON))
    settings.ODOO.chmod(0o755)


def prepare_tools():
    """Make the environment of the linters and the packager."""
    _make(settings.TOOLS_VENV, ["requirements-lint.txt"])


def prepare_opponents():
    """Install the addons that the bench holds ours against; return their folder, which
    only an Odoo sees that is given it by PYTHONPATH.
    """
    file, folder = settings.DEV / "requirements-bench.txt", settings.OPPONENTS
    stamp, wanted = folder / "stamp", file.read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        with step(f"installing addons into {folder.relative_to(settings.ROOT)}"):
            command = [settings.VENV / "bin" / "uv", "pip", "install", "--no-deps"]
            command += ["--quiet", "--python", settings.PYTHON, "--target", folder]
            command += ["--requirement", file]
            run(command, "uv", WHAT_NOW, env=_uv_environment(settings.VENV))
        stamp.write_text(wanted)
    return folder


def _make(venv, files):
    """Create a virtual environment with what `files` pin, unless it is there."""
    files = [settings.DEV / name for name in files]
    stamp, base = venv / "stamp", _python_311()
    parts = [bytes(base), *(file.read_bytes() for file in files)]
    wanted = hashlib.sha256(b"".join(parts)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with step(f"installing Python packages into {venv.relative_to(settings.ROOT)}"):
        if not (venv / "bin" / "uv").exists() or not _is_made_by(venv, base):
            shutil.rmtree(venv, ignore_errors=True)
            _create(venv, base)
        python = venv / "bin" / "python"
        # --no-deps: the files are complete, and `odoo` is not on PyPI.
        command = [venv / "bin" / "uv", "pip", "install", "--no-deps", "--quiet"]
        command += ["--python", python]
        for file in files:
            command += ["--requirement", file]
        run(command, "uv", WHAT_NOW, env=_uv_environment(venv))
        stamp.write_text(wanted)


def _create(venv, base):
    """Create an empty virtual environment of an interpreter that has uv."""
    if _has_pip():
        run([base, "-m", "venv", "--without-pip", venv], "venv", NO_VENV)
    else:
        if importlib.util.find_spec("ensurepip") is None and not apt.install(
            "Python's venv", "python3-venv"
        ):
            raise Trouble("This Python has neither venv nor pip.", NO_VENV)
        run([base, "-m", "venv", venv], "venv", NO_VENV)
    run([*_pip(venv), "install", "--quiet", "--no-cache-dir", UV], "pip", WHAT_NOW)


def _has_pip():
    return importlib.util.find_spec("pip") is not None


def _pip(venv):
    """Return the command that is pip for a virtual environment: our own pip serves any
    environment, and one that lacks it has its own.
    """
    python = venv / "bin" / "python"
    if _has_pip():
        return [sys.executable, "-m", "pip", "--python", python]
    return [python, "-m", "pip"]


def _is_made_by(venv, base):
    """Return whether a virtual environment runs an interpreter."""
    return (venv / "bin" / "python").resolve() == base.resolve()


def _python_311():
    """Return the interpreter to use: the pins are those of CPython 3.11. What PYTHON
    names goes first, then the distribution's.
    """
    if not settings.text("PYTHON") and DISTRIBUTION.exists():
        return DISTRIBUTION
    if sys.version_info[:2] == (3, 11):
        return Path(getattr(sys, "_base_executable", sys.executable))
    other = shutil.which("python3.11")
    if not other:
        raise Trouble(
            f"This is Python {sys.version.split()[0]}, and the pins are for 3.11.",
            "Name one: make PYTHON=/path/to/python3.11 ...",
        )
    return Path(other)


def _uv_environment(venv):
    """Return uv's environment: its cache is ours, its index is the one pip uses."""
    environment = {**os.environ, "UV_CACHE_DIR": str(settings.LOCAL / "cache" / "uv")}
    asked = subprocess.run(
        [*_pip(venv), "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
    )
    index = settings.text("PIP_INDEX_URL", asked.stdout.strip())
    if index:
        environment.setdefault("UV_DEFAULT_INDEX", index)
    if SYSTEM_CERTIFICATES.exists():
        # An organisation's own authority is known there and not to uv.
        environment.setdefault("UV_SYSTEM_CERTS", "true")
    return environment
