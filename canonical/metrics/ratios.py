"""What movements say of a month in one number. All are exact fractions, and None where
there was nothing to lose.

Reactivation counts in net churn, as ChartMogul has it, and not in retention: who came
back was not retained.
"""

from fractions import Fraction
from typing import NamedTuple


class Moved(NamedTuple):
    """What has moved in a time, in one currency. What was lost is above zero here."""

    opening: object
    new: object = 0
    expansion: object = 0
    contraction: object = 0
    churn: object = 0
    reactivation: object = 0

    @property
    def closing(self):
        """Return the MRR at the end of the time."""
        won = self.new + self.expansion + self.reactivation
        return self.opening + won - self.contraction - self.churn


def find_gross_churn(moved):
    """Return the part of the opening MRR that was lost."""
    return _share(moved.churn + moved.contraction, moved.opening)


def find_net_churn(moved):
    """Return the part of the opening MRR that was lost, less what known tenants pay
    more. Below zero, they pay more than was lost.
    """
    lost = moved.churn + moved.contraction - moved.expansion - moved.reactivation
    return _share(lost, moved.opening)


def find_net_retention(moved):
    """Return how much of the opening MRR the same tenants pay at the end."""
    kept = moved.opening + moved.expansion - moved.contraction - moved.churn
    return _share(kept, moved.opening)


def find_gross_retention(moved):
    """Return how much of the opening MRR was not lost, whatever was won."""
    return _share(moved.opening - moved.contraction - moved.churn, moved.opening)


def find_logo_churn(lost, opening):
    """Return the part of the tenants at the beginning that left."""
    return _share(lost, opening)


def _share(part, whole):
    return Fraction(part) / Fraction(whole) if whole else None
