"""When periods begin and end: month ends, leap years, changes of clocks and of zones.

Covers canonical/subscriptions/period.
"""

from datetime import timedelta
from itertools import pairwise

from odoo.tests import BaseCase, tagged

from ...canonical.subscriptions.period import (
    CADENCES,
    Rhythm,
    change_rhythm,
    find_periods,
)
from .biller import at


def days(rhythm, start, end):
    """Return the days on which the periods of a rhythm begin, in UTC."""
    return [f"{period.start:%Y-%m-%d}" for period in rhythm.periods(start, end)]


@tagged("post_install", "-at_install")
class TestPeriods(BaseCase):
    """A period comes from its anchor and its number alone."""

    def test_month_ends(self):
        """The last of January is followed by the last of each month."""
        rhythm = Rhythm(at(2024, 1, 31), "UTC", CADENCES["monthly"])
        self.assertEqual(
            days(rhythm, at(2024, 1, 31), at(2024, 6, 1)),
            ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"],
        )
        yearly = Rhythm(at(2024, 2, 29), "UTC", CADENCES["yearly"])
        self.assertEqual(
            days(yearly, at(2024, 2, 29), at(2028, 3, 1)),
            ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"],
        )

    def test_the_calendar(self):
        """Periods of the calendar begin on its own days."""
        expected = {
            "weekly": "2026-05-18",
            "monthly": "2026-05-01",
            "quarterly": "2026-04-01",
            "half_yearly": "2026-01-01",
            "yearly": "2026-01-01",
        }
        for cadence, day in expected.items():
            rhythm = Rhythm(at(2026, 5, 20), "UTC", CADENCES[cadence], is_calendar=True)
            [period] = rhythm.periods(at(2026, 5, 20), at(2026, 5, 20, 1))
            self.assertEqual(f"{period.full_start:%Y-%m-%d}", day, cadence)

    def test_changes_of_clocks(self):
        """A day's length does not move the time of day at which periods begin; a time
        that is left out is an hour later, and of one that comes twice the first counts.
        """
        berlin = Rhythm(at(2026, 2, 28, 23), "Europe/Berlin", CADENCES["monthly"])
        starts = [p.start for p in berlin.periods(berlin.anchor, at(2026, 5, 1))]
        self.assertEqual(
            starts, [at(2026, 2, 28, 23), at(2026, 3, 31, 22), at(2026, 4, 30, 22)]
        )
        # 02:30 on 29 March does not exist in Berlin.
        skipped = Rhythm(at(2026, 3, 1, 1, 30), "Europe/Berlin", CADENCES["weekly"])
        self.assertEqual(skipped.boundary(4), at(2026, 3, 29, 1, 30))
        # 02:30 on 25 October comes twice.
        twice = Rhythm(at(2026, 10, 4, 0, 30), "Europe/Berlin", CADENCES["weekly"])
        self.assertEqual(twice.boundary(3), at(2026, 10, 25, 0, 30))

    def test_another_time_zone(self):
        """A change of time zone makes the next period a few hours longer or shorter,
        and none of its own.
        """
        zones = ("Pacific/Auckland", "Europe/Berlin", "America/Los_Angeles", "UTC")
        for old in zones:
            for new in zones:
                first = Rhythm(at(2026, 1, 15), old, CADENCES["monthly"], True)
                moved = Rhythm(at(2026, 1, 15), new, CADENCES["monthly"], True)
                rhythms = change_rhythm([first], moved, at(2026, 2, 10))
                periods = [*find_periods(rhythms, at(2026, 1, 15), at(2026, 6, 15))]
                self.assertEqual(len(periods), 6, (old, new))
                for one, following in pairwise(periods):
                    self.assertEqual(one.end, following.start)
                    self.assertGreater(following.end - following.start, timedelta(26))

    def test_another_anchor(self):
        """Another day of the month counts from the end of the period: with a part of a
        period in between.
        """
        first = Rhythm(at(2026, 1, 1), "UTC", CADENCES["monthly"])
        moved = Rhythm(at(2026, 1, 15), "UTC", CADENCES["monthly"])
        rhythms = change_rhythm([first], moved, at(2026, 1, 20))
        periods = [*find_periods(rhythms, at(2026, 1, 1), at(2026, 3, 1))]
        self.assertEqual(
            [(f"{p.start:%m-%d}", f"{p.end:%m-%d}") for p in periods],
            [("01-01", "02-01"), ("02-01", "02-15"), ("02-15", "03-15")],
        )
        self.assertEqual(periods[1].full_start, at(2026, 1, 15))

    def test_numbers(self):
        """Any instant is in the period that its number names, also before the
        anchor.
        """
        rhythm = Rhythm(at(2024, 1, 31, 10), "Asia/Kolkata", CADENCES["quarterly"])
        for day in range(-2000, 3000, 37):
            moment = at(2024, 1, 31, 10) + timedelta(days=day)
            number = rhythm.number_at(moment)
            self.assertLessEqual(rhythm.boundary(number), moment)
            self.assertLess(moment, rhythm.boundary(number + 1))
