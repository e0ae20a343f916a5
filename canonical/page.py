"""One page of a list of objects, as an adapter reads it at its source."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Page:
    """Objects of one kind as plain dicts, the newest first.

    ``cursor``: where the next page begins, ``""`` after the last one.
    ``reached_at``: when the oldest of these objects was made, which tells how far
    the reading is; None for an empty page.
    """

    objects: tuple
    cursor: str = ""
    reached_at: datetime | None = None
