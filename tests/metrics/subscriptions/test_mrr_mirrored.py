"""What recurs of subscriptions that another platform bills: from its snapshots, in
whatever order they come.

Covers canonical/metrics/mirrored and handlers/subscriptions/worth.
"""

import copy
import itertools
from datetime import UTC, datetime
from fractions import Fraction

from freezegun import freeze_time

from odoo.tests import BaseCase, tagged

from ....canonical.metrics.level import Counting
from ....canonical.metrics.mirrored import (
    Snapshot,
    find_length,
    find_mirrored_levels,
)
from ...support.common import SaasCommon
from ...support.stripe_fixtures import load
from .mrr_common import read_rebuilt, read_rows, read_sums

_DAY = 86400


def at(*parts):
    """Return an instant in UTC."""
    return datetime(*parts, tzinfo=UTC)


@tagged("post_install", "-at_install")
class TestMirroredRules(BaseCase):
    """Pure rules of what snapshots say."""

    def test_length(self):
        for end, months in (
            (at(2027, 2, 1), 1),
            (at(2027, 1, 29), 1),
            (at(2027, 4, 1), 3),
            (at(2028, 1, 1), 12),
            (at(2027, 1, 15), Fraction(2 * 12, 52)),
            (at(2027, 1, 11), Fraction(10 * 12, 365)),
            (at(2026, 12, 31), None),
        ):
            self.assertEqual(find_length(at(2027, 1, 1), end), months, end)

    def test_any_order(self):
        """The platform's order counts; what is over stays over."""
        worth = ((at(2027, 1, 1), Fraction(50)),)
        told = [
            Snapshot("1", at(2027, 2, 1), "active", "EUR", worth, at(2027, 1, 1)),
            Snapshot(
                "2",
                at(2027, 3, 1),
                "active",
                "EUR",
                worth,
                period_end=at(2027, 4, 1),
                canceled_at=at(2027, 3, 1),
                is_ending=True,
            ),
            Snapshot(
                "3",
                at(2027, 6, 1),
                "canceled",
                "EUR",
                worth,
                period_end=at(2027, 4, 1),
                canceled_at=at(2027, 3, 1),
                is_ending=True,
            ),
            Snapshot("4", at(2027, 6, 2), "active", "EUR", worth),
        ]
        for counting, end in (
            (Counting(), at(2027, 4, 1)),
            (Counting(ends_when_told=True), at(2027, 3, 1)),
        ):
            for order in itertools.permutations(told):
                levels = find_mirrored_levels(order, counting)
                self.assertEqual(
                    [(level.at, level.amount) for level in levels],
                    [(at(2027, 1, 1), 50), (end, 0)],
                )

    def test_canceled_at_once(self):
        """By the setting, it counts until it is canceled or until the paid period ends;
        a period that nobody has paid is none to wait for.
        """
        worth = ((at(2027, 1, 1), Fraction(50)),)
        for state, waits, end in (
            ("active", False, at(2027, 1, 10)),
            ("active", True, at(2027, 2, 1)),
            ("past_due", True, at(2027, 1, 10)),
        ):
            told = Snapshot("1", at(2027, 1, 1), state, "EUR", worth)
            over = Snapshot(
                "2",
                at(2027, 1, 11),
                "canceled",
                "EUR",
                worth,
                period_end=at(2027, 2, 1),
                canceled_at=at(2027, 1, 10),
            )
            for order in ((told, over), (over, told)):
                levels = find_mirrored_levels(order, Counting(ends_with_period=waits))
                self.assertEqual(
                    [(level.at, level.amount) for level in levels],
                    [(at(2027, 1, 1), 50), (end, 0)],
                )

    def test_not_known(self):
        """While nobody knows what it is worth, it counts as it was known before; what
        is known first was so since it began.
        """
        known = ((at(2027, 1, 1), Fraction(50)),)
        unknown = ((at(2027, 1, 1), None),)

        def tell(month, state, worth):
            moment = at(2027, month, 5)
            return Snapshot(str(month), moment, state, "EUR", worth, at(2027, 1, 1))

        first = tell(1, "active", unknown)
        self.assertEqual(find_mirrored_levels([first], Counting()), [])
        for told, found in (
            ((first, tell(2, "active", known)), [(at(2027, 1, 1), 50)]),
            (
                (tell(2, "active", known), tell(3, "active", unknown)),
                [(at(2027, 1, 1), 50)],
            ),
            (
                (tell(2, "active", known), tell(3, "canceled", unknown)),
                [(at(2027, 1, 1), 50), (at(2027, 3, 5), 0)],
            ),
        ):
            for order in itertools.permutations(told):
                levels = find_mirrored_levels(order, Counting())
                self.assertEqual([(x.at, x.amount) for x in levels], found)


@tagged("post_install", "-at_install")
class TestMirroredMrr(SaasCommon):
    """A platform's events, as it sends them."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2027-06-01 12:00:00"))
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"

    def tell(self, number, day, **changed):
        """Return an event about the fixtures' subscription, so many days later.

        :param changed: parts of the subscription that are other then.
        """
        event = copy.deepcopy(load("basil", "customer.subscription.created"))
        event["id"] = f"evt_{number}"
        event["created"] += day * _DAY
        event["type"] = "customer.subscription.updated"
        event["data"]["object"] |= changed
        return event

    def item(self, quantity, interval="month", amount=10000):
        """Return the list of items with one of them."""
        event = load("basil", "customer.subscription.created")
        items = copy.deepcopy(event["data"]["object"]["items"])
        [item] = items["data"][:1]
        items["data"] = [item]
        item["quantity"] = quantity
        item["price"]["recurring"]["interval"] = interval
        item["price"] |= {"unit_amount": amount, "unit_amount_decimal": str(amount)}
        return items

    def test_any_order(self):
        self.deliver(load("basil", "customer.created"))
        coupon = {"duration": "forever", "percent_off": 25}
        told = [
            self.tell(1, 0, status="active", items=self.item(2)),
            self.tell(2, 10, items=self.item(2, "year", 60000)),
            self.tell(
                3,
                20,
                items=self.item(2),
                discounts=[{"id": "di_1", "coupon": coupon}],
            ),
            self.tell(4, 30, status="canceled", items=self.item(2)),
        ]
        found = []
        for order in itertools.permutations(told):
            with self.env.cr.savepoint() as savepoint:
                self.deliver(*order, order[0])
                self.assertEqual(read_sums(self.env), read_rebuilt(self.env))
                [sums] = read_sums(self.env).values()
                found.append(sorted((p.at, p.kind, a.month) for p, a in sums.items()))
                savepoint.rollback()
            self.env.invalidate_all()
        first = found[0]
        self.assertTrue(all(other == first for other in found))
        self.assertEqual(
            [(kind, amount) for _at, kind, amount in first],
            [("new", 200), ("contraction", -100), ("expansion", 50), ("churn", -150)],
        )

    def test_known_before(self):
        """A subscription that was mirrored before snapshots were kept counts since it
        began.
        """
        self.deliver(
            load("basil", "customer.created"),
            self.tell(1, 0, status="active", items=self.item(2)),
        )
        before = read_rows(self.env)
        self.assertEqual([row.split(" ", 1)[1] for row in before], ["- new 200"])
        subscription = self.env["saas.subscription"].search([])
        self.env.cr.execute("DELETE FROM saas_mrr_snapshot")
        self.env.invalidate_all()
        [levels] = subscription._read_recurring().levels.values()
        self.assertEqual([level.amount for level in levels], [200])
        self.assertFalse(self.env["saas.mrr.movement"]._refresh(subscription.tenant_id))
