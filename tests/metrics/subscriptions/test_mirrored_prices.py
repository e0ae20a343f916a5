"""What the items of a mirrored subscription are worth a month, by whatever Stripe says
of their prices and discounts. What is not understood is not known, and never guessed.

Covers canonical/facts/subscription_prices, adapters/stripe/subscriptions/price and
adapters/stripe/subscriptions/discount.
"""

import copy
from datetime import UTC, datetime
from fractions import Fraction
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ...support.common import SaasCommon
from ...support.stripe_fixtures import load
from .mrr_common import read_rows

_TIERS = [
    {"up_to": 10, "unit_amount": 1000, "flat_amount": 200},
    {"up_to": 20, "unit_amount": 500, "flat_amount": 300},
    {"up_to": None, "unit_amount_decimal": "500", "flat_amount": 300},
]


def at(*parts):
    """Return an instant in UTC."""
    return datetime(*parts, tzinfo=UTC)


@tagged("post_install", "-at_install")
class TestStripePrices(SaasCommon):
    """Subscriptions as Stripe tells them."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2027-06-01 12:00:00"))
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"

    def tell(self, number, *items, **changed):
        """Let Stripe tell of the fixtures' subscription; return its MRR, or None where
        that is not known.

        :param items: for each, what its price has, and below ``item`` the item itself.
        """
        event = copy.deepcopy(load("basil", "customer.subscription.created"))
        event["id"] = f"evt_{number}"
        event["created"] += number
        event["type"] = "customer.subscription.updated"
        data = event["data"]["object"]
        data |= {"status": "active", **changed}
        [first] = data["items"]["data"]
        data["items"]["data"] = []
        for place, values in enumerate(items, 1):
            item = copy.deepcopy(first)
            item |= {"id": f"si_{place}", **values.get("item", {})}
            item["price"] |= {k: v for k, v in values.items() if k != "item"}
            data["items"]["data"].append(item)
        self.assertState(self.deliver(load("basil", "customer.created"), event), "done")
        subscription = self.env["saas.subscription"].search([])
        if subscription.has_unknown_mrr:
            return None
        [levels] = subscription._read_recurring().levels.values()
        return levels[-1].amount if levels else 0

    def tiered(self, mode, quantity, tiers=tuple(_TIERS)):
        """Return an item whose price has tiers."""
        return {
            "billing_scheme": "tiered",
            "tiers_mode": mode,
            "unit_amount": None,
            "unit_amount_decimal": None,
            **({"tiers": [*tiers]} if tiers else {}),
            "item": {"quantity": quantity},
        }

    def discount(self, number=1, end=None, **coupon):
        """Return a discount as Stripe has it."""
        coupon = {"duration": "forever", **coupon}
        return {"id": f"di_{number}", "coupon": coupon, "end": end}

    def test_tiers(self):
        self.assertEqual(self.tell(1, self.tiered("graduated", 12)), 115)
        self.assertEqual(self.tell(2, self.tiered("volume", 12)), 63)
        year = {"interval": "year", "interval_count": 1, "usage_type": "licensed"}
        item = self.tiered("volume", 12) | {"recurring": year}
        self.assertEqual(self.tell(3, item), Fraction(63, 12))

    def test_package(self):
        for number, (rounding, worth) in enumerate((("up", 300), ("down", 200)), 1):
            transform = {"divide_by": 5, "round": rounding}
            item = {"transform_quantity": transform, "item": {"quantity": 12}}
            self.assertEqual(self.tell(number, item), worth)

    def test_discounts_of_items(self):
        """Coupons of one item, for good, for some months and for one invoice."""
        end = int(at(2027, 9, 1).timestamp())
        several = [
            self.discount(1, percent_off=10),
            self.discount(2, end, duration="repeating", amount_off=2000),
            self.discount(3, duration="once", percent_off=99),
        ]
        item = {"item": {"quantity": 2, "discounts": several}}
        # 200 less 10 % less 20, and the other item less nothing.
        self.assertEqual(self.tell(1, item, {}), 180 + 100)
        subscription = self.env["saas.subscription"].search([])
        [levels] = subscription._read_recurring().levels.values()
        self.assertEqual(
            [(x.at, x.amount) for x in levels][1:], [(at(2027, 9, 1), 280)]
        )
        self.assertEqual([x.amount for x in levels], [260, 280])

    def test_discounts_of_both(self):
        """Those of an item come first; a coupon may be for some products alone."""
        item = {
            "product": "prod_a",
            "item": {"discounts": [self.discount(1, percent_off=50)]},
        }
        limited = self.discount(
            2, amount_off=1000, currency="usd", applies_to={"products": ["prod_a"]}
        )
        self.assertEqual(self.tell(1, item, {}, discounts=[limited]), 40 + 100)
        # Before basil the first one stands beside the ids of all.
        self.assertEqual(
            self.tell(
                2, {}, discount=self.discount(5, percent_off=5), discounts=["di_5"]
            ),
            95,
        )

    def test_not_understood(self):
        """The MRR is not known then, and a person is asked about the word."""
        plain = {"id": "di_9", "coupon": {"duration": "forever"}}
        cases = [
            {"billing_scheme": "by_the_moon"},
            self.tiered("by_the_moon", 3),
            self.tiered("volume", 3, [{"up_to": 9, "unit_amount": 1}]),
            {"transform_quantity": {"divide_by": 5, "round": "sideways"}},
            {"transform_quantity": {"divide_by": 0, "round": "up"}},
            {"recurring": {"interval": "moon", "usage_type": "licensed"}},
            {"recurring": {"interval": "month", "usage_type": "moon"}},
            {"unit_amount": None, "unit_amount_decimal": None},
            {"item": {"discounts": [self.discount(percent_off=1, duration="moons")]}},
            {"item": {"discounts": [plain]}},
            {"item": {"discounts": [self.discount(amount_off=1, currency="eur")]}},
        ]
        for number, item in enumerate(cases, 1):
            with self.subTest(item=item):
                self.assertIsNone(self.tell(number, item))
        self.assertEqual(read_rows(self.env), [])
        kind = self.env.ref("saas_billing_sync.mail_activity_unknown_word")
        asked = self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])
        text = " ".join(asked.mapped("summary"))
        for about in (
            *("price.billing_scheme", "price.tiers_mode", "transform_quantity.round"),
            *("recurring.interval", "recurring.usage_type", "coupon.duration"),
        ):
            self.assertIn(about, text)
        # What is understood later counts since it began.
        self.assertEqual(self.tell(99, {}), 100)
        self.assertEqual(len(read_rows(self.env)), 1)

    def test_left_out(self):
        """What Stripe leaves out is asked for, once; its answer counts."""
        fetched = []
        source = type(self.source)
        with (
            patch.object(source, "_can_fetch", lambda *_args: True),
            patch.object(
                source, "_enqueue_fetch", lambda _self, *about: fetched.append(about)
            ),
        ):
            self.assertIsNone(self.tell(1, self.tiered("volume", 12, None)))
            self.assertIsNone(self.tell(2, {}, discounts=["di_1"]))
            self.assertIsNone(self.tell(3, {"item": {"discounts": ["di_1"]}}))
            self.assertEqual(self.tell(4, self.tiered("volume", 12)), 63)
        subscription = self.env["saas.subscription"].search([])
        self.assertEqual(fetched, [("subscription", subscription.external_id)] * 3)

    def test_completed(self):
        """A subscription that is fetched is asked for with its tiers and coupons."""
        whole = copy.deepcopy(
            load("basil", "customer.subscription.created")["data"]["object"]
        )
        [item] = whole["items"]["data"]
        item["price"] |= {"billing_scheme": "tiered", "tiers_mode": "volume"}
        told = copy.deepcopy(item)
        told["price"]["tiers"] = _TIERS
        asked = []

        def request(_self, _source, path, **params):
            asked.append((path, params))
            if path == "/v1/subscription_items":
                return {"object": "list", "data": [told], "has_more": False}
            return copy.deepcopy(whole)

        adapter = self.source._get_adapter()
        with (
            patch.object(type(adapter), "_request", request),
            patch.object(
                type(adapter),
                "_read_pages",
                lambda *args, **params: [request(*args, **params)["data"]],
            ),
        ):
            [found] = adapter._fetch(self.source, "subscription", whole["id"])
        self.assertEqual(found["items"]["data"][0]["price"]["tiers"], _TIERS)
        self.assertEqual(
            [path for path, _params in asked],
            [
                f"/v1/subscriptions/{whole['id']}",
                "/v1/subscription_items",
                f"/v1/subscriptions/{whole['id']}",
            ],
        )
        self.assertIn("data.price.tiers", asked[1][1]["expand"])

    def test_ends(self):
        """By the company's setting, what is canceled at once counts until its paid
        period ends. Another answer counts anew.
        """
        self.tell(1, {})
        later = 10 * 86400
        begun = load("basil", "customer.subscription.created")["created"]
        self.tell(later, {}, status="canceled", canceled_at=begun + later)
        self.assertEqual(
            [row.split(" ")[::2] for row in read_rows(self.env)],
            [["2026-11-02", "new"], ["2026-11-12", "churn"]],
        )
        self.company.mrr_ends_with_period = True
        count = self.env["saas.mrr.count"].search([])
        count._job_chunk(count.step)
        self.assertEqual(
            read_rows(self.env)[2:],
            ["2026-11-12 - churn 100", "2026-11-30 - churn -100"],
        )
