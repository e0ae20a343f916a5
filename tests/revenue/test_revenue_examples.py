"""Worked examples of others' documentation and tests, computed by canonical/revenue.
Amounts are in cents.
"""

from datetime import UTC, date, datetime

from odoo.tests import BaseCase, tagged

from ...canonical.revenue.months import add_months
from ...canonical.revenue.plan import find_shares, make_parts
from ...canonical.revenue.recut import Crediting, accelerate, credit, freeze
from ...canonical.revenue.rule import Policy, find_due

_STRIPE = "docs.stripe.com/revenue-recognition"
_CHARGEBEE = "Chargebee RevRec, credit notes by reason code"
_ODOO = "Odoo documentation, deferred revenues"
_OCA = "OCA account_move_cutoff"


def at(*parts):
    """Return an instant in UTC."""
    return datetime(*parts, tzinfo=UTC)


def line(amount, start, end, method="day"):
    """Return the parts of a line, in one currency."""
    return make_parts(start, end, "UTC", method, amount, amount)


#: number, source, the amount, the first moment, the end, the method, what each month
#: earns from the first one on
SPREAD = [
    ("25", _STRIPE, 3100, (2026, 1, 15), (2026, 2, 15), "day", [1700, 1400]),
    (
        *("26", _STRIPE, 36500, (2026, 1, 1), (2027, 1, 1), "day"),
        [3100, 2800, 3100, 3000, 3100, 3000, 3100, 3100, 3000, 3100, 3000, 3100],
    ),
    (
        *("26, from September", _STRIPE, 36500, (2026, 9, 1), (2027, 9, 1), "day"),
        [3000, 3100, 3000, 3100, 3100, 2800, 3100, 3000, 3100, 3000, 3100, 3100],
    ),
    ("28", _STRIPE, 9000, (2026, 1, 1), (2026, 4, 1), "day", [3100, 2800, 3100]),
    (
        *("32, second", _STRIPE, 12000, (2026, 6, 15, 12), (2026, 10, 13, 12)),
        *("second", [1550, 3100, 3100, 3000, 1250]),
    ),
    (
        *("32, day", _STRIPE, 12000, (2026, 6, 15, 12), (2026, 10, 13, 12)),
        *("day", [1600, 3100, 3100, 3000, 1200]),
    ),
    (
        *("32, month even", _STRIPE, 12000, (2026, 6, 15, 12), (2026, 10, 13, 12)),
        *("month_even", [3000, 3000, 3000, 3000]),
    ),
    (
        # The source has 30.66, 30.66, 30.68: it rounds down and gives the rest to the
        # last month.
        *("32, ends prorated", _STRIPE, 12000, (2026, 6, 15, 12), (2026, 10, 13, 12)),
        *("month_even_prorated", [1550, 3067, 3066, 3067, 1250]),
    ),
    ("33", _STRIPE, 3100, (2026, 1, 15), (2026, 2, 15), "day", [1700, 1400]),
    # With 10 % of tax that is no revenue.
    ("34", _STRIPE, 3100, (2026, 1, 1), (2026, 2, 1), "day", [3100]),
    (
        # August is where the sum of the rounded months would come to be a cent off.
        *("36, by days", _ODOO, 120000, (2023, 1, 1), (2024, 1, 1), "day"),
        *([10192, 9205, 10192, 9863, 10192, 9863, 10192, 10191, 9863],),
    ),
    (
        *("36, by months", _ODOO, 120000, (2023, 1, 1), (2024, 1, 1), "month_even"),
        [10000] * 12,
    ),
    (
        # Only "full months" of Odoo leaves the month out in which it ends.
        *("36, full months", _ODOO, 120000, (2023, 1, 15), (2023, 3, 15)),
        *("full_months", [60000, 60000]),
    ),
    (
        # 1000.00 a month.
        *("37", _OCA, 225806, (2026, 1, 8), (2026, 3, 16), "month_by_days"),
        [77419, 100000, 48387],
    ),
    (
        *("37, equal", _OCA, 225806, (2026, 1, 8), (2026, 3, 16), "month_even"),
        [75269, 75268, 75269],
    ),
]


