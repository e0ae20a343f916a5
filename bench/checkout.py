"""Another commit's files, in a folder of their own, ready to run beside today's."""

import subprocess

from dev import settings
from dev.console import Trouble, step
from dev.machine import staging

FOLDER = settings.LOCAL / "bench"
#: Both sides run on the same Python, packages and Odoo; only the commit differs. They
#: share the folder of Odoo's files because they share the server.
SHARED = ("venv", "odoo", "data")


def export(name):
    """Return the short hash of a commit, and the folder that holds its files.

    In: whatever Git takes for a commit.

    :raises Trouble: if there is no such commit, or it has no bench of its own.
    """
    commit = _resolve(name)
    folder = FOLDER / commit
    if not folder.exists():
        with step(f"exporting {commit}"):
            _extract(commit, folder)
    if not (folder / "bench" / "figure.py").exists():
        raise Trouble(f"{name} has no bench.", "Choose a later commit: BASE=")
    return commit, folder


def _resolve(name):
    try:
        found = staging.git(
            *("rev-parse", "--verify", "--short=12", f"{name}^{{commit}}"),
            cwd=settings.ROOT,
        )
    except Trouble:
        raise Trouble(
            f"BASE={name} is not a commit of this checkout.", "Try: git log --oneline"
        ) from None
    return found.strip()


def _extract(commit, folder):
    packed = subprocess.run(
        ["git", "-c", "safe.directory=*", "archive", commit],
        cwd=settings.ROOT,
        capture_output=True,
        check=True,
    ).stdout
    unfinished = folder.with_suffix(".new")
    local = unfinished / ".local"
    local.mkdir(parents=True, exist_ok=True)
    # Python's tarfile has no safe default before 3.12, nor a filter before 3.11.4.
    subprocess.run(["tar", "-x", "-C", unfinished], input=packed, check=True)
    for shared in SHARED:
        link = local / shared
        if not link.is_symlink():
            link.symlink_to(settings.LOCAL / shared, target_is_directory=True)
    # Only now: an interrupted export leaves nothing that looks complete.
    unfinished.rename(folder)
