"""What a figure is: its name for machines, its unit, and what it says."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a figure is measured in."""

    COUNT = "count"
    SECONDS = "seconds"
    DAYS = "days"
    RATIO = "ratio"
    AMOUNT = "amount"


class Board(StrEnum):
    """The page that shows a figure."""

    OPERATIONS = "Operations"
    FINANCE = "Finance"


@dataclass(frozen=True)
class Metric:
    """A figure: its name for machines, and what it says.

    ``labels`` are those beside ``company_id``, and beside ``source_id`` and ``source``
    where ``by_source`` is set. ``of_company`` is not set for what the whole database
    shares. ``rows`` says which rows are read. What ``is_histogram`` counts how long
    things took since the beginning, in steps.
    """

    name: str
    board: Board
    unit: Unit
    definition: str
    rows: str
    labels: tuple = ()
    by_source: bool = True
    of_company: bool = True
    is_histogram: bool = False

    @property
    def label_names(self):
        """Return the names of all its labels, in the order in which they are told."""
        own = ("company_id",) if self.of_company else ()
        return (
            *own,
            *(("source_id", "source") if self.by_source else ()),
            *self.labels,
        )
