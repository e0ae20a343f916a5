"""Usage that comes late, or that is priced anew, in the worked examples of others.

Covers canonical/usage/difference.
"""

from fractions import Fraction
from itertools import permutations

from odoo.tests import BaseCase, tagged

from ...canonical.catalogue.price import Price, Tier
from ...canonical.subscriptions.held import Rate
from ...canonical.usage.difference import Window, differ_usage
from ...canonical.usage.rating import rate, round_minor
from ..billing.biller import at

_KILL_BILL = "killbill/killbill TestContiguousIntervalConsumableInArrear"
_OPEN_METER = "openmeterio/openmeter billing/charges/usagebased/service/rating"
_TEN = Price("unit", "EUR", 2, unit=Fraction(10))
_VOLUME = Price(
    "volume",
    "EUR",
    2,
    tiers=(Tier(Fraction(15), Fraction(10)), Tier(None, Fraction(5))),
)


def window(price, quantity, month=1):
    """Return what so many units of a month cost."""
    quantity = Fraction(quantity)
    amount = round_minor(rate(price, quantity))
    period = at(2026, month, 1), at(2026, month + 1, 1)
    return Window(Rate(price, Fraction(0)), *period, quantity, amount)


def tell(target, *booked):
    """Return the quantities and amounts of what is to be booked, in major units."""
    return [
        (line.quantity, Fraction(line.amount, 100))
        for line in differ_usage(target, list(booked))
    ]


def book(lines):
    """Return lines as the windows that they are once they are booked."""
    return [
        Window(
            line.window.rate,
            line.window.start,
            line.window.end,
            line.quantity,
            line.amount,
        )
        for line in lines
    ]


@tagged("post_install", "-at_install")
class TestUsageDifference(BaseCase):
    """Only what is missing is billed, each at the price of its own period."""

    def test_catching_up(self):
        """Of five blocks, one was billed: four are left. Of two, one."""
        blocks = Price(
            "package", "EUR", 2, unit=Fraction(1), package_size=Fraction(100)
        )
        for used, before, left in ((401, 100, 4), (199, 100, 1)):
            [(_quantity, amount)] = tell([window(blocks, used)], window(blocks, before))
            self.assertEqual(amount, left, _KILL_BILL)

    def test_late_units(self):
        """Five were billed, eight were used: three more at 10."""
        told = tell([window(_TEN, 8)], window(_TEN, 5))
        self.assertEqual(told, [(3, 30)], _OPEN_METER)

    def test_volume_is_priced_anew(self):
        """The sixteenth unit makes all of them cheaper: 150 is given back, 80
        billed.
        """
        told = tell([window(_VOLUME, 16)], window(_VOLUME, 15))
        self.assertEqual(told, [(-15, -150), (16, 80)], _OPEN_METER)

    def test_late_into_a_billed_period(self):
        """What comes late keeps its period: two more of the first, three of the
        second.
        """
        first, second = window(_TEN, 7, month=1), window(_TEN, 3, month=2)
        lines = differ_usage([first, second], [window(_TEN, 5, month=1)])
        told = [(line.quantity, line.amount, line.window.start) for line in lines]
        self.assertEqual(
            told, [(2, 2000, at(2026, 1, 1)), (3, 3000, at(2026, 2, 1))], _OPEN_METER
        )
        self.assertEqual([line.is_correction for line in lines], [True, False])

    def test_less_than_was_billed(self):
        """What was taken back is credited, and a window that is none any more as
        well.
        """
        self.assertEqual(tell([window(_TEN, 4)], window(_TEN, 5)), [(-1, -10)])
        self.assertEqual(tell([], window(_TEN, 5)), [(-5, -50)])

    def test_any_way_there(self):
        """Whatever was billed in between, it comes to the same in the end."""
        for price in (_TEN, _VOLUME):
            for steps in permutations((0, 3, 15, 16, 40)):
                booked = []
                for quantity in (*steps, 17):
                    booked += book(differ_usage([window(price, quantity)], booked))
                goal = window(price, 17)
                self.assertEqual(differ_usage([goal], booked), [])
                self.assertEqual(sum(row.amount for row in booked), goal.amount)
                self.assertEqual(sum(row.quantity for row in booked), goal.quantity)
