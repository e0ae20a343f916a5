"""How long many of something took, counted in fixed steps: what a step costs to keep is
the same however many there are.
"""

from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal

#: The upper ends of the steps, in seconds. What took longer is in one more. They are
#: stored by their numbers, so that none may be put between two of them.
ENDS = tuple(map(Decimal, ("0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "30")))


def find_step(seconds):
    """Return the number of the step that so many seconds are in."""
    return bisect_left(ENDS, seconds)


@dataclass(frozen=True)
class Histogram:
    """``counts`` has a number for each step, and one for what took longer; ``seconds``
    is how long all took together.
    """

    counts: tuple
    seconds: Decimal

    @property
    def count(self):
        """Return how many there are."""
        return sum(self.counts)

    @property
    def cumulative(self):
        """Return how many took so long at most, as pairs of the upper end, as
        OpenMetrics writes it, and the number.
        """
        ends = [*(str(float(end)) for end in ENDS), "+Inf"]
        return [
            (end, sum(self.counts[: number + 1])) for number, end in enumerate(ends)
        ]

    def estimate(self, share):
        """Return within how many seconds a share of them was done, as if all of a step
        were spread evenly over it; None if they took longer than the last end.
        """
        wanted, begin = share * self.count, Decimal(0)
        for end, count in zip(ENDS, self.counts, strict=False):
            if count and wanted <= count:
                return begin + (end - begin) * wanted / count
            wanted, begin = wanted - count, end
        return None
