"""Random stories of one invoice, as hypothesis draws them.

A story is a plain description with amounts in minor units, of something that is
possible at the source. ``property_told.py`` tells it in events.
"""

from dataclasses import dataclass

from hypothesis import strategies as st

#: Percentages by rate; a reverse charge is a tax of nothing.
RATES = {"txr_19": 190, "txr_7": 70, "txr_05": 5, "txr_0": 0}
#: Of how many minor units amounts are multiples.
STEPS = {"usd": 1, "eur": 1, "jpy": 1, "kwd": 10}
EXPONENTS = {"usd": 2, "eur": 2, "jpy": 0, "kwd": 3}


@dataclass(frozen=True)
class Line:
    amount: int
    quantity: int
    discount: int
    taxes: tuple  # of (rate, amount)

    @property
    def net(self):
        return self.amount - self.discount

    @property
    def total(self):
        return self.net + sum(amount for _rate, amount in self.taxes)


@dataclass(frozen=True)
class Story:
    """``fate`` is what becomes of the invoice once ``paid`` is paid of it."""

    currency: str
    lines: tuple
    applied: int
    paid: int
    fate: str
    extra: int
    credited: int | None
    relief: bool
    seed: int

    @property
    def total(self):
        return sum(line.total for line in self.lines)

    @property
    def due(self):
        return self.total - self.applied

    @property
    def remaining(self):
        return self.due - self.paid


@st.composite
def stories(draw):
    """Return a strategy of stories that are possible at the source."""
    currency = draw(st.sampled_from([*STEPS]))
    step = STEPS[currency]
    lines = tuple(_draw_line(draw, step) for _n in range(draw(st.integers(1, 4))))
    total = sum(line.total for line in lines)
    if total <= 0:
        # Credit for the next invoices; there is nothing to pay.
        return Story(
            currency, lines, total, 0, "paid", 0, None, False, draw(st.integers(0, 99))
        )
    applied = (
        step * draw(st.sampled_from([0, 0, 1])) * draw(st.integers(0, total // step))
    )
    due = total - applied
    paid = step * draw(st.sampled_from([0, 1])) * draw(st.integers(0, due // step))
    fates = ["paid", "open", "credited", "lost", "lost_paid"]
    if paid < due:
        fates += [] if paid else ["void", "lost_void", "credit_voided"]
    fate = draw(st.sampled_from(fates if paid < due else ["paid", "credited"]))
    credited = None
    if fate in ("credited", "credit_voided"):
        positive = [i for i, line in enumerate(lines) if 0 < line.total <= total]
        credited = draw(st.sampled_from([None, *positive]))
    extra = step * draw(st.integers(0, 500)) if fate == "paid" else 0
    return Story(
        currency,
        lines,
        applied,
        paid,
        fate,
        extra,
        credited,
        draw(st.booleans()),
        draw(st.integers(0, 99)),
    )


def _draw_line(draw, step):
    quantity = draw(st.integers(1, 5))
    amount = step * quantity * draw(st.integers(-2000, 90000))
    discount = step * draw(st.sampled_from([0, 0, 7, 333])) if amount > 0 else 0
    rates = draw(st.lists(st.sampled_from([*RATES]), unique=True, max_size=2))
    net = amount - discount
    taxes = tuple((rate, _round(net * RATES[rate], 1000, step)) for rate in rates)
    return Line(amount, quantity, discount, taxes)


def _round(number, divisor, step):
    """Return ``number / divisor`` in multiples of ``step``, half away from zero."""
    size = (2 * abs(number) + divisor * step) // (2 * divisor * step)
    return step * size * (1 if number > 0 else -1)
