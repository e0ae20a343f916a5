"""What can go wrong with an event, named by what can be done about it."""

from dataclasses import dataclass
from typing import NamedTuple

from .display.texts import fit
from .reasons import Reason
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


class Refused(Malformed):
    """The request is understood and not taken: answer 400, with this sentence.

    :param old: the version that is refused, as a tuple of a sender, a type of events
        and a version; None if it isn't that.
    """

    def __init__(self, message="", old=None):
        super().__init__(message)
        self.old = old


class Missing(NamedTuple):
    """What the set-up of a source, or of its company, lacks: the names of the
    ``fields``, and the sentence that says so.
    """

    fields: tuple
    text: str


@dataclass
class Stop:
    """One thing that stops an event, which a person settles by itself.

    ``about`` says what exactly it waits for, where neither the reason nor the event
    tells: the key of the case that it belongs to is made of it.
    """

    reason: Reason
    detail: str
    cause: str | None = None
    about: str | None = None


class Quarantine(EventError):
    """A retry alone does not help: a person has to act. It may have several causes,
    each a :class:`Stop`; the first one's reason is the event's.

    :param reason: a :class:`~.reasons.Reason`.
    :param detail: a whole sentence, with the values that disagree. It must not hold
        personal data, because it is shown in lists and written to the log.
    :param data: the figures behind it, as plain JSON, for the event's form; none of
        them personal either.
    :param cause: a :class:`~.reasons.Cause` with what it is about, where the next step
        depends on it.
    :param about: what exactly it waits for, as :class:`Stop` says.
    """

    def __init__(self, reason, detail, data=None, cause=None, about=None):
        super().__init__(f"{reason}: {detail}")
        self.data = data
        self.stops = [Stop(reason, fit(detail), cause, about)]
        self.trace = False

    @classmethod
    def lacking(cls, missing):
        """Return the error for what the set-up lacks, a :class:`Missing`: each field is
        a cause of its own.
        """
        return cls.join(
            cls(Reason.INCOMPLETE_SETUP, missing.text, about=field)
            for field in missing.fields
        )

    @classmethod
    def join(cls, errors):
        """Return several errors as one, with all of their causes; nothing else of the
        later ones is kept.
        """
        first, *others = errors
        if not others:
            return first
        joined = cls(first.reason, first.detail, first.data, first.cause)
        joined.trace = first.trace
        stops = [stop for error in (first, *others) for stop in error.stops]
        joined.stops = [stop for i, stop in enumerate(stops) if stop not in stops[:i]]
        return joined

    @property
    def reason(self):
        """The reason of the event: that of the first cause."""
        return self.stops[0].reason

    @property
    def cause(self):
        """What exactly stopped the event first, for its next step."""
        return self.stops[0].cause

    @property
    def detail(self):
        """The sentences of all causes, each once."""
        return fit(" ".join(dict.fromkeys(stop.detail for stop in self.stops)))


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
    :param data: the figures behind it, as :class:`Quarantine` takes them.
    """

    def __init__(self, reason, detail, data=None):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = fit(detail)
        self.data = data

    @property
    def vals(self):
        """What is kept with the event."""
        return {"figures": self.data}


class Off(Ignore):
    """The event tells of an area that is off, so it is ignored in sight, and may be
    taken later.

    :param area: the :class:`~.review.areas.Area`.
    """

    def __init__(self, area, detail):
        super().__init__(Reason.AREA_OFF, detail)
        self.area = area

    @property
    def vals(self):
        """What is kept with the event: which area it was."""
        return {"observed_area": self.area.value}


class Observed(EventError):
    """The event tells of an area that is only observed, so it waits and nothing is
    booked.

    :param area: the :class:`~.review.areas.Area`.
    :param lead: the id of the object whose events are looked at together.
    :param detail: a whole sentence, without personal data.
    """

    def __init__(self, area, lead, detail):
        super().__init__(detail)
        self.area = area
        self.lead = fit(lead)
        self.detail = fit(detail)

    @property
    def vals(self):
        """What is kept with the event."""
        return {"observed_area": self.area.value, "observed_with": self.lead}


class Transient(EventError):
    """The event failed for a cause that passes by itself, and is tried again later."""


class Later(Transient):
    """A system may not be called now, and it is known when it may be. It is nobody's
    failure, and does not count as one.

    :param detail: a whole sentence that says why, for people.
    :param seconds: after how long to call.
    """

    def __init__(self, detail, seconds):
        super().__init__(detail)
        self.seconds = seconds


def read_retry_after(headers, most=24 * 3600):
    """Return after how many seconds a system wants to be called again, by the headers
    of its answer; 0 if they do not say so.
    https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
    """
    named = {name.lower(): text for name, text in (headers or {}).items()}
    text = named.get("retry-after") or ""
    # Python refuses to read thousands of digits.
    return min(int(text[:9]), most) if text.isascii() and text.isdigit() else 0
