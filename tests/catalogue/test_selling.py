"""Which version of a plan is sold, which price counts for whom, and in which words."""

from datetime import UTC, date, datetime
from fractions import Fraction

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged

from ...canonical.catalogue.errors import PlanProblem, UnusablePlan
from ...canonical.catalogue.price import Price
from ...canonical.catalogue.timeline import Listing, PriceList
from ...canonical.usage.rating import rate
from .plan_common import PlanCommon

MAY = date(2026, 5, 1)


@tagged("post_install", "-at_install")
class TestFinding(PlanCommon):
    def find(self, moment=MAY, code="team", **vals):
        """Return the version that is sold."""
        return self.env["saas.plan"]._find_version(self.company, code, moment, **vals)

    def assertProblem(self, problem, **vals):
        """Check that no version is found, for a reason that a person can read."""
        with self.assertRaises(UnusablePlan) as caught:
            self.find(**vals)
        self.assertEqual(caught.exception.problem, problem)
        self.assertRegex(caught.exception.detail, r"^[A-Z].*\.$")

    def add_version(self, valid_from):
        """Publish another version like the first."""
        action = self.version.with_user(self.manager).action_new_version()
        version = self.version.browse(action["res_id"])
        version.valid_from = valid_from
        return self.publish(version)

    def test_what_is_not_there_is_told_apart(self):
        self.assertProblem(PlanProblem.UNKNOWN_PLAN, code="gone")
        self.assertProblem(PlanProblem.NOT_SOLD)
        self.assertProblem(PlanProblem.NOT_PUBLISHED, number=1)
        self.assertProblem(PlanProblem.UNKNOWN_VERSION, number=7)
        self.publish()
        self.assertProblem(PlanProblem.NOT_SOLD, moment=date(2025, 12, 31))
        self.assertProblem(PlanProblem.NO_PRICE, currency=self.jpy)
        self.assertEqual(self.find(currency=self.eur), self.version)
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(UnusablePlan):
            self.env["saas.plan"]._find_version(other, "team", MAY)

    def test_the_newest_that_is_sold_on_the_day_is_found(self):
        self.publish()
        second, third = self.add_version("2026-04-01"), self.add_version("2026-06-01")
        for moment, version in (
            (date(2026, 1, 1), self.version),
            (date(2026, 3, 31), self.version),
            (date(2026, 4, 1), second),
            (datetime(2026, 5, 31, 23, tzinfo=UTC), second),
            (date(2026, 6, 1), third),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(self.find(moment), version)
        self.assertEqual(self.find(number=1), self.version)
        self.assertEqual(self.plan.current_version_id, third)

    def test_a_retired_version_is_found_by_its_number_and_for_the_days_before(self):
        self.publish()
        self.version.action_retire()
        today = fields.Date.today()
        self.assertProblem(PlanProblem.NOT_SOLD, moment=today)
        self.assertEqual(self.find(moment=date(2026, 1, 2)), self.version)
        self.assertEqual(self.find(moment=today, number=1), self.version)

    def test_an_archived_plan_is_found(self):
        self.publish()
        self.plan.active = False
        self.assertEqual(self.find(), self.version)


@tagged("post_install", "-at_install")
class TestOwnPrices(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publish(cls, cls.version)

    def get(self, tenant, day, component=None):
        """Return what one costs a tenant on a day, in cents; None: it has no price."""
        component = component or self.base
        prices = component._get_prices(self.usd, tenant)
        moment = datetime.combine(day, datetime.min.time(), UTC)
        price = prices.at(component.id, tenant.id, moment)
        return price and rate(price, 1)

    def test_an_own_price_counts_from_its_beginning_for_its_tenant_alone(self):
        other = self.create_tenant("Other")
        self.add_own_price(self.base, "2026-03-01", "4")
        self.add_own_price(self.base, "2026-06-01", "3.005")
        for day, expected in (
            (date(2026, 2, 28), 1000),
            (date(2026, 3, 1), 400),
            (date(2026, 5, 31), 400),
            (date(2026, 6, 1), Fraction("300.5")),
        ):
            self.assertEqual(self.get(self.tenant, day), expected)
            self.assertEqual(self.get(other, day), 1000)
        self.assertEqual(self.get(self.tenant, MAY, self.seats), 500)

    def test_one_that_is_valid_stays_and_is_replaced_by_a_later_one(self):
        valid = self.add_own_price(self.base, "2026-03-01")
        for call in (
            lambda: valid.write({"unit_price": "1"}),
            lambda: valid.write({"valid_from": "2099-01-01"}),
            valid.unlink,
            lambda: valid.sudo().write({"unit_price": "1"}),
        ):
            with self.assertRaisesRegex(UserError, "valid already"):
                call()
        self.add_own_price(self.base, "2026-04-01")

    def test_one_that_is_still_to_come_is_changed_and_taken_back(self):
        later = self.add_own_price(self.base, "2099-01-01")
        later.write({"unit_price": "2"})
        later.unlink()

    def test_it_says_from_when_and_is_a_price(self):
        for vals in (
            {"valid_from": False},
            {"price": False},
            {"price": "1", "package_size": "5"},
            {"price": "1", "minimum": "3", "maximum": "2"},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                with self.env.cr.savepoint():
                    self.add_own_price(
                        self.base, **{"valid_from": "2026-03-01", **vals}
                    )

    def test_a_price_of_all_can_not_be_slipped_in(self):
        own = self.add_own_price(self.base, "2099-01-01")
        with self.assertRaises(AccessError):
            own.sudo().write({"tenant_id": False})
        with self.assertRaises(UserError):
            self.add_own_price(self.base, "2026-03-01", tenant=self.tenant.browse())

    def test_a_retired_version_still_takes_own_prices(self):
        self.version.action_retire()
        self.add_own_price(self.base, "2026-03-01", "4")
        self.assertEqual(self.get(self.tenant, MAY), 400)

    def test_who_turns_out_to_be_another_takes_the_own_prices_along(self):
        other = self.create_tenant("Other")
        for tenant, component, price in (
            (self.tenant, self.base, "4"),
            (other, self.base, "3"),
            (other, self.seats, "2"),
        ):
            self.add_own_price(component, "2026-03-01", price, tenant)
        self.env["saas.customers.merge"]._merge(other, self.tenant)
        self.assertEqual(self.get(self.tenant, MAY), 400)
        self.assertEqual(self.get(self.tenant, MAY, self.seats), 200)
        self.assertEqual(self.get(other, MAY), 300)

    def test_prices_of_many_take_as_many_queries_as_those_of_one(self):
        tenants = self.tenant
        for number in range(20):
            tenants |= self.create_tenant(f"Tenant {number}")
        self.env["saas.price"].create(
            [
                {
                    "component_id": component.id,
                    "currency_id": self.usd.id,
                    "tenant_id": tenant.id,
                    "valid_from": "2026-03-01",
                    "unit_price": "1",
                }
                for tenant in tenants
                for component in (self.base, self.seats)
            ]
        )
        components = self.version.component_ids
        self.env.flush_all()
        for own in (self.tenant, tenants):
            self.env.invalidate_all()
            with self.assertQueryCount(3):
                prices = components._get_prices(self.usd, own)
        self.assertEqual(len(prices.own), 42)
        self.assertEqual(len(prices.listed), 3)

    def test_only_the_currency_that_is_asked_for_counts(self):
        self.assertFalse(self.base._get_prices(self.jpy, self.tenant).listed)
        prices = self.base._get_prices(self.eur, self.tenant).over_time(self.base.id)
        self.assertEqual([each.price.currency for each in prices], ["EUR"])


@tagged("post_install", "-at_install")
class TestTimeline(BaseCase):
    """Own prices count before all others from the first one's beginning on."""

    def test_order(self):
        first, second, third = (datetime(2026, n, 1, tzinfo=UTC) for n in (1, 2, 3))
        made = {n: Price("unit", "EUR", 2, unit=n) for n in range(1, 5)}
        prices = PriceList()
        prices.add(1, None, Listing(None, made[1]))
        prices.add(1, None, Listing(third, made[2]))
        self.assertEqual(prices.at(1, 7, second), made[1])
        self.assertEqual(prices.at(1, 7, third), made[2])
        prices.add(1, 7, Listing(second, made[3]))
        self.assertEqual(prices.at(1, 7, first), made[1])
        # A later price of all doesn't replace what was agreed.
        self.assertEqual(prices.at(1, 7, third), made[3])
        self.assertEqual(prices.at(1, 8, third), made[2])
        self.assertEqual(
            prices.over_time(1, 7), [Listing(None, made[1]), Listing(second, made[3])]
        )
        prices.own.clear()
        prices.add(1, 7, Listing(None, made[4]))
        self.assertEqual(prices.over_time(1, 7), [Listing(None, made[4])])
        self.assertIsNone(prices.at(2, 7, third))


@tagged("post_install", "-at_install")
class TestWords(PlanCommon):
    def say(self, component, **price):
        """Return what a component's price in US dollars says."""
        record = self.price(component)
        record.write(price)
        return record.summary

    def test_prices_are_said_as_customers_read_them(self):
        self.assertEqual(self.say(self.base), "$10.00 per month, in advance")
        self.seats.cadence = "yearly"
        self.assertEqual(
            self.say(self.seats, minimum="20"),
            "$5.00 per seat; counted per year, in advance; at least $20.00",
        )
        self.assertEqual(
            self.say(self.calls),
            "$0.10 each up to 1,000; then $0.05 each; counted per month, in arrears",
        )
        self.calls.model = "volume"
        self.assertEqual(
            self.say(self.calls),
            "$0.10 each if up to 1,000; $0.05 each for all if more; counted per month, "
            "in arrears",
        )
        self.calls.write({"model": "unit", "included": "1000"})
        self.assertEqual(
            self.say(self.calls, unit_price="0.001", tiers=False),
            "first 1,000 free, then $0.001 each; counted per month, in arrears",
        )
        self.calls.write({"model": "package", "included": False})
        self.assertEqual(
            self.say(self.calls, package_size="100", maximum="50"),
            "$0.001 for each 100 or part of them; counted per month, in arrears; at "
            "most $50.00",
        )

    def test_flat_fees_and_free_tiers_are_said(self):
        tiers = [
            {"up_to": "10", "unit": "0"},
            {"up_to": "20", "unit": "0", "flat": "3"},
            {"up_to": None, "unit": "1", "flat": "2"},
        ]
        self.assertEqual(
            self.say(self.calls, tiers=tiers),
            "free up to 10; then $3.00 in all up to 20; then $2.00 plus $1.00 each; "
            "counted per month, in arrears",
        )

    def test_what_is_incomplete_says_nothing_yet(self):
        self.assertFalse(self.say(self.calls, tiers=False))
        self.assertIn("not complete yet", self.calls.price_summary)

    def test_numbers_are_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        price = self.price(self.calls, self.eur)
        self.eur.position = "after"
        text = price.with_context(lang="de_DE").summary
        self.assertIn("0,10\N{NO-BREAK SPACE}€", text)
        self.assertIn("1.000", text)

    def test_a_version_shows_what_quantities_cost(self):
        self.eur.position = "before"
        table = self.version.price_examples
        for text in ("Seats (USD)", "$50.00", "Calls (EUR)", "€550.00", "10,000"):
            self.assertIn(text, table)
        self.assertNotIn("Base", table)
        self.version.component_ids = [
            Command.delete(self.seats.id),
            Command.delete(self.calls.id),
        ]
        self.assertFalse(self.version.price_examples)