@tagged("post_install", "-at_install")
class TestRevenueExamples(BaseCase):
    """What each month earns, number by number of the worked examples 25 to 38."""

    def assertEarned(self, parts, first, expected):
        shares = find_shares(parts)
        month = date(*first[:2], 1)
        earned = [
            shares.get(add_months(month, number), (0, 0))[0]
            for number in range(len(expected))
        ]
        self.assertEqual(earned, expected)
        self.assertEqual(
            {a for a, b in shares.values()}, {b for a, b in shares.values()}
        )

    def test_lines_are_spread(self):
        for number, source, amount, start, end, method, expected in SPREAD:
            with self.subTest(number=number, source=source):
                parts = line(amount, at(*start), at(*end), method)
                self.assertEarned(parts, start, expected)
                if len(expected) > 9 or sum(expected) == amount:
                    total = sum(a for a, _b in find_shares(parts).values())
                    self.assertEqual(total, amount)

    def test_a_line_without_period_beside_it(self):
        # 25: 5 at once.
        parts = line(500, at(2026, 1, 15), at(2026, 1, 15))
        self.assertEarned(parts, (2026, 1), [500, 0])

    def test_an_upgrade(self):
        # 27: 90 for April, on the 21st to 120.
        april, end, change = at(2026, 4, 1), at(2026, 5, 1), at(2026, 4, 21)
        parts = (
            *line(9000, april, end),
            *line(-3000, change, end),
            *line(4000, change, end),
        )
        self.assertEarned(parts, (2026, 4), [10000, 0])

    def test_a_loss(self):
        # 29: uncollectible on 1 February leaves 17 earned, void takes them back.
        parts = line(3100, at(2026, 1, 15), at(2026, 2, 15))
        given_up = at(2026, 2, 1)
        self.assertEarned(freeze(parts, given_up), (2026, 1), [1700, 0])
        void = (
            *accelerate(parts, given_up, "UTC"),
            *accelerate(line(-3100, given_up, given_up), given_up, "UTC"),
        )
        self.assertEarned(void, (2026, 1), [1700, -1700, 0])

    def test_credit_notes(self):
        rows = [
            # number, source, amount, end of the service, credit, its day, for what,
            # what the credit note's own line earns, the method
            (
                *("30", _STRIPE, 9000, (2026, 4, 1), -4500, (2026, 2, 1)),
                *("proportional", [0, -2950, -1550], "day"),
            ),
            (
                *("31", _STRIPE, 12000, (2026, 4, 1), -3000, (2026, 1, 1)),
                *("proportional", [-1033, -934, -1033], "day"),
            ),
            (
                *("35", _CHARGEBEE, 60000, (2026, 7, 1), -6000, (2026, 4, 1)),
                *("prospective", [0, 0, 0, -2000, -2000, -2000], "month_even"),
            ),
        ]
        for number, source, amount, end, back, day, why, expected, method in rows:
            with self.subTest(number=number, source=source):
                parts = line(amount, at(2026, 1, 1), at(*end), method)
                credited = credit(parts, back, back, at(*day), "UTC", Crediting(why))
                self.assertEarned(credited, (2026, 1), expected)

    def test_a_credit_note_splits_what_is_earned(self):
        # 30: 15.50 contra revenue at once, beside revenue of 31 | 14 | 15.50.
        parts = line(9000, at(2026, 1, 1), at(2026, 4, 1))
        day = at(2026, 2, 1)
        at_once, rest = credit(parts, -4500, -4500, day, "UTC", Crediting.PROPORTIONAL)
        self.assertEqual(at_once.amount, -1550)
        self.assertEarned((*parts, rest), (2026, 1), [3100, 1400, 1550])
        self.assertEqual(rest.earned_by(at(2026, 3, 1))[0], -1400)

    def test_a_full_refund_after_a_closing(self):
        # 35: January to March are closed; all is taken back in April.
        shares = find_shares(line(60000, at(2026, 1, 1), at(2026, 7, 1), "month_even"))
        booked = {date(2026, m, 1): (10000, 10000) for m in (1, 2, 3)}
        back = find_shares(line(-60000, at(2026, 1, 1), at(2026, 7, 1), "month_even"))
        closed = lambda month: month < date(2026, 4, 1)  # noqa: E731
        april = date(2026, 4, 1)
        for policy in Policy:
            with self.subTest(policy=policy):
                due = [
                    *find_due(shares, booked, april, closed, policy),
                    *find_due(back, {}, april, closed, policy),
                ]
                self.assertEqual({each.booked_month for each in due}, {april})
                self.assertEqual(sum(each.amount for each in due), -30000)
                for later in (date(2026, 5, 1), date(2026, 6, 1)):
                    both = shares[later][0] + back[later][0]
                    self.assertEqual(both, 0)

    def test_what_is_left(self):
        # 36, grouped: invoices of 1200 and 600 for 2023, 600 more that begins later.
        year = (at(2023, 1, 1), at(2024, 1, 1), "month_even")
        parts = (*line(120000, *year), *line(60000, *year))
        late = line(60000, at(2024, 1, 1), at(2025, 1, 1), "month_even")
        for month, deferred in ((2, 225000), (3, 210000)):
            earned = sum(
                part.earned_before(date(2023, month, 1))[0] for part in (*parts, *late)
            )
            self.assertEqual(240000 - earned, deferred)

    def test_a_waterfall(self):
        # 38: 2,000,000 booked in April; 400,000 are earned in May, 700,000 in June.
        earned = {5: 400_000_00, 6: 700_000_00, 7: 900_000_00}
        shares = {date(2026, m, 1): (amount, amount) for m, amount in earned.items()}
        due = find_due(
            shares, {}, date(2026, 6, 1), lambda month: False, Policy.CATCH_UP
        )
        recognised = sum(each.amount for each in due)
        self.assertEqual((recognised, 2_000_000_00 - recognised), (110000000, 90000000))
