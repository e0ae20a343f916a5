"""How monthly recurring revenue is found, and how it moves: pure rules.

Covers canonical/metrics/level, canonical/metrics/movement and canonical/metrics/ratios.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ....canonical.metrics.level import Counting, Level, find_item_worth, find_levels
from ....canonical.metrics.movement import (
    Kind,
    find_movements,
    find_next,
    measure,
    round_places,
)
from ....canonical.metrics.ratios import (
    Moved,
    find_gross_churn,
    find_gross_retention,
    find_logo_churn,
    find_net_churn,
    find_net_retention,
)
from ....canonical.subscriptions.discount import Discount
from ....canonical.subscriptions.lifecycle import Segment, State
from ....canonical.subscriptions.terms import Terms
from .recurring_lives import NOW, make_item

_GOLD, _SILVER = "gold", "silver"


def at(*parts):
    """Return an instant in UTC."""
    return datetime(*parts, tzinfo=UTC)


def worth(moment, plan, amount, currency="EUR"):
    """Return a level of so much a month."""
    return Level(moment, plan, currency, Fraction(amount), f"{moment:%m-%d}")


def tell(levels, until=NOW, zone="UTC"):
    """Return the movements of levels as the tests write them."""
    return [
        (f"{each.day:%Y-%m-%d}", each.place.plan, each.place.kind, each.amounts.month)
        for each in find_movements(levels, zone, until)
    ]


@tagged("post_install", "-at_install")
class TestMovementRules(BaseCase):
    """Movements follow from what each subscription is worth, and from nothing else."""

    def test_a_month(self):
        """Each cadence is brought to a month exactly."""
        for cadence, unit, month, year in (
            ("yearly", "500", "41.666667", "500"),
            ("half_yearly", "100", "16.666667", "200"),
            ("quarterly", "100", "33.333333", "400"),
            ("monthly", "60", "60", "720"),
            ("weekly", "10", "43.333333", "520"),
        ):
            terms = Terms(1, "EUR", (("seats", Fraction(1)),))
            item = make_item("seats", unit, cadence)
            amount = find_item_worth(item, terms, [], NOW)
            found = measure(worth(NOW, 1, amount))
            self.assertEqual(found[:2], (Decimal(month), Decimal(year)), cadence)

    def test_half_up(self):
        for number, rounded in (
            (Fraction(1, 2_000_000), "0.000001"),
            (Fraction(-1, 2_000_000), "-0.000001"),
            (Fraction(10**15, 3), "333333333333333.333333"),
        ):
            self.assertEqual(str(round_places(number)), rounded)

    def test_what_is_none(self):
        """Usage, trials, pauses and what has no price are worth nothing."""
        terms = Terms(1, "EUR", (("seats", Fraction(3)),))
        self.assertEqual(
            find_item_worth(make_item("x", "5", kind="usage"), terms, [], NOW), 0
        )
        self.assertEqual(find_item_worth(make_item("other", "5"), terms, [], NOW), 0)
        for counting, paused in ((Counting(), 0), (Counting(counts_paused=True), 30)):
            levels = find_levels(
                [
                    Segment(
                        at(2027, 1, 1), at(2027, 1, 15), State.TRIALING, terms, "a"
                    ),
                    Segment(at(2027, 1, 15), at(2027, 2, 1), State.ACTIVE, terms, "b"),
                    Segment(at(2027, 2, 1), at(2027, 3, 1), State.PAUSED, terms, "c"),
                    Segment(at(2027, 3, 1), None, State.CANCELED, terms, "d"),
                ],
                lambda _terms: [make_item("seats", "10")],
                [],
                counting,
                {},
            )
            found = [
                next(x.amount for x in levels[::-1] if x.at <= at(2027, month, 20))
                for month in (1, 2, 3)
            ]
            self.assertEqual(found, [30, paused, 0])

    def test_discount_lowers(self):
        """A discount lowers MRR while it counts; its end is an expansion."""
        terms = Terms(_GOLD, "EUR", (("seats", Fraction(3)),))
        levels = find_levels(
            [Segment(at(2027, 1, 1), None, State.ACTIVE, terms, "a")],
            lambda _terms: [make_item("seats", "10")],
            [Discount(Fraction(1, 2), at(2027, 1, 1), at(2027, 3, 1))],
            Counting(),
            {},
        )
        self.assertEqual(
            tell({1: levels}),
            [
                ("2027-01-01", _GOLD, Kind.NEW, 15),
                ("2027-03-01", _GOLD, Kind.EXPANSION, 15),
            ],
        )
        self.assertEqual(find_next({1: levels}, at(2027, 2, 1)), at(2027, 3, 1))
        self.assertIsNone(find_next({1: levels}, at(2027, 3, 1)))

    def test_end_is_told(self):
        """By the setting, who has said that they leave counts no more."""
        terms = Terms(_GOLD, "EUR", (("seats", Fraction(1)),))
        life = [
            Segment(at(2027, 1, 1), at(2028, 1, 1), State.ACTIVE, terms, "a"),
            Segment(at(2028, 1, 1), None, State.CANCELED, terms, "d"),
        ]
        for is_told, day in ((False, at(2028, 1, 1)), (True, at(2027, 5, 5))):
            levels = find_levels(
                life,
                lambda _terms: [make_item("seats", "120", "yearly")],
                [],
                Counting(ends_when_told=is_told),
                {"d": at(2027, 5, 5)},
            )
            self.assertEqual([level.at for level in levels], [at(2027, 1, 1), day])
            self.assertEqual(levels[-1].key, "d")


@tagged("post_install", "-at_install")
class TestMovementExamples(BaseCase):
    """Worked examples of others, with their sources."""

    def test_chartmogul_syncalytics(self):
        """https://help.chartmogul.com/hc/en-us/articles/204252691, "Syncalytics"."""
        gold = Fraction(4 * 500, 12)
        levels = {
            1: [worth(at(2027, 1, 1), _GOLD, gold), Level(at(2028, 1, 1))],
            2: [worth(at(2027, 2, 1), _SILVER, 2 * 30), Level(at(2027, 4, 1))],
            3: [worth(at(2028, 3, 1), _GOLD, 3 * 50)],
        }
        self.assertEqual(
            tell(levels, at(2028, 12, 1)),
            [
                ("2027-01-01", _GOLD, Kind.NEW, Decimal("166.666667")),
                ("2027-02-01", _SILVER, Kind.EXPANSION, 60),
                ("2027-04-01", _SILVER, Kind.CONTRACTION, -60),
                ("2028-01-01", _GOLD, Kind.CHURN, Decimal("-166.666667")),
                ("2028-03-01", _GOLD, Kind.REACTIVATION, 150),
            ],
        )

    def test_ratios(self):
        """Churn and retention of a month."""
        # ChartMogul, "Gross MRR churn rate" and "Net MRR churn rate".
        moved = Moved(100, churn=10, contraction=10, expansion=10)
        self.assertEqual(find_gross_churn(moved), Fraction(20, 100))
        self.assertEqual(find_net_churn(moved), Fraction(10, 100))
        self.assertEqual(find_net_retention(moved), Fraction(90, 100))
        self.assertEqual(find_gross_retention(moved), Fraction(80, 100))
        self.assertEqual(moved.closing, 90)
        # Odoo's documentation, "Subscription reports": 20 tenants pay 30 each; 3 leave,
        # and the others pay 2 more.
        moved = Moved(20 * 30, churn=3 * 30, expansion=17 * 2)
        self.assertEqual(find_logo_churn(3, 20), Fraction(15, 100))
        self.assertEqual(find_net_churn(moved), Fraction(56, 600))
        self.assertIsNone(find_net_churn(Moved(0, new=5)))
        # Who came back lowers net churn, and was not retained.
        moved = Moved(100, churn=10, reactivation=10)
        self.assertEqual(find_net_churn(moved), 0)
        self.assertEqual(find_net_retention(moved), Fraction(90, 100))

    def test_upgrade_moves_between_plans(self):
        """An upgrade is an expansion of what is paid more; the rest changes plans."""
        levels = {1: [worth(at(2027, 1, 1), 1, 20), worth(at(2027, 2, 1), 2, 50)]}
        self.assertEqual(
            tell(levels)[1:],
            [
                ("2027-02-01", 2, Kind.TRANSFER, 20),
                ("2027-02-01", 2, Kind.EXPANSION, 30),
                ("2027-02-01", 1, Kind.TRANSFER, -20),
            ],
        )

    def test_within_an_hour(self):
        """What happens within an hour of one day is one movement."""
        day = at(2027, 2, 1, 10)
        levels = {
            1: [
                worth(day, 1, 20),
                worth(day + timedelta(minutes=10), 1, 70),
                worth(day + timedelta(minutes=59), 1, 50),
                worth(day + timedelta(minutes=60), 1, 40),
            ],
            2: [worth(day, 2, 5), Level(day + timedelta(minutes=30))],
        }
        self.assertEqual(
            tell(levels),
            [
                ("2027-02-01", 1, Kind.NEW, 50),
                ("2027-02-01", 1, Kind.CONTRACTION, -10),
            ],
        )
        late = at(2027, 2, 28, 22, 50)
        levels = {1: [worth(late, 1, 20), Level(late + timedelta(minutes=20))]}
        self.assertEqual(len(tell(levels, zone="Europe/Berlin")), 2)
        self.assertEqual(tell(levels, zone="UTC"), [])

    def test_tenants(self):
        """A tenant is counted once: for the plan for which it pays most, as long as it
        has that.
        """
        levels = {
            1: [worth(at(2027, 1, 1), 1, 20), Level(at(2027, 4, 1))],
            2: [worth(at(2027, 2, 1), 2, 90), Level(at(2027, 5, 1))],
            3: [worth(at(2027, 3, 1), 3, 50), Level(at(2027, 6, 1))],
        }
        counted = [
            (f"{each.day:%m}", each.place.plan, each.place.kind, each.amounts.tenants)
            for each in find_movements(levels, "UTC", NOW)
            if each.amounts.tenants
        ]
        self.assertEqual(
            counted,
            [
                ("01", 1, Kind.NEW, 1),
                ("04", 1, Kind.TRANSFER, -1),
                ("04", 2, Kind.TRANSFER, 1),
                ("05", 2, Kind.TRANSFER, -1),
                ("05", 3, Kind.TRANSFER, 1),
                ("06", 3, Kind.CHURN, -1),
            ],
        )

    def test_another_currency(self):
        """Currencies are never added up."""
        levels = {
            1: [worth(at(2027, 1, 1), 1, 20), worth(at(2027, 2, 1), 1, 25, "USD")]
        }
        self.assertEqual(
            {(kind, n) for _day, _plan, kind, n in tell(levels)[1:] if n},
            {(Kind.CONTRACTION, -20), (Kind.EXPANSION, 25)},
        )
