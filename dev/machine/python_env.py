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


def _make(venv, files):
    """Create a virtual environment with what `files` pin, unless it is there."""
    files = [settings.DEV / name for name in files]
    stamp = venv / "stamp"
    wanted = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with step(f"installing Python packages into {venv.relative_to(settings.ROOT)}"):
        if not (venv / "bin" / "uv").exists():
            shutil.rmtree(venv, ignore_errors=True)
            _create(venv)
        python = venv / "bin" / "python"
        # --no-deps: the files are complete, and `odoo` is not on PyPI.
        command = [venv / "bin" / "uv", "pip", "install", "--no-deps", "--quiet"]
        command += ["--python", python]
        for file in files:
            command += ["--requirement", file]
        run(command, "uv", WHAT_NOW, env=_uv_environment(python))
        stamp.write_text(wanted)


def _create(venv):
    """Create an empty virtual environment that has uv."""
    base = _python_311()
    has_ensurepip = importlib.util.find_spec("ensurepip") is not None
    has_pip = importlib.util.find_spec("pip") is not None
    if not has_ensurepip and not has_pip:
        if not apt.install("Python's venv", "python3-venv"):
            raise Trouble("This Python has neither venv nor pip.", NO_VENV)
        has_ensurepip = True
    if has_ensurepip:
        run([base, "-m", "venv", venv], "venv", NO_VENV)
        pip = [venv / "bin" / "python", "-m", "pip"]
    else:
        run([base, "-m", "venv", "--without-pip", venv], "venv", NO_VENV)
        pip = [base, "-m", "pip", "--python", venv / "bin" / "python"]
    run([*pip, "install", "--quiet", "--no-cache-dir", UV], "pip", WHAT_NOW)


def _python_311():
    """Return the interpreter to use: the pins are those of CPython 3.11."""
    if sys.version_info[:2] == (3, 11):
        return getattr(sys, "_base_executable", sys.executable)
    other = shutil.which("python3.11")
    if not other:
        raise Trouble(
            f"This is Python {sys.version.split()[0]}, and the pins are for 3.11.",
            "Name one: make PYTHON=/path/to/python3.11 ...",
        )
    return other


def _uv_environment(python):
    """Return uv's environment: its cache is ours, its index is the one pip uses."""
    environment = {**os.environ, "UV_CACHE_DIR": str(settings.LOCAL / "cache" / "uv")}
    asked = subprocess.run(
        [python, "-m", "pip", "config", "get", "global.index-url"],
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
