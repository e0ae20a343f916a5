"""What is meant to become of events in Odoo."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fate:
    """The state that events about something are meant to end in, and why."""

    state: str = "done"
    reason: str = ""
    #: What becomes of one that waits once people have done what they are asked to;
    #: None: it is done.
    after: "Fate | None" = None

    def resolved(self):
        """Return the fate after people have acted."""
        waits = self.state in ("parked", "quarantined", "dead")
        return self.after or DONE if waits else self

    @property
    def key(self):
        return self.state, self.reason


DONE = Fate()
