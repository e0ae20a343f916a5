"""What can go wrong with an event, named by what can be done about it."""

from .display.texts import fit
from .reference import Reference


class EventError(Exception):
    """Any reason why an event can't be booked now.

    :param message: for a log or a job; what is too long is cut here.
    """

    def __init__(self, message=""):
        super().__init__(fit(message))


class Unauthentic(EventError):
    """The request can't be proven to come from the source: answer 401."""


class Malformed(EventError):
    """The request is not an event at all: answer 400, store nothing."""


class Quarantine(EventError):
    """A retry alone does not help: a person has to act.

    :param reason: a :class:`~.reasons.Reason`.
    :param detail: a whole sentence, with the values that disagree. It must not hold
        personal data, because it is shown in lists and written to the log.
    :param data: the figures behind it, as plain JSON, for the event's form; none of
        them personal either.
    :param cause: a :class:`~.reasons.Cause` with what it is about, where the next step
        depends on it.
    """

    def __init__(self, reason, detail, data=None, cause=None):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = fit(detail)
        self.data = data
        self.cause = cause


class Park(EventError):
    """The event needs an object that is not known yet, and waits for its arrival.

    :param kind: a :class:`~.kinds.Kind`: the missing object's.
    :param external_id: its id at the source.
    """

    def __init__(self, kind, external_id):
        super().__init__(f"waiting for {kind} {external_id}")
        self.reference = Reference(kind, external_id)


class Ignore(EventError):
    """There is nothing to book, and a person should see why.

    :param reason: a :class:`~.reasons.Reason`.
    :param detail: a whole sentence without personal data, shown in lists and written to
        the log.
    """

    def __init__(self, reason, detail):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = fit(detail)


class Transient(EventError):
    """The event failed for a cause that passes by itself, and is tried again later."""
