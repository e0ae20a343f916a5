"""What a person sees: short progress lines, and errors that name the next step."""

import sys
import time
from contextlib import contextmanager


class Trouble(Exception):
    """Something a person can fix: what is wrong, and what to do next."""

    def __init__(self, problem, next_step=""):
        super().__init__(problem)
        self.problem = problem
        self.next_step = next_step


# Whether the last line still waits for the time its step took.
_line_is_open = False


def say(line=""):
    """Print one line for a person.

    It goes to stderr: stdout belongs to the work itself (a script given to
    `make shell` may be piped on).
    """
    _write(f"{line}\n")


def explain(trouble, what=""):
    """Print what is wrong and what to do next; ``what`` is what failed."""
    say(f"\n{what}{trouble.problem}")
    if trouble.next_step:
        say(f"Next: {trouble.next_step}")


def exit_with(main):
    """Run a program and end with its exit code: 1 after `Trouble`, 130 after Ctrl-C."""
    try:
        sys.exit(main())
    except Trouble as trouble:
        explain(trouble)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


@contextmanager
def step(what):
    """Show that something slow is being done, and how long it took."""
    global _line_is_open
    _write(f"- {what} ...")
    _line_is_open = True
    began = time.monotonic()
    outcome = "failed"
    try:
        yield
        outcome = f"{time.monotonic() - began:.0f} s"
    finally:
        if _line_is_open:
            print(f" {outcome}", file=sys.stderr, flush=True)
            _line_is_open = False
        else:
            # Another step wrote in between.
            _write(f"- {what}: {outcome}\n")


def _write(text):
    global _line_is_open
    if _line_is_open:
        text = f"\n{text}"
        _line_is_open = False
    print(text, end="", file=sys.stderr, flush=True)
