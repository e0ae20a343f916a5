"""The outcome of comparing one object."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Gap:
    """A field in which both sides differ, with both values as texts."""

    field: str
    theirs: str = ""
    ours: str = ""


@dataclass(frozen=True)
class Outcome:
    """An object's result: one of ``matched``, ``different``, ``only_there`` and
    ``only_here``; with the gaps of all but the first.

    ``record`` is ours, or None; ``tenant`` whose it is, empty if unknown;
    ``day`` the object's own, in the source's time zone.
    """

    external_id: str
    result: str
    gaps: tuple[Gap, ...] = ()
    record: object = None
    tenant: object = None
    day: date | None = None
