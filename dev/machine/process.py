"""Run other programs: quietly, with a log to read when one fails."""

import os
import signal
import subprocess

from .. import settings
from ..console import Trouble

TIME_TO_CLEAN_UP = 30


def run(command, log, next_step="", **options):
    """Run `command` with its output in `.local/log/<log>.log`.

    In: the argument list, the log's name, what to advise on failure, and options of
    `subprocess.run`. Out: nothing. A failure raises `Trouble` with the log's end.
    """
    path = settings.LOG / f"{log}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [str(part) for part in command]
    options.setdefault("stdin", subprocess.DEVNULL)
    with path.open("wb") as output:
        try:
            done = subprocess.run(
                command, stdout=output, stderr=subprocess.STDOUT, **options
            )
        except FileNotFoundError as error:
            raise Trouble(
                f"{error.filename} is not on this machine.", next_step
            ) from None
    if done.returncode:
        raise Trouble(
            f"{os.path.basename(command[0])} failed:\n{tail(path)}",
            next_step or f"The whole output is in {path}.",
        )


class Terminated(KeyboardInterrupt):
    """We were told to end by another program, not by Ctrl-C in a terminal."""


def run_in_foreground(command, **options):
    """Run a program that a person talks to; return its exit code.

    When we are interrupted it gets the time to clean up after itself. Ctrl-C in a
    terminal reaches it too, so it is told only of an end that reached us alone.
    """
    child = subprocess.Popen([str(part) for part in command], **options)
    try:
        return child.wait()
    except KeyboardInterrupt as interrupt:
        if isinstance(interrupt, Terminated):
            child.send_signal(signal.SIGINT)
        try:
            child.wait(TIME_TO_CLEAN_UP)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        raise


def tail(path, lines=15):
    """Return the last lines of a file, indented, to show under an error."""
    try:
        content = path.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return "    (nothing was written)"
    return "\n".join(f"    {line}" for line in content[-lines:])


def write_if_changed(path, content):
    """Write a text file unless it already holds exactly that."""
    if not path.exists() or path.read_text() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
