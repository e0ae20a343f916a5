"""The closed list of what people do to many events at once, or to sources.

What each means to people is in ``models/operations/operation.py`` and in the wizard,
because that is translated.
"""

from enum import StrEnum

from ...canonical.reasons import State
from ..roles import OPERATING

#: So many events a button acts on at once: a page of the list. More is an operation.
QUICK = 80


class Operation(StrEnum):
    """What is done to each event, or each source, of an operation."""

    #: Events that wait, or were ignored, go back to the inbox.
    RETRY = "retry"
    #: The same for all that are dead in some sources.
    REDRIVE = "redrive"
    #: Events that are over are processed once more, each as a new event.
    REPLAY = "replay"
    #: The same for all that one source sent in a range of days.
    REPLAY_DAYS = "replay_days"
    #: Events are held back until a person lets them go.
    HOLD = "hold"
    RELEASE = "release"
    PAUSE = "pause"
    RESUME = "resume"


#: In which state an event has to be, by what is to be done to it.
CLAIMED = {
    Operation.RETRY: (State.PARKED, State.QUARANTINED, State.DEAD, State.IGNORED),
    Operation.REDRIVE: (State.DEAD,),
    Operation.REPLAY: (State.DONE, State.IGNORED),
    Operation.REPLAY_DAYS: (State.DONE,),
    Operation.HOLD: (State.RECEIVED, State.PARKED, State.QUARANTINED, State.DEAD),
    Operation.RELEASE: (State.PARKED,),
}
#: What leaves a new event behind, and the old one as it is.
REPLAYS = (Operation.REPLAY, Operation.REPLAY_DAYS)
#: What is done to sources, and not to events.
OF_SOURCES = (Operation.PAUSE, Operation.RESUME)
#: Who may do what. What is processed again decides nothing about the books.
ROLES = {
    **dict.fromkeys(Operation, OPERATING),
    **dict.fromkeys(
        (Operation.HOLD, Operation.RELEASE, Operation.PAUSE, Operation.RESUME),
        ("operator",),
    ),
}
