"""Odoo 19 itself: the one that ODOO_SRC names, or Debian's package, unpacked."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from .. import settings
from ..console import Trouble, step
from . import apt

# Odoo's web client links to fonts and scripts that these packages hold.
FROM_UNSTABLE = [
    "odoo-19",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
]
# Unstable's has other file names than Odoo's links.
FROM_STABLE = ["fonts-font-awesome"]
SPACE_NEEDED = 4 * 1024**3
STAMP = settings.ODOO_UNPACKED / "stamp"


def prepare():
    """Make Odoo 19 available; quick when it already is."""
    if settings.text("ODOO_SRC"):
        folder()
    elif not STAMP.exists():
        _fetch()
    settings.make_folders()
    link = settings.ADDONS / settings.ADDON
    if not link.is_symlink():
        # Odoo and pytest-odoo know an addon by its folder's name.
        link.symlink_to("../..", target_is_directory=True)


def folder():
    """Return the folder to put on `sys.path`: the one that holds `odoo/`."""
    chosen = settings.text("ODOO_SRC")
    if not chosen:
        return settings.ODOO_UNPACKED / "usr/lib/python3/dist-packages"
    path = Path(chosen).expanduser().resolve()
    release = path / "odoo" / "release.py"
    if not release.exists():
        raise Trouble(
            f"ODOO_SRC={chosen} holds no Odoo: {release} is missing.",
            "Point it at a checkout of Odoo 19.0 (the folder with odoo-bin), or at "
            "the dist-packages folder of an installed one.",
        )
    if "version_info = (19, 0" not in release.read_text():
        raise Trouble(
            f"ODOO_SRC={chosen} is not Odoo 19.0.", "This addon needs that version."
        )
    return path


def addons_path():
    """Return the addons folders for Odoo's configuration, ours first."""
    beside = folder() / "addons"
    # Debian's package keeps its addons in odoo/addons, which Odoo finds by itself.
    theirs = [beside] if (beside / "account" / "__manifest__.py").exists() else []
    return [settings.ADDONS, *theirs]


def identity():
    """Return a short text that changes when another Odoo is used."""
    if not settings.text("ODOO_SRC"):
        return STAMP.read_text()
    revision = subprocess.run(
        ["git", "-C", folder(), "rev-parse", "HEAD"], capture_output=True, text=True
    ).stdout
    release = (folder() / "odoo" / "release.py").read_text()
    return hashlib.sha256(f"{folder()} {revision} {release}".encode()).hexdigest()


def _fetch():
    """Download and unpack Debian's package and what it links to."""
    settings.LOCAL.mkdir(exist_ok=True)
    if shutil.disk_usage(settings.LOCAL).free < SPACE_NEEDED:
        raise Trouble(
            f"There is less than 4 GB free below {settings.LOCAL}.",
            "Make room, or use an Odoo 19 that you have: ODOO_SRC=/path/to/odoo",
        )
    with step("downloading Odoo 19 (130 MB)"):
        folders = [apt.fetch(FROM_UNSTABLE, "sid"), apt.fetch(FROM_STABLE)]
    with step("unpacking Odoo 19"):
        new = settings.LOCAL / "odoo.new"
        for path in (new, settings.ODOO_UNPACKED):
            shutil.rmtree(path, ignore_errors=True)
        packages = [deb for where in folders for deb in sorted(where.glob("*.deb"))]
        for package in packages:
            subprocess.run(["dpkg-deb", "-x", package, new], check=True)
        _mend(new / "usr/lib/python3/dist-packages/odoo/addons")
        (new / "stamp").write_text("\n".join(package.name for package in packages))
        # Only now: an interrupted run leaves nothing that looks complete.
        new.rename(settings.ODOO_UNPACKED)
    shutil.rmtree(apt.APT)


def _mend(addons):
    """Put back an empty file for a script that Debian leaves out.

    Without it the backend's bundle reports an error, and every browser test fails.
    """
    script = addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.touch()
