"""A copy of the addon in a folder of its own name, in a Git repository of its own.

whool names a wheel after the folder, OCA's checks look at nothing when the addon is
the Git root, and Odoo's export walks every folder below the addon, .local included.
"""

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from .. import settings
from ..console import Trouble
from . import apt

# What a newcomer or a developer needs, and an installed addon does not.
NOT_ADDON = {"dev", "bench", "docs", "Makefile", ".ci"}
# Less what the addon's tests import, wherever Odoo runs them.
TESTED_WITH = ("dev/__init__.py", "dev/make_believe/")


@contextmanager
def staged():
    """Yield the path of a staged copy, named as the addon; deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="staged-", dir=settings.LOCAL) as parent:
        copy = Path(parent) / settings.ADDON
        for name in addon_files():
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(settings.ROOT / name, target)
        for command in (
            ["init", "--quiet"],
            ["add", "--all", "--force"],
            ["-c", "user.name=staging", "-c", "user.email=staging@localhost"]
            + ["-c", "commit.gpgsign=false"]
            + ["commit", "--quiet", "--no-verify", "--message=staged"],
        ):
            git(*command, cwd=parent)
        yield copy


def addon_files():
    """Return the paths of the addon's files: all that Git does not ignore."""
    return [
        name
        for name in files()
        if name.startswith(TESTED_WITH)
        or (name.split("/")[0] not in NOT_ADDON and not name.startswith("."))
    ]


def files(*patterns):
    """Return the paths of the checkout's files, tracked or not, ignored ones left out.

    In: Git patterns (`*.xml`) to choose by, or nothing for all files.
    """
    options = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"]
    listed = git(*options, *patterns, cwd=settings.ROOT)
    names = sorted({name for name in listed.split("\0") if name})
    return [name for name in names if (settings.ROOT / name).is_file()]


def git(*arguments, cwd):
    """Run Git and return what it prints."""
    if not shutil.which("git") and not apt.install("git", "git"):
        raise Trouble("git is not on this machine.", "sudo apt-get install git")
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Trouble(
            f"git {arguments[0]} failed: {done.stderr.strip()}",
            "This needs a Git checkout.",
        )
    return done.stdout
