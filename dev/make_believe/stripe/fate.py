"""What is meant to become of events in Odoo."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fate:
    """The state that events about something are meant to end in, and why."""

    state: str = "done"
    reason: str = ""


DONE = Fate()
