"""Bills lives by the pure rules alone, and by counting: no database, no documents."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from ...canonical.catalogue.price import Price
from ...canonical.subscriptions.difference import Booked, differ, replace
from ...canonical.subscriptions.held import Rate
from ...canonical.subscriptions.lifecycle import Change, State, fold
from ...canonical.subscriptions.share import share
from ...canonical.subscriptions.target import Component, find_targets
from ...canonical.subscriptions.terms import Terms


def at(*parts):
    """Return an instant in UTC."""
    return datetime(*parts, tzinfo=UTC)


def price(minor):
    """Return a price for each unit, of so many cents."""
    return Price("unit", "EUR", 2, unit=Fraction(minor, 100))


def terms(zone="UTC", anchor=None, **quantities):
    """Return terms with so many of each component."""
    held = tuple((code, Fraction(number)) for code, number in quantities.items())
    return Terms("1", "EUR", held, zone, anchor)


def change(kind, moment, key=None, **values):
    """Return a change that was known when it took effect, if nothing else is said."""
    return Change(kind, moment, values.pop("known_at", moment), key or kind, **values)


class Biller:
    """Bills one life again and again, as more of it is known.

    :param prices: a price by component's code, or a list of pairs of an instant and the
        price from then on.
    :param components: how each of them is billed.
    """

    def __init__(self, prices, components, policy="adjust"):
        self.prices = prices
        self.components = components
        self.tell = replace if policy == "replace" else differ
        #: what was booked, by component and its period
        self.booked = {}
        self.rulers = {}

    def find_rate(self, code):
        """Return what :func:`find_targets` asks for the rates of a component."""

        def find(held, start, end):
            quantity, known = held.quantity(code), self.prices[code]
            steps = known if isinstance(known, list) else [(start, known)]
            before = [(start, p) for moment, p in steps if moment <= start][-1:]
            cuts = before + [(m, p) for m, p in steps if start < m < end]
            return [(m, Rate(p, quantity) if quantity else None) for m, p in cuts]

        return find

    def find_targets(self, changes, until):
        """Yield each component with each of its targets."""
        segments = fold(changes).segments
        for component in self.components:
            rates = self.find_rate(component.key)
            for target in find_targets(segments, component, rates, until):
                yield component, target

    def bill(self, changes, until):
        """Book the difference of all that is due, and return its lines: the component's
        code, the amount in cents, and from which unit of the period to which.
        """
        due = self.find_due(changes, until)
        lines = []
        for key, layers in due.items():
            rows = self.booked.setdefault(key, [])
            for line in self.tell(layers, rows, self.rulers[key]):
                rows.append(Booked(line.layer, line.amount, line.is_credit))
                place = (line.layer.start, line.layer.end)
                lines.append((key[0], line.amount, *place))
        return lines

    def find_due(self, changes, until):
        """Return the layers of all periods that may be billed, by component and period.
        Of what is none any more, nothing is left.
        """
        due = dict.fromkeys(self.booked, ())
        for component, target in self.find_targets(changes, until):
            key = (component.key, *target.key)
            self.rulers[key] = target.ruler
            if target.due_at is None or target.due_at <= until:
                due[key] = target.layers
            else:
                due.pop(key, None)
        return due

    def amounts(self, changes, until):
        """Return the amounts of what :meth:`bill` books, in cents."""
        return [line[1] for line in self.bill(changes, until)]

    def sums(self, changes, until):
        """Return what is booked of each period that may be billed, in cents, where that
        isn't nothing.
        """
        due = self.find_due(changes, until)
        sums = {key: sum(r.amount for r in self.booked.get(key, ())) for key in due}
        return {key: amount for key, amount in sums.items() if amount}

    def by_unit(self, changes, until):
        """Return what is booked of each unit of each such period, in cents."""
        units = {}
        for key in self.find_due(changes, until):
            for row in self.booked.get(key, ()):
                sign = -1 if row.is_credit else 1
                for place in range(row.layer.start, row.layer.end):
                    amount = sign * _cost(
                        row.layer.full, place, self.rulers[key].length
                    )
                    units[key, place] = units.get((key, place), 0) + amount
        return {place: amount for place, amount in units.items() if amount}


def count_days(changes, biller, until):
    """Return what each period should cost, in cents, by looking at each of its days:
    what was held at its end is what the day costs. It knows nothing of holds and
    layers.
    """
    life, sums = fold(changes), {}
    for component, target in biller.find_targets(changes, until):
        period, ruler = target.period, target.ruler
        if target.due_at is None or target.due_at > until:
            continue
        zone, total = ZoneInfo(ruler.zone), 0
        first = period.full_start.astimezone(zone).date()
        for number in range(ruler.length):
            day = first + timedelta(days=number + 1)
            moment = datetime(day.year, day.month, day.day, tzinfo=zone)
            moment = min(moment.astimezone(UTC), period.full_end)
            segment = life.at(moment - timedelta(microseconds=1))
            if segment is None or segment.state != State.ACTIVE:
                continue
            if moment <= period.start:
                continue
            find = biller.find_rate(component.key)
            [*_, (_at, rate)] = find(segment.terms, segment.start, moment)
            if rate is not None:
                total += _cost(rate.full, number, ruler.length)
        if total:
            sums[component.key, *target.key] = total
    return sums


def _cost(full, place, length):
    return share(full, place + 1, length) - share(full, place, length)


__all__ = ["Biller", "Component", "at", "change", "count_days", "price", "terms"]
