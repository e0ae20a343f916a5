"""Cached databases to copy from: Odoo's addons installed, and ours on top.

A template's name holds a hash of all that it depends on, so a change makes a new one
and there is nothing else to keep up to date.
"""

import ast
import hashlib

from .. import settings
from ..console import Trouble, step
from . import cluster, database, odoo_command, odoo_source

BASE = "saas_base_"
WITH_ADDON = "saas_addon_"
# A running test may still copy an earlier one.
KEPT = 3
# Folders of the checkout whose files no installation reads.
NOT_INSTALLED = {"dev", "bench", "tests", "docs", "shared", "build", "dist"}


def base():
    """Return the database with the addons that ours depends on, made if needed."""
    modules = manifest()["depends"]
    requirements = (settings.DEV / "requirements.txt").read_text()
    name = BASE + _digest(odoo_source.identity(), requirements, *modules)
    if not database.exists(name):
        building = f"{name}_new"
        database.drop(building)
        with step(f"installing {', '.join(modules)} into a template database"):
            odoo_command.run(
                building,
                *("-i", ",".join(modules), "--without-demo", "--stop-after-init"),
                "--no-http",
                log="template-base",
            )
        database.freeze_as_template(building, name)
        _forget_old(BASE)
    return name


def with_addon():
    """Return the database with this addon installed as well, made if needed."""
    start = base()
    name = WITH_ADDON + _digest(start, *_addon_files())
    if not database.exists(name):
        building = f"{name}_new"
        database.create_from_template(building, start)
        with step(f"installing {settings.ADDON} into a template database"):
            odoo_command.run(
                building,
                *("-i", settings.ADDON, "--without-demo", "--stop-after-init"),
                "--no-http",
                log="template-addon",
            )
            _check_installed(building)
        database.freeze_as_template(building, name)
        _forget_old(WITH_ADDON)
    return name


def _check_installed(name):
    """Raise `Trouble` unless our addon is installed: Odoo only warns of a bad one."""
    query = "SELECT state FROM ir_module_module WHERE name = %s"
    if database.execute(query, settings.ADDON, database=name) != [("installed",)]:
        log = settings.LOG / "template-addon.log"
        warnings = [
            line for line in log.read_text().splitlines() if " WARNING " in line
        ]
        raise Trouble(
            f"Odoo did not install {settings.ADDON}:\n" + "\n".join(warnings[-5:]),
            f"The whole log is in {log}.",
        )


def manifest():
    """Return the addon's manifest."""
    return ast.literal_eval((settings.ROOT / "__manifest__.py").read_text())


def _addon_files():
    """Yield the path and the content of every file that an installation may read."""
    for top in sorted(settings.ROOT.iterdir()):
        if top.is_dir():
            left_out = top.name in NOT_INSTALLED or top.name.startswith(".")
            files = [] if left_out else sorted(top.rglob("*"))
        else:
            files = [top] if top.suffix == ".py" else []
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                yield str(file.relative_to(settings.ROOT))
                yield hashlib.sha256(file.read_bytes()).hexdigest()


def _digest(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _forget_old(prefix):
    """Drop all but the newest templates on the embedded server."""
    if cluster.is_used():
        names = [name for name in database.like(f"{prefix}%") if "_new" not in name]
        for name in names[:-KEPT]:
            database.drop(name)
