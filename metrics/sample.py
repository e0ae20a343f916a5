"""One value of a figure, as all that shows it takes it."""

from dataclasses import dataclass, field
from decimal import Decimal

from ..canonical.display.histogram import Histogram
from ..canonical.display.metric import Metric


@dataclass(frozen=True)
class Sample:
    """The value of a figure for one company and, where it has one, one source.

    ``value`` is a whole number, or a Decimal: an amount in units of its currency,
    seconds, or a share of 1. Where the figure is a histogram it is one. ``labels`` are
    the figure's own.
    """

    metric: Metric
    value: int | Decimal | Histogram
    company_id: int | None = None
    source_id: int | None = None
    labels: dict = field(default_factory=dict)

    def get(self, label):
        """Return the value of one of the figure's own labels."""
        return self.labels[label]


def whole_seconds(seconds):
    """Return a number of seconds that PostgreSQL has computed as a Decimal, to the
    thousandth; below zero, two clocks disagree, and that counts as nothing.
    """
    return max(Decimal(0), Decimal(repr(float(seconds))).quantize(Decimal("0.001")))


def share(part, whole):
    """Return a part of a whole as a Decimal between 0 and 1, to a ten-thousandth."""
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"))


def add_up(samples, *labels):
    """Return the sums of samples by the values of their labels."""
    sums = {}
    for sample in samples:
        key = tuple(sample.get(label) for label in labels)
        key = key if len(key) > 1 else key[0]
        sums[key] = sums.get(key, 0) + sample.value
    return sums
