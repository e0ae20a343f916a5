"""Random lives of subscriptions, and what they are worth, without a database."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from ....canonical.catalogue.price import Price
from ....canonical.catalogue.timeline import Listing
from ....canonical.metrics.level import Counting, Item, find_levels
from ....canonical.subscriptions.discount import Discount
from ....canonical.subscriptions.lifecycle import Change, fold
from ....canonical.subscriptions.outlook import hold
from ....canonical.subscriptions.told import complete

START = datetime(2027, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=500)
ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu")
_KINDS = (*("changed",) * 5, "paused", "resumed", "paused", "resumed", "canceled")


def make_price(unit, currency="EUR", exponent=2):
    """Return a price for each unit, in major units as a decimal text."""
    return Price("unit", currency, exponent, unit=Fraction(unit))


def make_item(code, unit, cadence="monthly", kind="seat"):
    """Return a component that always costs the same."""
    return Item(code, kind, cadence, (Listing(None, make_price(unit)),))


class Seller:
    """Makes the subscriptions of one tenant, each with a life of its own.

    :param chance: a generator of random numbers.
    """

    def __init__(self, chance):
        self.chance = chance
        self.counting = Counting(chance.random() < 0.3, chance.random() < 0.3)
        self.plans = {number: self._make_plan(number) for number in (1, 2, 3)}
        self.discounts = [
            self._make_discount() for _each in range(chance.randint(0, 2))
        ]
        self.lives = {
            number: self._make_changes(number) for number in range(chance.randint(1, 4))
        }

    def find_levels(self, order=None):
        """Return by subscription its levels, its changes shuffled and repeated."""
        levels = {}
        for number, changes in self.lives.items():
            told = list(changes)
            if order:
                told += order.sample(told, len(told) // 2)
                order.shuffle(told)
            life = fold(told, complete)
            levels[number] = find_levels(
                hold(life),
                lambda terms: self.plans[terms.version],
                self.discounts,
                self.counting,
                {change.key: change.known_at for change in changes},
            )
        return levels

    def _make_plan(self, number):
        cadence = self.chance.choice(
            ("weekly", "monthly", "quarterly", "half_yearly", "yearly")
        )
        seats = [Listing(None, make_price(str(self.chance.randint(1, 999))))]
        if self.chance.random() < 0.5:
            price = make_price(f"0.{self.chance.randint(1, 99999)}")
            seats.append(Listing(self._moment(self.chance.randint(0, 450)), price))
        calls = Item("calls", "usage", "monthly", (Listing(None, make_price("9")),))
        return (
            Item("seats", "seat", cadence, tuple(seats)),
            make_item("base", f"{number}9.99", "monthly", "flat"),
            calls,
        )

    def _make_discount(self):
        start = self.chance.randint(0, 400)
        end = self._moment(start + self.chance.randint(1, 90))
        part = Fraction(self.chance.randint(1, 100), 100)
        return Discount(
            part, self._moment(start), end, self.chance.choice(("", "seats"))
        )

    def _make_changes(self, number):
        start = self.chance.randint(0, 300)
        first = self._make_change(number, "activated", start)
        changes = [first]
        for _each in range(self.chance.randint(0, 7)):
            day = self.chance.randint(start, 520)
            changes.append(self._make_change(number, self.chance.choice(_KINDS), day))
        if self.chance.random() < 0.3:
            gone = self.chance.choice(changes)
            changes.append(
                Change(
                    "withdrawn",
                    gone.effective_at,
                    NOW,
                    f"w{number}",
                    withdraws=gone.key,
                )
            )
        return changes

    def _make_change(self, number, kind, day):
        moment = self._moment(day)
        terms = None
        if kind in ("activated", "changed"):
            terms = {
                "version": self.chance.choice((1, 2, 3)),
                "currency": "EUR",
                "quantities": {"seats": str(self.chance.randint(0, 9)), "base": "1"},
            }
        known = moment - timedelta(days=self.chance.randint(-30, 30))
        trial = None
        if kind == "activated" and self.chance.random() < 0.4:
            trial = moment + timedelta(days=14)
        key = f"{number} {kind} {self.chance.random()}"
        return Change(kind, moment, known, key, 0, terms, trial)

    def _moment(self, day):
        """Return an instant of a day: some of them are close together."""
        minutes = self.chance.choice((0, 0, 10, 50, 23 * 60 + 30, 700))
        return START + timedelta(days=day, minutes=minutes)


def add_up(movements, *fields):
    """Return the sums of what moves a month, by some fields of the places."""
    sums = defaultdict(int)
    for movement in movements:
        key = tuple(getattr(movement.place, name) for name in fields)
        sums[key] += movement.amounts.month
    return {key: amount for key, amount in sums.items() if amount}
