"""In whatever order usage is told, repeated, corrected and billed, the invoices come to
what one count of the records that hold in the end comes to.

Covers billing/usage, billing/booked and models/usage/counting.

The suite plays six histories, ``FULL=1`` two hundred. ``SEED`` begins with others.
"""

import random
from collections import Counter
from datetime import timedelta
from fractions import Fraction

from odoo.tests import tagged

from ...canonical.kinds import Kind
from ...canonical.money import exact
from ..billing.common import BillingCommon, at
from ..support.common import FULL, SEED
from .usage_common import UsageCommon

_HISTORIES = 200 if FULL else 6
_MONTHS = (5, 6, 7)
_FROM, _UNTIL = at(2026, 6, 1), at(2026, 8, 2)


def _cost_of_calls(quantities):
    """Return what calls cost, in cents: 100 are included, each other one costs 1.5."""
    return max(sum(quantities) - 100, 0) * Fraction(3, 2)


def _cost_of_sizes(quantities):
    """Return what the largest size costs, in cents: 20 for each of the first ten, and 5
    for each other one.
    """
    size = max(quantities)
    return min(size, 10) * 20 + max(size - 10, 0) * 5


_COSTS = {"calls": _cost_of_calls, "sizes": _cost_of_sizes}


@tagged("post_install", "-at_install")
class TestUsageOrders(UsageCommon, BillingCommon):
    """Two meters: what one counts adds up, and of the other the largest counts."""

    def setUp(self):
        super().setUp()
        self.tell(self.platform, self.customer())
        [self.ada] = self.env["saas.tenant"]._find(self.platform, ["C-1"]).values()
        self.ada.billing_policy = "odoo"
        calls = {"included": "100", "unit_price": "0.015"}
        tiers = [{"up_to": "10", "unit": "0.20"}, {"up_to": None, "unit": "0.05"}]
        sizes = {"model": "graduated", "tiers": tiers}
        usage = {"kind": "usage", "timing": "arrears"}
        largest = self.meter(code="sizes", aggregation="max")
        plan = self.create_plan(
            "metered",
            currencies=("USD",),
            calls={**usage, **calls, "meter_id": self.meter().id},
            sizes={**usage, **sizes, "meter_id": largest.id},
        )
        subscription = self.subscribe(self.ada, plan, at(2026, 5, 1))
        bindings = self.env["saas.binding"]
        bindings.create(
            bindings._prepare_vals(
                self.platform, Kind.SUBSCRIPTION, "S-1", subscription
            )
        )

    def test_any_history(self):
        """Each month of each meter is billed as its records hold, and the documents
        come to that.
        """
        for number in range(_HISTORIES):
            with self.subTest(history=number):
                savepoint = self.env.cr.savepoint()
                chance = random.Random(f"{SEED}-usage-{number}")
                told, expected = self._make_history(chance)
                self._play(chance, told)
                self._check(expected)
                savepoint.rollback()
                self.env.invalidate_all()

    def _make_history(self, chance):
        """Return records in the order they were made, and what they come to in cents,
        by meter and month. Some are corrected, and some of that again.
        """
        told, expected = [], {}
        for meter, cost in _COSTS.items():
            for month in _MONTHS:
                held = []
                for number in range(chance.randint(1, 5)):
                    moment = at(2026, month, 1) + timedelta(
                        minutes=chance.randrange(30 * 24 * 60)
                    )
                    ref, corrects = f"{meter}-{month}-{number}", ""
                    for again in range(chance.choice((1, 1, 1, 2, 3))):
                        milli = chance.randrange(120_000)
                        told.append(
                            self.record(
                                f"{ref}.{again}",
                                f"{milli // 1000}.{milli % 1000:03}",
                                at=moment,
                                meter=meter,
                                corrects=corrects,
                            )
                        )
                        corrects = f"{ref}.{again}"
                    held.append(Fraction(milli, 1000))
                expected[meter, month] = _round(cost(held))
        return told, expected

    def _play(self, chance, told):
        """Tell records in any order, many of them twice, and bill in between."""
        told = [*told, *chance.choices(told, k=len(told) // 3)]
        chance.shuffle(told)
        now = _FROM
        while told:
            size = chance.randint(1, 6)
            self.use(*told[:size])
            told = told[size:]
            if chance.random() < 0.3:
                now += chance.random() * (_UNTIL - now)
                self.bill(now)
        self.bill(_UNTIL)

    def _check(self, expected):
        charged = Counter()
        charges = self.env["saas.charge"].search([("tenant_id", "=", self.ada.id)])
        for charge in charges:
            place = charge.component_id.code, charge.service_from.month
            charged[place] += charge.amount
        self.assertEqual(_drop_nothing(charged), _drop_nothing(expected))
        net = sum(exact(move.amount_untaxed_signed, 2) for move in self._get_posted())
        self.assertEqual(net * 100, sum(expected.values()))
        self.check_whole()

    def _get_posted(self):
        return self.get_moves(self.ada).filtered(lambda move: move.state == "posted")


def _drop_nothing(amounts):
    return {place: amount for place, amount in amounts.items() if amount}


def _round(amount):
    """Return an amount rounded half up; none here is below zero."""
    return int(amount + Fraction(1, 2))
