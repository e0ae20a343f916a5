"""Locks between two `make` commands in the same checkout."""

import fcntl
from contextlib import contextmanager

from .. import settings
from ..console import say


@contextmanager
def only_one(name, waiting_for):
    """Let one process at a time into the block, and say so while waiting."""
    settings.RUN.mkdir(parents=True, exist_ok=True)
    with (settings.RUN / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"- waiting for {waiting_for} in this checkout")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def take(name, shared=False):
    """Take a lock without waiting.

    Out: an open file that holds the lock until it is closed, or None when another
    process has it.
    """
    settings.RUN.mkdir(parents=True, exist_ok=True)
    handle = (settings.RUN / f"{name}.lock").open("w")
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle
