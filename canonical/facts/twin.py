"""Events that only say that something happened."""

from .base import ExternalId, Fact


class EventTwin(Fact):
    """A notice without content: another event, its ``twin``, has that.

    ``is_complete``: this is all there is to know of the notice, so without a twin
    there is none; the object it is about tells then (``object_kind``, ``object_ref``).
    """

    kind = "event_twin"

    twin: ExternalId | None = None
    is_complete: bool = False
    object_kind: str = ""
    object_ref: str = ""

    @property
    def arrivals(self):
        return super().arrivals if self.is_complete else []
