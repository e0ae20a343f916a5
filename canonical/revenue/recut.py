"""What becomes of the schedule of a line when something happens to its service. Each
function returns the parts of a new version; the old one stays as it was.
"""

from dataclasses import replace
from enum import StrEnum

from .plan import Part, Point, earned_by, find_total


class Crediting(StrEnum):
    """What a credit note is for, which says when it counts."""

    #: The service that is still to come: from its day to the end.
    PROSPECTIVE = "prospective"
    #: The whole service: the share that is earned on its day at once, the rest over
    #: what is left.
    PROPORTIONAL = "proportional"
    #: The whole service from its beginning, months that have passed too.
    RETROSPECTIVE = "retrospective"


def accelerate(parts, moment, zone):
    """Return parts that earn all that is left at an instant: nothing more is served."""
    kept = freeze(parts, moment)
    amount, balance = _subtract(find_total(parts), find_total(kept))
    rest = Point(moment, zone, amount, balance)
    return (*kept, rest) if amount or balance else kept


def freeze(parts, moment):
    """Return parts that earn nothing more after an instant: nobody pays for it."""
    return tuple(part for part in (p.cut(moment) for p in parts) if _is_any(part))


def credit(parts, amount, balance, moment, zone, crediting):
    """Return the parts of a credit note's line.

    :param parts: those of the line that it credits.
    :param amount: of the line, and ``balance``; below zero for what is given back.
    :param moment: the credit note's.
    :param crediting: a :class:`Crediting`.
    """
    service = next((part for part in parts if isinstance(part, Part)), None)
    is_over = earned_by(parts, moment) == find_total(parts)
    if service is None or (is_over and crediting != Crediting.RETROSPECTIVE):
        return (Point(moment, zone, amount, balance),)
    span = service.span
    whole = Part(span, amount, balance)
    if crediting == Crediting.RETROSPECTIVE:
        return (whole,)
    if crediting == Crediting.PROSPECTIVE:
        if span.position(moment) >= span.length:
            return (Point(moment, zone, amount, balance),)
        return (replace(whole, origin=max(moment, span.start)),)
    earned = whole.earned_by(moment)
    rest = replace(whole, since=moment)
    return (Point(moment, zone, *earned), rest) if any(earned) else (rest,)


def _subtract(pair, other):
    return tuple(x - y for x, y in zip(pair, other, strict=True))


def _is_any(part):
    """Return whether a part counts at all."""
    return bool(find_total((part,)) != (0, 0))
