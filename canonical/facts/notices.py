"""Events that only say that something happened."""

from ..kinds import Kind
from .base import ExternalId, Fact, Name


class Notice(Fact):
    """A notice: an event without content. Another event, its ``twin``, has that.

    ``is_complete``: this is all there is to know of the notice, so without a twin
    there is none; the object it is about tells then (``object_kind``, ``object_ref``).
    """

    kind = Kind.NOTICE

    content_ref: ExternalId | None = None
    is_complete: bool = False
    object_kind: Name = ""
    object_ref: Name = ""

    @property
    def arrivals(self):
        return super().arrivals if self.is_complete else []
