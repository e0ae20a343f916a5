"""Target minus booked for usage: what was used is counted anew each time, and what was
charged before is taken off.

One price for each unit is charged by what has come since. Where more units change the
price of all of them, what was charged is credited, and all of it is charged anew.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

#: Models whose price of one unit may change by how many there are.
_REPRICED = ("volume",)


@dataclass(frozen=True)
class Window:
    """What was used in ``[start, end)`` and what it costs: ``amount`` in minor units,
    rounded once.
    """

    rate: object
    start: datetime
    end: datetime
    quantity: Fraction
    amount: int

    @property
    def kind(self):
        """Return what makes two windows comparable."""
        return (self.rate.price, self.rate.discount, self.start, self.end)


@dataclass(frozen=True)
class UsageLine:
    """A line to be booked: how much more, or less, was used in a window than what was
    booked. ``is_correction``: something of the window was booked before.
    """

    window: Window
    quantity: Fraction
    amount: int
    is_correction: bool


def differ_usage(target, booked):
    """Return the :class:`UsageLine` that make ``target`` of what is ``booked``: credits
    first, then in order.

    :param target: a list of :class:`Window`, one for each part of a period.
    :param booked: the windows of lines that were booked, with the quantity and amount
        of each, below zero for a credit.
    """
    sums = {}
    for row in booked:
        quantity, amount = sums.get(row.kind, (Fraction(0), 0))
        sums[row.kind] = (quantity + row.quantity, amount + row.amount)
    examples = {row.kind: row for row in (*booked, *target)}
    wanted = {window.kind: window for window in target}
    lines = []
    for kind, example in examples.items():
        known = sums.get(kind)
        had = known or (Fraction(0), 0)
        window = wanted.get(kind)
        due = (window.quantity, window.amount) if window else (Fraction(0), 0)
        if had == due:
            continue
        is_repriced = example.rate.price.model in _REPRICED and had[0] != due[0]
        steps = [(-had[0], -had[1]), due] if is_repriced else [_subtract(due, had)]
        lines += [
            UsageLine(example, quantity, amount, known is not None)
            for quantity, amount in steps
            if quantity or amount
        ]
    return sorted(lines, key=lambda line: (line.amount >= 0, line.window.start))


def _subtract(due, had):
    return due[0] - had[0], due[1] - had[1]
