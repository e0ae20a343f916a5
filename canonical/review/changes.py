"""A change of the state of events, as the one gate for such changes takes it."""

from dataclasses import dataclass, field

from ..reasons import Reason, State


@dataclass
class StateChange:
    """The new ``state`` of ``events``, and why.

    ``detail`` is one sentence for people, without personal data; what is too long is
    cut by the gate. ``waiting_for`` is a reference as a text; what an event waited for
    is kept until it is done, or until this is another, or ``False``. ``causes`` are the
    :class:`~.causes.CauseKey` of all that a person has to settle; where none is stated,
    what is stored of the event tells. ``vals`` are values of further fields.
    """

    events: object
    state: State
    reason: Reason | None = None
    detail: str | None = None
    waiting_for: str | bool | None = None
    causes: tuple = ()
    vals: dict = field(default_factory=dict)
