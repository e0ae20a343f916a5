"""In whatever order lives become known, how often and how late, and whatever was closed
meanwhile: the movements are those that one count from nothing finds.

Covers models/metrics/books and models/subscriptions/metrics/recurring.

The suite plays a few histories, ``FULL=1`` two hundred. ``SEED`` begins with others.
"""

import random
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo.tests import tagged

from ....canonical.moments import naive
from ...billing.common import BillingCommon, at
from ...support.common import FULL, SEED
from .mrr_common import read_rebuilt, read_sums

_HISTORIES = 200 if FULL else 5
_TENANTS = 6
_FROM = at(2026, 1, 1)
_DAYS = 300


@tagged("post_install", "-at_install")
class TestMrrOrders(BillingCommon):
    """Tenants with several subscriptions each, discounts, and time that passes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big = cls.create_plan(
            "big",
            base={"unit_price": "700", "cadence": "yearly"},
            seats={"kind": "seat", "unit_price": "3", "cadence": "weekly"},
        )

    def test_any_order(self):
        for number in range(_HISTORIES):
            chance = random.Random(f"{SEED} mrr {number}")
            with self.subTest(seed=SEED, history=number):
                with self.env.cr.savepoint() as savepoint:
                    self._play(chance)
                    savepoint.rollback()
                self.env.invalidate_all()

    def _play(self, chance):
        self.company.write(
            {
                "mrr_counts_paused": chance.random() < 0.3,
                "mrr_ends_when_told": chance.random() < 0.3,
                "mrr_closed_until": False,
            }
        )
        tenants = self.env["saas.tenant"].union(
            *(self.create_tenant(f"T{n} {chance.random()}") for n in range(_TENANTS))
        )
        told = self._sell(chance, tenants)
        told += chance.sample(told, len(told) // 4)
        chance.shuffle(told)
        day = 100
        while told:
            size = chance.choice((1, 5, 20))
            some, told = told[:size], told[size:]
            with freeze_time(_FROM + timedelta(days=day)):
                self.env["saas.subscription"]._record_changes(some)
                if chance.random() < 0.2:
                    self._discount(chance, tenants)
                self.env["saas.mrr.standing"]._cron_move_on()
            if chance.random() < 0.3:
                closed = _FROM + timedelta(days=day - 30)
                self.company.mrr_closed_until = closed.date()
            day = min(day + chance.choice((0, 3, 30)), _DAYS)
        with freeze_time(_FROM + timedelta(days=_DAYS)):
            self.env["saas.mrr.standing"]._cron_move_on()
            booked = read_sums(self.env, tenants)
            self.assertEqual(booked, read_rebuilt(self.env, tenants))
            self.assertFalse(self.env["saas.mrr.movement"]._refresh(tenants))
        self._check_closing(tenants, booked)

    def _sell(self, chance, tenants):
        """Return the values of all changes of all subscriptions."""
        told = []
        for tenant in tenants:
            for _each in range(chance.randint(1, 3)):
                subscription = self.env["saas.subscription"].create(
                    {
                        "external_id": f"sub {next(self.keys)}",
                        "source_id": self.own.id,
                        "tenant_id": tenant.id,
                        "state": "none",
                    }
                )
                start = chance.randint(0, 120)
                told.append(self._tell(chance, subscription, "activated", start))
                for _change in range(chance.randint(0, 6)):
                    kind = chance.choice(
                        ("changed", "changed", "paused", "resumed", "canceled")
                    )
                    moment = chance.randint(start, 320)
                    told.append(self._tell(chance, subscription, kind, moment))
        return told

    def _tell(self, chance, subscription, kind, day):
        moment = _FROM + timedelta(days=day, minutes=chance.choice((0, 30, 1420)))
        terms = False
        if kind in ("activated", "changed"):
            version = chance.choice((self.pro, self.max, self.big))
            seats = chance.randint(0, 5)
            currency = chance.choice(("USD", "USD", "EUR"))
            terms = self.make_terms(version, currency, seats=seats)
        known = moment - timedelta(days=chance.randint(-20, 20))
        return {
            "subscription_id": subscription.id,
            "source_id": self.own.id,
            "kind": kind,
            "effective_at": naive(moment),
            "known": int(known.timestamp() * 10**6),
            "key": f"key {next(self.keys)}",
            "terms": terms,
        }

    def _discount(self, chance, tenants):
        start = _FROM + timedelta(days=chance.randint(0, _DAYS))
        self.env["saas.discount"]._grant(
            {
                "company_id": self.company.id,
                "tenant_id": chance.choice(tenants).id,
                "percent": str(chance.randint(1, 100)),
                "valid_from": naive(start),
                "valid_until": naive(start + timedelta(days=chance.randint(1, 60))),
            }
        )

    def _check_closing(self, tenants, booked):
        """What is booked is what the subscriptions cost a month now; by plan it adds up
        to it; and nothing is counted on a day that was closed when it was added.
        """
        total = defaultdict(int)
        for own in booked.values():
            for place, amounts in own.items():
                total[place.currency] += amounts.month
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT currency.name, sum(moved.amount)::text
                 FROM saas_mrr_movement moved
                 JOIN res_currency currency ON currency.id = moved.currency_id
                WHERE moved.tenant_id = ANY(%s) GROUP BY 1""",
            (tenants.ids,),
        )
        for name, text in self.env.cr.fetchall():
            self.assertEqual(Decimal(text), total[name])
        levels = (
            self.env["saas.subscription"]
            .search([("tenant_id", "in", tenants.ids)])
            ._read_recurring()
            .levels
        )
        now, worth = _FROM + timedelta(days=_DAYS), defaultdict(int)
        for own in levels.values():
            last = [level for level in own if level.at <= now][-1:]
            for level in last:
                worth[level.currency] += level.amount
        for currency, amount in total.items():
            self.assertAlmostEqual(float(amount), float(worth[currency]), places=4)
