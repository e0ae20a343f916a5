"""Target minus booked: what is still to be charged or credited of a period.

What was booked is added up for each rate and each part of the period: how often it is
charged, less how often it is credited. Where that is not what it should be, a line
makes the difference. A credit is of what was charged, at the price it was charged at.
"""

from dataclasses import dataclass
from itertools import pairwise

from .held import Layer


@dataclass(frozen=True)
class Line:
    """A line to be booked: a :class:`~.held.Layer` that is charged, or credited, and
    its amount in minor units, below zero for a credit.
    """

    layer: Layer
    amount: int
    is_credit: bool


@dataclass(frozen=True)
class Booked:
    """A line that was booked: its layer, whether it is a credit, and the amount in
    minor units, below zero for a credit. ``by_hand``: an amount that somebody took off
    the layer's rate, whatever part of the period it was for.
    """

    layer: Layer
    amount: int
    is_credit: bool = False
    by_hand: bool = False


def differ(target, booked, ruler):
    """Return the :class:`Line` that make ``target`` of what is ``booked``: credits
    first, each as long as it can be.

    Two layers are of one kind if their rate and their full amount are the same. Of no
    kind is more credited than what is left of it.

    :param target: a list of :class:`~.held.Layer`.
    :param booked: a list of :class:`Booked`.
    """
    steps, left = {}, {}
    for layer in target:
        _add(steps, layer, 1)
    for row in booked:
        kind = (row.layer.rate, row.layer.full)
        left[kind] = left.get(kind, 0) + row.amount
        if not row.by_hand:
            _add(steps, row.layer, 1 if row.is_credit else -1)
    lines = [
        line
        for (rate, full), changes in steps.items()
        for line in _find_lines(rate, full, changes, ruler)
    ]
    lines.sort(key=lambda line: (not line.is_credit, line.layer.start))
    return _cap(lines, left)


def replace(target, booked, ruler):
    """Return the lines that :func:`differ` returns, told in another way: all that is
    left of what was booked is credited, and the whole target is charged. Nothing, where
    there is no difference. What was taken off by hand is not told anew: then it is the
    difference alone.
    """
    difference = differ(target, booked, ruler)
    if not difference or any(row.by_hand for row in booked):
        return difference
    return [*differ([], booked, ruler), *differ(target, [], ruler)]


def _add(steps, layer, times):
    """Note that a layer begins and ends, so many times."""
    changes = steps.setdefault((layer.rate, layer.full), {})
    changes[layer.start] = changes.get(layer.start, 0) + times
    changes[layer.end] = changes.get(layer.end, 0) - times


def _find_lines(rate, full, changes, ruler):
    """Yield the lines of one kind, from how often it begins and ends at each place."""
    places = sorted(place for place, times in changes.items() if times)
    count = 0
    for start, end in pairwise(places):
        count += changes[start]
        layer = Layer(rate, full, start, end)
        for _ in range(abs(count)):
            amount = layer.amount(ruler)
            yield Line(layer, amount if count > 0 else -amount, count < 0)


def _cap(lines, left):
    """Return lines of which no credit is higher than what is left of its kind."""
    result = []
    for line in lines:
        kind = (line.layer.rate, line.layer.full)
        if line.is_credit and line.layer.full > 0:
            amount = -min(-line.amount, max(left.get(kind, 0), 0))
            left[kind] = left.get(kind, 0) + amount
            line = Line(line.layer, amount, True)
        if line.amount:
            result.append(line)
    return result
