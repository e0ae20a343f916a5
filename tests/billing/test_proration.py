"""What a part of a period costs, in the worked examples of other systems.

Covers canonical/subscriptions/period, canonical/subscriptions/share,
canonical/subscriptions/held, canonical/subscriptions/difference,
canonical/subscriptions/target and canonical/subscriptions/terms.

Not usable as they are: Lago's 1452 of the anniversary example below (its credit is of
the price before rounding; ours is of what was charged, 1451), and the 241.67 of
getlago/lago-api#4313, which rounds the amount with tax: net and tax are rounded each.
"""

from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ...canonical.subscriptions.difference import Booked, differ
from ...canonical.subscriptions.held import Layer, Policy, Rate
from ...canonical.subscriptions.share import share
from ...canonical.usage.rating import round_minor
from .biller import Biller, Component, at, change, price, terms

#: Where an example is from.
_STRIPE = "docs.stripe.com/billing/subscriptions/prorations"
_LAGO = "getlago/lago-api spec/scenarios"
_LAGO_DOCS = "getlago.com/docs/guide/plans"
_KILL_BILL = "killbill/killbill beatrix and invoice tests"


@tagged("post_install", "-at_install")
class TestProration(BaseCase):
    """Each worked example comes to its source's amounts, in minor units."""

    def _start(self, moment, **held):
        return change("activated", moment, terms=terms(**held))

    def _change(self, moment, key, **held):
        return change("changed", moment, key, terms=terms(**held))

    def test_stripe_half_way(self):
        """Half of 10 is given back, and half of 20 is charged."""
        biller = Biller(
            {"a": price(1000), "b": price(2000)},
            [Component("a"), Component("b")],
        )
        life = [self._start(at(2026, 4, 1), a=1)]
        self.assertEqual(biller.amounts(life, at(2026, 4, 1)), [1000], _STRIPE)
        life.append(self._change(at(2026, 4, 16), "up", b=1))
        self.assertEqual(biller.amounts(life, at(2026, 4, 16)), [-500, 1000], _STRIPE)
        self.assertEqual(biller.amounts(life, at(2026, 4, 16)), [])

    def test_stripe_next_invoice(self):
        """An upgrade half way through a period stands on the next invoice: 25."""
        biller = Biller(
            {"a": price(1000), "b": price(2000)},
            [Component("a"), Component("b")],
        )
        # June has thirty days, so that the half is exact.
        life = [self._start(at(2026, 6, 1), a=1)]
        biller.bill(life, at(2026, 6, 1))
        life.append(self._change(at(2026, 6, 16), "up", b=1))
        amounts = biller.amounts(life, at(2026, 7, 1))
        self.assertEqual(sum(amounts), 2500, _STRIPE)

    def test_lago_arrears(self):
        """Of a month, 14 days of 100 and 17 of 200."""
        arrears = {"is_advance": False}
        biller = Biller(
            {"a": price(10000), "b": price(20000)},
            [Component("a", **arrears), Component("b", **arrears)],
        )
        life = [
            self._start(at(2022, 1, 1), a=1),
            self._change(at(2022, 1, 15), "up", b=1),
        ]
        self.assertEqual(biller.amounts(life, at(2022, 1, 31, 12)), [])
        self.assertEqual(
            biller.amounts(life, at(2022, 2, 1)), [4516, 10968], _LAGO_DOCS
        )

    def test_lago_several_upgrades(self):
        """Two upgrades on one day: credits are of what was charged."""
        expected = {
            True: [([], 871), ([(-645, 806)], 968), ([(-968, 1210)], 1226)],
            False: [([], 1000), ([(-774, 968)], 1161), ([(-1161, 1451)], 1471)],
        }
        changes = [
            self._start(at(2022, 3, 5), a=1),
            self._change(at(2022, 3, 12), "up", b=1),
            self._change(at(2022, 3, 12, 1), "again", c=1),
        ]
        for is_calendar, steps in expected.items():
            biller = Biller(
                {"a": price(1000), "b": price(1500), "c": price(1900)},
                [Component(code, is_calendar=is_calendar) for code in "abc"],
            )
            for number, (given_back, charge) in enumerate(steps, 1):
                until = changes[number - 1].effective_at
                amounts = biller.amounts(changes[:number], until)
                self.assertEqual(amounts[-1], charge, f"{_LAGO} multiple_upgrade_spec")
                self.assertEqual(amounts[:-1], [net for net, _gross in given_back])
                for net, gross in given_back:
                    self.assertEqual(round_minor(Fraction(net * 125, 100)), -gross)

    def test_lago_downgrade_to_yearly(self):
        """A yearly component that begins within its year costs 243 of 366 days."""
        biller = Biller({"y": price(118800)}, [Component("y", cadence="yearly")])
        anchor = at(2023, 7, 19)
        life = [
            change("activated", at(2023, 11, 19), terms=terms(anchor=anchor, y=1)),
        ]
        amounts = biller.amounts(life, at(2023, 11, 19))
        self.assertEqual(amounts, [78875], f"{_LAGO} downgrade_spec")

    def test_lago_quarter(self):
        """Of a quarter of 91 days, 32 cost 32,000, whether it is a calendar's or
        not.
        """
        for anchor, is_calendar in ((None, True), (at(2022, 4, 1), False)):
            biller = Biller(
                {"q": price(91000)},
                [Component("q", cadence="quarterly", is_calendar=is_calendar)],
            )
            life = [
                change("activated", at(2022, 5, 20), terms=terms(anchor=anchor, q=1)),
                change("canceled", at(2022, 6, 21)),
            ]
            amounts = biller.amounts(life, at(2022, 6, 21))
            self.assertEqual(amounts, [32000], f"{_LAGO} upgrade_proration_spec")

    def test_kill_bill_periods(self):
        """Before the billing day 14 of 31 days, then a period, then 12 of 28; a year
        14 of 365 days, a year, 12 of 366.
        """
        cases = [
            (
                "monthly",
                at(2011, 1, 15),
                at(2011, 2, 27),
                31 * 28,
                [14 * 28, 868, 12 * 31],
            ),
            (
                "yearly",
                at(2011, 1, 15),
                at(2012, 1, 27),
                365 * 366,
                [14 * 366, 365 * 366, 12 * 365],
            ),
        ]
        for cadence, anchor, end, full, amounts in cases:
            biller = Biller({"a": price(full)}, [Component("a", cadence=cadence)])
            life = [
                change("activated", at(2011, 1, 1), terms=terms(anchor=anchor, a=1)),
                change("canceled", end),
            ]
            self.assertEqual(
                biller.amounts(life, end), amounts, f"{_KILL_BILL} proRations/inAdvance"
            )

    def test_kill_bill_repair(self):
        """Each change repairs what is left of the one before."""
        biller = Biller(
            {"shotgun": price(59995), "pistol": price(995), "rifle": price(2995)},
            [Component(code) for code in ("shotgun", "pistol", "rifle")],
        )
        life = [self._start(at(2012, 5, 1), shotgun=1)]
        self.assertEqual(biller.amounts(life, at(2012, 5, 1)), [59995])
        life.append(self._change(at(2012, 5, 7), "down", pistol=1))
        self.assertEqual(
            biller.amounts(life, at(2012, 5, 7)), [-48383, 802], _KILL_BILL
        )
        life.append(self._change(at(2012, 5, 8), "up", rifle=1))
        self.assertEqual(biller.amounts(life, at(2012, 5, 8)), [-770, 2319], _KILL_BILL)
        self.assertEqual(biller.amounts(life, at(2012, 7, 1)), [2995, 2995], _KILL_BILL)

    def test_kill_bill_never_more_than_is_left(self):
        """What was credited by hand is not credited again."""
        biller = Biller(
            {"shotgun": price(24995), "pistol": price(995)},
            [Component("shotgun"), Component("pistol")],
        )
        life = [self._start(at(2012, 5, 1), shotgun=1)]
        biller.bill(life, at(2012, 5, 1))
        [rows] = filter(None, biller.booked.values())
        by_hand = Booked(rows[0].layer, -1000, is_credit=True, by_hand=True)
        rows.append(by_hand)
        life.append(self._change(at(2012, 5, 2), "down", pistol=1))
        amounts = biller.amounts(life, at(2012, 5, 2))
        self.assertEqual(amounts, [-23995, 963], _KILL_BILL)
        self.assertEqual(biller.amounts(life, at(2012, 5, 2)), [])

    def test_kill_bill_yearly_to_monthly(self):
        """A year is given back in whole where it was left on its first day."""
        biller = Biller(
            {"year": price(239995), "month": price(24995)},
            [Component("year", cadence="yearly"), Component("month")],
        )
        life = [self._start(at(2012, 5, 1), year=1)]
        self.assertEqual(biller.amounts(life, at(2012, 5, 1)), [239995])
        life.append(self._change(at(2012, 5, 1, 1), "down", month=1))
        amounts = biller.amounts(life, at(2012, 5, 1, 2))
        self.assertEqual(amounts, [-239995, 24995], _KILL_BILL)
        self.assertEqual(sum(amounts), -215000)

    def test_kill_bill_quantity(self):
        """More seats from the next period on cost more from then on."""
        biller = Biller({"seat": price(2995)}, [Component("seat")])
        life = [self._start(at(2026, 4, 1), seat=7)]
        self.assertEqual(biller.amounts(life, at(2026, 4, 1)), [20965])
        life.append(self._change(at(2026, 5, 1), "more", seat=10))
        amounts = biller.amounts(life, at(2026, 5, 1))
        self.assertEqual(amounts, [29950], f"{_KILL_BILL} TestWithQuantityUpdate")

    def test_shares_sum_to_the_whole(self):
        """However a period is cut, its parts sum to the whole, of negative amounts
        too.
        """
        for amount in (1, 99, 100, 101, 3333, -1, -3333, 10**15):
            for length in (1, 3, 28, 31, 366, 2_678_400):
                cuts = sorted({0, 1, length // 3, length // 2, length - 1, length})
                shares = [share(amount, cut, length) for cut in cuts]
                self.assertEqual((shares[0], shares[-1]), (0, amount))
                for cut, part in zip(cuts, shares, strict=True):
                    exact = Fraction(amount * cut, length)
                    self.assertEqual(part, round_minor(exact))
                    self.assertEqual(share(-amount, cut, length), -part)

    def test_no_share_outside_its_period(self):
        for elapsed in (-1, 32):
            with self.assertRaises(ValueError):
                share(100, elapsed, 31)

    def test_what_is_kept(self):
        """Where nothing is given back, a pause and an end leave the period as it
        was.
        """
        kept = Policy(pause_gives_back=False, end_gives_back=False)
        for kind in ("paused", "canceled"):
            biller = Biller({"a": price(1000)}, [Component("a", policy=kept)])
            life = [self._start(at(2026, 4, 1), a=1)]
            biller.bill(life, at(2026, 4, 1))
            life.append(change(kind, at(2026, 4, 11)))
            self.assertEqual(biller.amounts(life, at(2026, 6, 1)), [])
            biller = Biller({"a": price(1000)}, [Component("a")])
            biller.bill(life[:1], at(2026, 4, 1))
            self.assertEqual(biller.amounts(life, at(2026, 6, 1)), [-667])

    def test_a_period_that_is_not_divided(self):
        """Where nothing is prorated, changes count from the next period on."""
        biller = Biller({"a": price(1000)}, [Component("a", proration="none")])
        life = [self._start(at(2026, 4, 1), a=1)]
        biller.bill(life, at(2026, 4, 1))
        life.append(self._change(at(2026, 4, 11), "more", a=3))
        self.assertEqual(biller.amounts(life, at(2026, 4, 30)), [])
        self.assertEqual(biller.amounts(life, at(2026, 5, 1)), [3000])
        life.append(change("canceled", at(2026, 5, 2)))
        self.assertEqual(biller.amounts(life, at(2026, 7, 1)), [])

    def test_a_price_that_changed_since(self):
        """A credit is of what was charged, whatever it costs by now."""
        biller = Biller({"a": price(1000)}, [Component("a")])
        life = [self._start(at(2026, 4, 1), a=1)]
        biller.bill(life, at(2026, 4, 1))
        biller.prices["a"] = [
            (at(2026, 4, 1), price(1000)),
            (at(2026, 4, 16), price(3000)),
        ]
        self.assertEqual(biller.amounts(life, at(2026, 4, 16)), [-500, 1500])
        life.append(change("canceled", at(2026, 4, 16)))
        self.assertEqual(biller.amounts(life, at(2026, 4, 20)), [-1500])
        sums = biller.sums(life, at(2026, 4, 20))
        self.assertEqual(sum(sums.values()), 500)

    def test_a_layer_is_told_once(self):
        """Nothing is told of a target that is booked, however it was cut."""
        biller = Biller({"a": price(1000)}, [Component("a")])
        [(_component, target)] = biller.find_targets(
            [self._start(at(2026, 4, 1), a=1)], at(2026, 4, 1, 1)
        )
        rate = Rate(price(1000), Fraction(1))
        parts = [Layer(rate, 1000, 0, 7), Layer(rate, 1000, 7, 30)]
        booked = [Booked(layer, layer.amount(target.ruler)) for layer in parts]
        self.assertEqual(differ(target.layers, booked, target.ruler), [])
        self.assertEqual(sum(row.amount for row in booked), 1000)
