"""One page of a list of objects, as an adapter reads it from its source."""

from dataclasses import dataclass
from datetime import datetime


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
