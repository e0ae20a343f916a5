"""Node.js, and the npm packages that dev/package-lock.json pins."""

import os
import shutil
import subprocess

from .. import settings
from ..console import step
from . import python_env
from .process import run

FOLDER = settings.LOCAL / "npm"


def prepare():
    """Install what dev/package-lock.json pins, unless it is there."""
    python_env.prepare_tools()
    lock = settings.DEV / "package-lock.json"
    stamp = FOLDER / "stamp"
    if stamp.exists() and stamp.read_text() == lock.read_text():
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(settings.DEV / name, FOLDER)
    with step("installing what npm has"):
        cache = settings.LOCAL / "cache" / "npm"
        npm = settings.TOOLS_VENV / "bin" / "npm"
        command = [npm, "ci", "--no-audit", "--no-fund", "--cache", cache]
        next_step = "Check that this machine reaches the npm registry, and try again."
        run(command, "npm", next_step, cwd=FOLDER, env=environment())
    stamp.write_text(lock.read_text())


def environment():
    """Return an environment with the tools' Node.js first, and npm's packages."""
    tools = settings.TOOLS_VENV / "bin"
    path = f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"
    modules = str(FOLDER / "node_modules")
    # As in python_env: an organisation's own authority may have signed the registry.
    certificates = {"NODE_USE_SYSTEM_CA": "1"}
    return {**os.environ, **certificates, "PATH": path, "NODE_PATH": modules}


def evaluate(script, *arguments):
    """Return what a script prints, with the packages at hand.

    :param script: CommonJS, which finds ``arguments`` from ``process.argv[1]`` on.
    """
    command = [settings.TOOLS_VENV / "bin" / "node", "-e", script, *arguments]
    return subprocess.run(
        command, env=environment(), check=True, capture_output=True, text=True
    ).stdout
