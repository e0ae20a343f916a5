"""What each month earns of a document line, as a sum of parts. A version of a schedule
is such a list of parts; another version is made of it where something has changed.

Amounts are pairs of minor units: in the document's currency, and in the company's.
Each is shared out by itself, cumulatively and rounded half away from zero, so both end
at exactly what was booked.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from ..subscriptions.share import share
from .months import add_months, get_begin, get_month
from .span import Method, Span

#: The moments that cut a part.
_CUTS = ("since", "until", "origin")


@dataclass(frozen=True)
class Part:
    """An amount that a service earns while it lasts.

    ``amount`` and ``balance`` are those of the whole. Of them counts what is earned
    from ``since`` until ``until``, where these are set: a difference of two shares, so
    cutting a part changes nothing of what is left of it. ``origin`` is where the whole
    begins to be earned, if not where the span does.
    """

    span: Span
    amount: int
    balance: int
    since: datetime | None = None
    until: datetime | None = None
    origin: datetime | None = None

    def earned_by(self, moment):
        """Return what is earned at an instant, a pair."""
        return self._get(self.span.position(moment))

    def earned_before(self, month):
        """Return what is earned when a month begins, a pair."""
        return self._get(self.span.position_before(month))

    def cut(self, moment):
        """Return this part as far as it is earned at an instant."""
        until = moment if self.until is None else min(moment, self.until)
        return replace(self, until=until)

    @property
    def months(self):
        """The first and the last month that may earn something of it."""
        return self.span.first, self.span.last

    def _get(self, position):
        span = self.span
        low = span.position(self.since) if self.since else 0
        high = span.position(self.until) if self.until else span.length
        position = min(max(position, low), max(low, high))
        return tuple(
            self._share(whole, position) - self._share(whole, low)
            for whole in (self.amount, self.balance)
        )

    def _share(self, whole, position):
        origin = self.span.position(self.origin) if self.origin else 0
        length = self.span.length - origin
        return share(whole, max(position - origin, 0), length) if length > 0 else 0


@dataclass(frozen=True)
class Point:
    """An amount that is earned in a moment, ``at`` which is an aware instant."""

    at: datetime
    zone: str
    amount: int
    balance: int

    def earned_by(self, moment):
        """Return what is earned at an instant, a pair."""
        return (self.amount, self.balance) if moment >= self.at else (0, 0)

    def earned_before(self, month):
        """Return what is earned when a month begins, a pair."""
        is_before = get_month(self.at, self.zone) < month
        return (self.amount, self.balance) if is_before else (0, 0)

    def cut(self, moment):
        """Return this amount if it is earned at an instant, and nothing else."""
        return self if moment >= self.at else replace(self, amount=0, balance=0)

    @property
    def months(self):
        """The first and the last month that may earn something of it."""
        month = get_month(self.at, self.zone)
        return month, month


def add(*pairs):
    """Return the sum of pairs of amounts."""
    return tuple(sum(values) for values in zip((0, 0), *pairs, strict=True))


def make_parts(start, end, zone, method, amount, balance):
    """Return the parts of a line for a service ``[start, end)``. What takes no time, or
    no whole unit, is earned in the moment in which it begins.
    """
    span = Span(start, end, zone, Method(method))
    if span.length > 0:
        return (Part(span, amount, balance),)
    return (Point(start, zone, amount, balance),)


def find_total(parts):
    """Return what parts come to in the end, a pair."""
    shares = find_shares(parts).values()
    return add(*shares)


def earned_by(parts, moment):
    """Return what is earned of parts at an instant, a pair."""
    return add(*(part.earned_by(moment) for part in parts))


def find_shares(parts):
    """Return what each month earns: pairs by month, in order, without those of
    nothing.
    """
    if not parts:
        return {}
    first = min(part.months[0] for part in parts)
    last = max(part.months[1] for part in parts)
    shares, month, before = {}, first, (0, 0)
    while month <= last:
        following = add_months(month, 1)
        earned = add(*(part.earned_before(following) for part in parts))
        if earned != before:
            shares[month] = tuple(x - y for x, y in zip(earned, before, strict=True))
        month, before = following, earned
    return shares


def leaves_month(end, zone, day):
    """Return whether a service goes on when the month of its document is over, so that
    a part of it is earned later.

    :param end: the first instant that is not served any more.
    :param day: of the document.
    """
    return end > get_begin(add_months(day.replace(day=1), 1), zone)


# -- as it is kept -------------------------------------------------------------------


def write_parts(parts):
    """Return parts as plain values that :func:`read_parts` takes back."""
    return [_write_part(part) for part in parts]


def read_parts(rows):
    """Return the parts that :func:`write_parts` has written."""
    return tuple(_read_part(row) for row in rows)


def _write_part(part):
    amounts = {"amount": part.amount, "balance": part.balance}
    if isinstance(part, Point):
        return {"at": part.at.isoformat(), "zone": part.zone, **amounts}
    span = part.span
    cuts = {name: getattr(part, name) for name in _CUTS if getattr(part, name)}
    return {
        "start": span.start.isoformat(),
        "end": span.end.isoformat(),
        "zone": span.zone,
        "method": span.method.value,
        **amounts,
        **{name: moment.isoformat() for name, moment in cuts.items()},
    }


def _read_part(row):
    read = datetime.fromisoformat
    amounts = row["amount"], row["balance"]
    if "at" in row:
        return Point(read(row["at"]), row["zone"], *amounts)
    span = Span(
        read(row["start"]), read(row["end"]), row["zone"], Method(row["method"])
    )
    cuts = {name: read(row[name]) for name in _CUTS if name in row}
    return Part(span, *amounts, **cuts)
