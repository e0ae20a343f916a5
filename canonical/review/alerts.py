"""The closed list of alerts: what each kind measures, from where on it is raised, and
when it is over. All values are whole numbers, in the unit of their kind.

What people read for each kind is in ``models/alerts/texts.py``, because it is
translated; a test holds the two lists together.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor
from typing import NamedTuple

from .severity import HIGH, MEDIUM

_DAY = 24


class AlertKind(StrEnum):
    """What an alert is about. Its word is stored, and never changes."""

    LANE_LATE = "lane_late"
    BATCH_LATE = "batch_late"
    SOURCE_SILENT = "source_silent"
    SIGNATURES_FAILING = "signatures_failing"
    STREAM_STANDS = "stream_stands"
    EVENTS_DEAD = "events_dead"
    CASES_OPEN = "cases_open"
    AMOUNT_AT_STAKE = "amount_at_stake"
    PAYOUT_UNPROVED = "payout_unproved"
    INVARIANT_BROKEN = "invariant_broken"
    KEY_ENDS = "key_ends"
    SOURCE_DRIFTS = "source_drifts"
    FIELD_MISSING = "field_missing"
    USAGE_WAITS = "usage_waits"
    USAGE_DIFFERS = "usage_differs"


class Default(NamedTuple):
    """What a rule is at first: the value beyond which an alert is raised, and the one
    at which all is well again; how grave it is, and which role is told.

    ``window`` is over how many minutes is counted, where a kind counts what came. An
    alert is over when all was well for ``calm`` minutes. ``remind`` is after how many
    hours it is told again.
    """

    threshold: int
    clear: int
    severity: str
    role: str
    window: int = 0
    calm: int = 60
    remind: int = _DAY


DEFAULTS = {
    AlertKind.LANE_LATE: Default(15, 5, HIGH, "operator"),
    AlertKind.BATCH_LATE: Default(240, 60, MEDIUM, "operator"),
    AlertKind.SOURCE_SILENT: Default(2, 1, MEDIUM, "operator"),
    AlertKind.SIGNATURES_FAILING: Default(10, 2, HIGH, "manager", window=60),
    AlertKind.STREAM_STANDS: Default(5, 2, HIGH, "operator"),
    AlertKind.EVENTS_DEAD: Default(0, 0, HIGH, "operator"),
    AlertKind.CASES_OPEN: Default(50, 40, MEDIUM, "reviewer"),
    AlertKind.AMOUNT_AT_STAKE: Default(50_000, 40_000, HIGH, "reviewer"),
    AlertKind.PAYOUT_UNPROVED: Default(1, 1, MEDIUM, "reviewer"),
    AlertKind.INVARIANT_BROKEN: Default(0, 0, HIGH, "reviewer"),
    AlertKind.KEY_ENDS: Default(14, 15, HIGH, "manager", remind=7 * _DAY),
    AlertKind.SOURCE_DRIFTS: Default(0, 0, MEDIUM, "manager", window=1440),
    AlertKind.FIELD_MISSING: Default(5, 2, MEDIUM, "manager", window=60),
    AlertKind.USAGE_WAITS: Default(24, 12, MEDIUM, "manager"),
    AlertKind.USAGE_DIFFERS: Default(0, 0, HIGH, "operator"),
}

#: What an alert is raised for when there is too little of it.
BELOW = frozenset((AlertKind.KEY_ENDS,))
#: What counts what came within the rule's window.
COUNTED = frozenset(
    (
        AlertKind.SIGNATURES_FAILING,
        AlertKind.SOURCE_DRIFTS,
        AlertKind.FIELD_MISSING,
    )
)
#: Over how many minutes may be counted at most: a day.
LONGEST_WINDOW = 1440
#: What changes within minutes, and is looked at as often; the others are each hour.
QUICK = (
    *(AlertKind.LANE_LATE, AlertKind.BATCH_LATE, AlertKind.SIGNATURES_FAILING),
    *(AlertKind.STREAM_STANDS, AlertKind.EVENTS_DEAD),
    *(AlertKind.CASES_OPEN, AlertKind.AMOUNT_AT_STAKE),
)
SLOW = tuple(kind for kind in AlertKind if kind not in QUICK)
#: What asks for a person by an activity of its own already.
ASKED_ELSEWHERE = frozenset((AlertKind.STREAM_STANDS,))


class Measured(NamedTuple):
    """What was found of a source: the value, rounded to a whole number so that nothing
    is on the wrong side of a limit, and ``about``, words of the source such as the name
    of a version. ``value`` is None where nobody can tell: what is raised stays.
    """

    value: int | None
    about: str = ""


@dataclass(frozen=True)
class Limits:
    """From where on an alert of a kind is raised, and from where on all is well."""

    kind: AlertKind
    threshold: int
    clear: int

    @property
    def is_below(self):
        """Whether too little is what is wrong."""
        return self.kind in BELOW

    @property
    def are_in_order(self):
        """Whether all is well on that side of the threshold where no alert is raised.
        Else an alert would be raised and over at the same time.
        """
        return (
            self.clear >= self.threshold
            if self.is_below
            else self.clear <= self.threshold
        )

    @property
    def nothing(self):
        """What stands for a source of which nothing was found: all is well."""
        return Measured(self.clear if self.is_below else 0)

    def get_worse(self, one, other):
        """Return the worse one of two values."""
        return min(one, other) if self.is_below else max(one, other)

    def is_past(self, value):
        """Return whether a value raises an alert."""
        return value < self.threshold if self.is_below else value > self.threshold

    def is_calm(self, value):
        """Return whether all is well with a value. Between the two limits an alert is
        neither raised nor over.
        """
        return value >= self.clear if self.is_below else value <= self.clear

    def is_worse(self, value, told):
        """Return whether a value is twice as bad as the one that was told. What has
        run out can't get worse.
        """
        if self.is_below:
            return told > 0 and 2 * value <= told
        return value >= max(2 * told, 1)


def round_up(value):
    """Return a value as a whole number that is above a limit if the value is."""
    return ceil(value)


def round_down(value):
    """Return a value as a whole number that is below a limit if the value is."""
    return floor(value)
