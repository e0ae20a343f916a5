"""One page of a list of objects, as an adapter reads it from its source; and the lists
that are read again and again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Page:
    """Objects as plain dicts, the newest first.

    ``cursor``: where the next page begins, ``""`` after the last one.
    ``oldest_at`` and ``newest_at``: when the oldest and the newest of these objects
    were made, aware; None where the page is empty or its objects don't tell. The oldest
    tells how far the reading is, the newest where the next reading may begin.
    """

    objects: tuple
    cursor: str = ""
    oldest_at: datetime | None = None
    newest_at: datetime | None = None


@dataclass(frozen=True)
class Stream:
    """A list of a source's objects that is read from where it was left: what a system
    that doesn't push has instead of events.

    ``name`` tells it from the source's other streams, for good; people read ``label``.
    ``minutes``: how long to wait after all was read; a person may change it.
    ``overlap``: how far before the watermark each reading begins again, for objects
    that were stored late with an earlier stamp.
    """

    name: str
    label: str = ""
    minutes: int = 15
    overlap: timedelta = timedelta(minutes=10)


@dataclass(frozen=True)
class StreamPage:
    """A page of a stream: objects as plain dicts, the oldest first, by their stamp and
    then by their id.

    ``watermark`` (aware) and ``last_id`` are of the page's last object, and the next
    page holds what comes after both: of objects with one stamp at the edge of two pages
    none is lost. They may be None and empty where the page has no object. A stream
    without stamps has an opaque ``last_id`` alone.
    ``more``: whether there is a next page now.
    """

    objects: tuple
    watermark: datetime | None = None
    last_id: str = ""
    more: bool = False
