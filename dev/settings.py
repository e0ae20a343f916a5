"""Where things are, and what a person may choose through the environment."""

import hashlib
import os
from pathlib import Path

from .console import Trouble

ADDON = "saas_billing_sync"
#: Pinned requirements and the linters' configuration are here.
DEV = Path(__file__).resolve().parent
ROOT = DEV.parent

# Everything made on this machine is below this one ignored folder.
LOCAL = ROOT / ".local"
ODOO_UNPACKED = LOCAL / "odoo"
VENV = LOCAL / "venv"
TOOLS_VENV = LOCAL / "venv-tools"
#: Addons of others that the bench compares with.
OPPONENTS = LOCAL / "opponents"
ADDONS = LOCAL / "addons"
DATA_DIR = LOCAL / "data"
LOG = LOCAL / "log"
RUN = LOCAL / "run"
CONF = LOCAL / "odoo.conf"
PYTHON = VENV / "bin" / "python"
ODOO = VENV / "bin" / "odoo"

# Tells two checkouts on one machine apart.
CHECKOUT_ID = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def text(name, default=""):
    """Return the environment variable `name`; an empty one counts as not set."""
    return os.environ.get(name) or default


def number(name, default):
    """Return the environment variable `name` as a whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise Trouble(
            f"{name}={value} is not a whole number.",
            f"Give one, for instance {name}={default}, or leave it out.",
        ) from None


def switched_on(name, default=True):
    """Return whether a switch is on: 0, no, false and off mean it is not."""
    value = text(name, "1" if default else "0")
    return value.lower() not in ("0", "no", "false", "off")


def make_folders():
    """Create the folders that every command may write into."""
    for folder in (ADDONS, DATA_DIR, LOG, RUN):
        folder.mkdir(parents=True, exist_ok=True)
