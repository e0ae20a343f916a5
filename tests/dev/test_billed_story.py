"""The story of the company that bills in Odoo, without Odoo: what it should come to is
counted apart from the billing code, so that has to be right by itself.
"""

from datetime import date
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ..support.live import dev


@tagged("post_install", "-at_install")
class TestBilledStory(BaseCase):
    """Each thing that the demonstration promises to show happens in it."""

    def setUp(self):
        super().setUp()
        self.customers = dev("demo.billed.customers")
        self.usage = dev("demo.billed.usage")
        self.telling = dev("demo.billed.telling")
        self.price_time = dev("demo.billed.price_time")
        self.records = self.usage.tell()
        self.every = self.customers.CUSTOMERS

    def test_all_kinds_of_changes_happen(self):
        kinds = {deed.kind for c in self.every for deed in c.deeds}
        self.assertEqual(
            kinds, {"activated", "changed", "paused", "resumed", "canceled"}
        )
        deeds = [deed for customer in self.every for deed in customer.deeds]
        self.assertTrue(any(deed.trial_end for deed in deeds))
        self.assertTrue(any(deed.withdrawn for deed in deeds))
        self.assertTrue(any(deed.told and deed.told > deed.moment for deed in deeds))

    def test_money_comes_by_both_gateways_in_both_currencies(self):
        ways = {(c.gateway, c.currency) for c in self.every}
        self.assertEqual(
            ways, {("stripe", "EUR"), ("stripe", "USD"), ("gocardless", "EUR")}
        )
        fates = {fate for c in self.every for fate in c.fates.values()}
        self.assertEqual(fates, {"failure", "late failure", "never"})

    def test_each_run_knows_what_was_told_before_it(self):
        ids = dict.fromkeys((c.ref for c in self.every), "id")
        told = self.telling.tell(ids)
        parts = self.telling.split(told)
        self.assertEqual([event for _at, event in told], sum(parts, []))
        moments = [moment for moment, _event in told]
        self.assertEqual(moments, sorted(moments))

    def test_usage_is_late_and_corrected(self):
        parts = self.telling.split([(r.told_at, r) for r in self.records])
        runs = (self.customers.at(1, 1), *self.customers.RUNS)
        late = [
            record
            for number, part in enumerate(parts)
            for record in part
            if record.moment < runs[number] and not record.corrects
        ]
        self.assertGreater(len(late), 10)
        self.assertEqual(sum(bool(r.corrects) for r in self.records), 1)
        counted = self.usage.list_counted(self.records)
        self.assertEqual(len(counted), len(self.records) - 1)
        self.assertEqual(len({r.id for r in self.records}), len(self.records))

    def count(self):
        """Return what all of it should cost in the end."""
        counted = self.usage.list_counted(self.records)
        return self.price_time.count(self.every, counted, self.customers.RUNS[-1])

    def test_an_upgrade_is_worked_out_by_hand(self):
        """5 seats of 12.00 and 49.00 to the 15th, 8 of 9.00 and 249.00 since."""
        costs, first = self.count(), date(2026, 9, 1)
        for key, cents in (
            (("team", 1, "base"), 2450),
            (("team", 1, "seats"), 3000),
            (("scale", 1, "base"), 12450),
            (("scale", 1, "seats"), 3600),
        ):
            cost = costs["C-1", *key, first]
            self.assertEqual((cost.cents, cost.exact), (cents, Fraction(cents)))
            self.assertEqual(cost.days, 15)

    def test_a_pause_and_an_end_are_worked_out_by_hand(self):
        costs = self.count()
        paused = costs["C-4", "team", 1, "base", date(2026, 9, 1)]
        self.assertEqual((paused.days, paused.cents), (16, 2613))
        ended = costs["C-5", "team", 1, "seats", date(2026, 10, 1)]
        self.assertEqual((ended.days, ended.cents), (19, 7355))
        self.assertFalse(
            [key for key in costs if key[0] == "C-5" and key[4].month > 10]
        )

    def test_a_trial_is_free(self):
        costs = self.count()
        first = min(key[4] for key in costs if key[0] == "C-6")
        self.assertEqual(first, date(2026, 9, 1))

    def test_tiers_are_worked_out_by_hand(self):
        """27,036 calls: 2,000 free, 10,000 at 0.004, 15,036 at 0.0025."""
        cost = self.count()["C-1", "team", 1, "calls", date(2026, 8, 1)]
        self.assertEqual(cost.used, 27036)
        self.assertEqual(cost.exact, Fraction(4000) + Fraction(15036) / 4)

    def test_what_years_earn_is_worked_out_by_hand(self):
        """61 days of C-7's year; 46 of C-9's first and 46 of its second plan; 24 of the
        one that is never paid.
        """
        earned = self.price_time.earn(self.every, "2026-11-01")
        year, other = Fraction(598800, 365), Fraction(1198800, 365)
        self.assertEqual(
            earned,
            {"C-7": 61 * year, "C-9": 46 * year + 46 * other, "C-10": 24 * year},
        )

    def test_what_recurs_is_worked_out_by_hand(self):
        """Prices a month of who is there in the end, and a twelfth of years."""
        monthly = self.price_time.find_monthly(self.every)
        euros = 249 + 8 * 9 + 59 + 12 * 12 + 49 + 3 * 12 + 49 + 2 * 12
        euros += 499 + 180 + 999
        dollars = 54 + 6 * 13 + 65 + 7 * 13
        self.assertEqual(monthly, {"EUR": euros, "USD": dollars})
