"""Reads days: GoCardless states them without a moment."""

from datetime import UTC, datetime, time

#: A moment that is on the same day wherever GoCardless collects, from Hawaii to New
#: Zealand in summer.
_HOUR = time(10, tzinfo=UTC)


def read_day(data, path, default=None):
    """Return the day at ``path`` as a moment of it, or ``default`` if there is none."""
    day = data.date(path, None)
    return datetime.combine(day, _HOUR) if day else default
