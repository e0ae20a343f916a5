"""Facts about notices: what only says that something happened, or is not understood."""

from ..kinds import Kind
from .base import ExternalId, Fact, Name, Stake


class Notice(Fact):
    """A notice: an event without content. Another event, ``content_ref``, has the
    content.

    ``is_complete``: this is all there is to know about the notice, so without a
    ``content_ref`` there is no other event. Then the object that the notice is about
    (``object_kind``, ``object_ref``) is fetched. ``is_alone``: its source has no other
    events for any notice, so the object is fetched at once.
    """

    kind = Kind.NOTICE

    content_ref: ExternalId | None = None
    is_complete: bool = False
    is_alone: bool = False
    object_kind: Name = ""
    object_ref: Name = ""

    @property
    def arrivals(self):
        return super().arrivals if self.is_complete else []

    @property
    def stakes(self):
        """A notice doesn't say what moved; what it tells of may have."""
        return [Stake()]


class UnknownWord(Fact):
    """A word of the source that is not known here: ``word`` at ``about``, which names
    the kind of object and the key. A state or a type is an open list at its source.
    """

    kind = Kind.UNKNOWN_WORD

    object_ref: ExternalId
    about: Name
    word: Name

    @property
    def arrivals(self):
        return []
