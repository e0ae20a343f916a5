"""Which parts of a period a component was held, under which price and quantity: the
target that charges are held against.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from ..catalogue.decimals import write_decimal
from ..catalogue.price import Price
from ..usage.rating import rate, round_minor
from .lifecycle import State
from .share import share


@dataclass(frozen=True)
class Rate:
    """What a component costs for a whole period: so many, at a price, less a discount.

    ``price`` is a :class:`~..catalogue.price.Price`, ``quantity`` an exact number and
    ``discount`` the part that is taken off, between 0 and 1. Two that are equal cost
    the same, so what was charged under one is credited under the same one.
    """

    price: Price
    quantity: Fraction
    discount: Fraction = Fraction(0)

    @property
    def full(self):
        """Return the amount of a whole period in minor units, rounded once."""
        return round_minor(rate(self.price, self.quantity) * (1 - self.discount))

    def to_json(self):
        """Return the rate as plain JSON: the snapshot that is kept with a charge."""
        return {
            "price": self.price.to_json(),
            "quantity": write_decimal(self.quantity),
            "discount": write_decimal(self.discount),
        }

    @classmethod
    def from_json(cls, values):
        """Return the rate that a snapshot says."""
        return cls(
            Price.from_json(values["price"]),
            Fraction(values["quantity"]),
            Fraction(values["discount"]),
        )


@dataclass(frozen=True)
class Hold:
    """That a component is held at a :class:`Rate` in ``[start, end)``."""

    start: datetime
    end: datetime
    rate: Rate


@dataclass(frozen=True)
class Layer:
    """A part ``[start, end)`` of a period at a rate, in units of the period's ruler.
    ``full`` is what the whole period costs at that rate, in minor units: what it cost
    when it was charged, whatever it would cost today.
    """

    rate: Rate
    full: int
    start: int
    end: int

    def amount(self, ruler):
        """Return what this part costs, in minor units."""
        length = ruler.length
        return share(self.full, self.end, length) - share(self.full, self.start, length)


@dataclass(frozen=True)
class Policy:
    """What becomes of what is paid in advance: whether a pause, and an end within a
    period, give back the rest of it. Where they don't, the period is held to its end.
    """

    pause_gives_back: bool = True
    end_gives_back: bool = True


def find_holds(segments, period, find_rate, policy, is_advance):
    """Return the :class:`Hold` of one component within a period, in order.

    :param segments: of the life, as :func:`~.lifecycle.fold` gives them.
    :param find_rate: a function from terms and ``[start, end)`` to pairs of an instant
        and the :class:`Rate` from then on; None as the rate where it isn't held. Prices
        and discounts that begin or end in between cut it.
    :param is_advance: whether it is paid in advance: of what is paid in arrears,
        nothing is given back.
    """
    holds = []
    for segment in segments:
        start = max(segment.start, period.start)
        end = min(segment.end or period.end, period.end)
        if start >= end:
            continue
        if segment.state == State.ACTIVE:
            for hold in _cut(segment.terms, start, end, find_rate):
                _add(holds, hold)
        elif is_advance and _is_kept(segment.state, policy):
            if holds and holds[-1].end == start:
                _add(holds, Hold(start, end, holds[-1].rate))
    return holds


def _add(holds, hold):
    """Add a hold, or let the last one go on that is of the same rate."""
    if holds and (holds[-1].end, holds[-1].rate) == (hold.start, hold.rate):
        hold = Hold(holds.pop().start, hold.end, hold.rate)
    holds.append(hold)


def _is_kept(state, policy):
    if state == State.PAUSED:
        return not policy.pause_gives_back
    return state == State.CANCELED and not policy.end_gives_back


def _cut(terms, start, end, find_rate):
    cuts = [(max(moment, start), rate) for moment, rate in find_rate(terms, start, end)]
    ends = [moment for moment, _rate in cuts[1:]] + [end]
    return [
        Hold(moment, until, rate)
        for (moment, rate), until in zip(cuts, ends, strict=True)
        if rate is not None and moment < until
    ]


def find_layers(holds, ruler):
    """Return the :class:`Layer` that holds make of a period: the target.

    A period that is not divided is held as it was when it began.
    """
    if ruler.proration == "none":
        return [Layer(h.rate, h.rate.full, 0, 1) for h in holds[:1]]
    layers = []
    for hold in holds:
        start, end = ruler.position(hold.start), ruler.position(hold.end)
        if start < end:
            layers.append(Layer(hold.rate, hold.rate.full, start, end))
    return layers
