"""What a subscription can be, what can happen to it, and what each event does in each
state: :data:`TABLE`.

``canceled`` is the end: nothing revives a subscription. Whether its money could be
collected is no state of it.
"""

from enum import StrEnum


class State(StrEnum):
    """What a subscription is. ``none``: nothing is known of it yet."""

    NONE = "none"
    PENDING = "pending"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAUSED = "paused"
    CANCELED = "canceled"


class Event(StrEnum):
    """What happens to a subscription."""

    #: It was agreed, and has not begun.
    AGREED = "agreed"
    ACTIVATED = "activated"
    TRIAL_ENDED = "trial_ended"
    #: Plan, quantities or prices are others from now on.
    CHANGED = "changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    #: The next term has begun, or will.
    RENEWED = "renewed"
    CANCELED = "canceled"


#: That another change never happened, or will not.
WITHDRAWN = "withdrawn"


class Refusal(StrEnum):
    """Why a change has no effect."""

    NOT_ACTIVATED = "not_activated"
    NOT_PAUSED = "not_paused"
    WHILE_PAUSED = "while_paused"
    ALREADY_CANCELED = "already_canceled"
    #: Another cancellation, known later, says when it ends.
    SUPERSEDED = "superseded"


class Effect(StrEnum):
    """What an event does, beside leading to a state."""

    #: Nothing changes: it is so already, or it does not matter.
    KEEP = "keep"
    #: The terms are others; the state stays.
    TERMS = "terms"


_S, _E, _R = State, Event, Refusal

#: What each event does in each state: the state it leads to, an :class:`Effect`, or why
#: it is refused.
TABLE = {
    _S.NONE: {
        _E.AGREED: _S.PENDING,
        _E.ACTIVATED: _S.ACTIVE,
        _E.TRIAL_ENDED: _R.NOT_ACTIVATED,
        _E.CHANGED: _R.NOT_ACTIVATED,
        _E.PAUSED: _R.NOT_ACTIVATED,
        _E.RESUMED: _R.NOT_ACTIVATED,
        _E.RENEWED: _R.NOT_ACTIVATED,
        _E.CANCELED: _S.CANCELED,
    },
    _S.PENDING: {
        _E.AGREED: Effect.TERMS,
        _E.ACTIVATED: _S.ACTIVE,
        _E.TRIAL_ENDED: _R.NOT_ACTIVATED,
        _E.CHANGED: Effect.TERMS,
        _E.PAUSED: _R.NOT_ACTIVATED,
        _E.RESUMED: _R.NOT_ACTIVATED,
        _E.RENEWED: _R.NOT_ACTIVATED,
        _E.CANCELED: _S.CANCELED,
    },
    _S.TRIALING: {
        _E.AGREED: Effect.KEEP,
        _E.ACTIVATED: Effect.KEEP,
        _E.TRIAL_ENDED: _S.ACTIVE,
        _E.CHANGED: Effect.TERMS,
        _E.PAUSED: _S.PAUSED,
        _E.RESUMED: _R.NOT_PAUSED,
        _E.RENEWED: Effect.TERMS,
        _E.CANCELED: _S.CANCELED,
    },
    _S.ACTIVE: {
        _E.AGREED: Effect.KEEP,
        _E.ACTIVATED: Effect.KEEP,
        _E.TRIAL_ENDED: Effect.KEEP,
        _E.CHANGED: Effect.TERMS,
        _E.PAUSED: _S.PAUSED,
        _E.RESUMED: Effect.KEEP,
        _E.RENEWED: Effect.TERMS,
        _E.CANCELED: _S.CANCELED,
    },
    _S.PAUSED: {
        _E.AGREED: Effect.KEEP,
        _E.ACTIVATED: _R.WHILE_PAUSED,
        # It stays paused, and goes on without a trial.
        _E.TRIAL_ENDED: Effect.TERMS,
        # Stored, and in effect once it goes on.
        _E.CHANGED: Effect.TERMS,
        _E.PAUSED: Effect.KEEP,
        _E.RESUMED: _S.ACTIVE,
        _E.RENEWED: Effect.TERMS,
        _E.CANCELED: _S.CANCELED,
    },
    _S.CANCELED: {
        _E.AGREED: Effect.KEEP,
        **dict.fromkeys(
            (
                _E.ACTIVATED,
                _E.TRIAL_ENDED,
                _E.CHANGED,
                _E.PAUSED,
                _E.RESUMED,
                _E.RENEWED,
                _E.CANCELED,
            ),
            _R.ALREADY_CANCELED,
        ),
    },
}
