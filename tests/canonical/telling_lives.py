"""Changes of a life by the day, and what they make of it as a text."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from ...canonical.subscriptions.lifecycle import Change

_START = datetime(2026, 1, 1, tzinfo=UTC)


def at(*parts):
    """Return an instant in UTC."""
    return datetime(*parts, tzinfo=UTC)


def day(number):
    """Return an instant so many days after the first one."""
    return _START + timedelta(days=number)


def change(kind, moment, key=None, known=None, **values):
    """Return a change that was known on the day it takes effect, if not told else."""
    known = moment if known is None else known
    return Change(kind, day(moment), day(known), key or f"{kind} {moment}", **values)


def describe(life):
    """Return the segments of a life as a text: the day of each, its state and terms."""
    return ", ".join(
        f"{(s.start - _START).days} {s.state}" + (f" {s.terms}" if s.terms else "")
        for s in life.segments
    )


def check_whole(test, life):
    """Check that segments have no gap and no overlap, and the last one no end."""
    for segment, following in pairwise(life.segments):
        test.assertEqual(segment.end, following.start)
        test.assertLess(segment.start, segment.end)
    for segment in life.segments[-1:]:
        test.assertIsNone(segment.end)
