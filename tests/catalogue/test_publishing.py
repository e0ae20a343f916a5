"""A version is published when customers can be charged by it, and not before."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .plan_common import TIERS, PlanCommon


@tagged("post_install", "-at_install")
class TestPublishing(PlanCommon):
    def assertMissing(self, *sentences):
        """Check that a version is not published, for exactly these reasons."""
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self.publish()
        self.env.invalidate_all()
        self.assertEqual(self.version.state, "draft")
        head, *found = str(caught.exception).split("\n")
        self.assertEqual(head, "Team 1 can't be published yet:")
        self.assertEqual(found, [f"• {sentence}" for sentence in sentences])

    def test_what_is_complete_is_published(self):
        self.publish()
        self.assertEqual(self.version.state, "published")

    def test_an_empty_version_is_not(self):
        self.version.component_ids.unlink()
        self.version.valid_from = False
        self.assertMissing("Say from which day on it is sold.", "Add a component.")

    def test_code_is_held_to_it_as_well(self):
        self.base.product_id = False
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.version.write({"state": "published"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["saas.plan.version"].create(
                {"plan_id": self.plan.id, "state": "published"}
            )

    def test_all_that_is_missing_is_said_at_once(self):
        self.base.product_id = False
        self.base.included = "5"
        self.price(self.seats, self.eur).unlink()
        self.seats.meter_id = self.meter
        self.calls.write({"meter_id": False, "timing": "advance"})
        self.price(self.calls).tiers = False
        self.price(self.calls, self.eur).tiers = TIERS[:1]
        self.assertMissing(
            "Base: choose the product that invoices name.",
            "Base: a fixed price is for one. Let each cost the same, and include "
            "nothing.",
            "Seats: remove the meter. It counts only what is used.",
            "Seats: add a price in EUR.",
            "Calls: choose the meter that counts what is used.",
            "Calls: bill it in arrears. What is used is known only afterwards.",
            "Calls, EUR: Tier 1, Up To: Leave the end of the last tier empty.",
            "Calls, USD: Tiers: Add a tier.",
        )

    def test_tiers_rise(self):
        for bounds in (("20", "10", None), ("10", "10", None), ("0", None)):
            self.calls.price_ids[0].tiers = [
                {"up_to": bound, "unit": "1"} for bound in bounds
            ]
            with self.subTest(bounds=bounds):
                with self.assertRaisesRegex(UserError, "ends above the one before"):
                    self.publish()

    def test_a_price_fits_its_model(self):
        for model, sentence in (
            ("package", "Enter how many are in a package."),
            ("volume", "Add a tier."),
        ):
            self.seats.model = model
            with self.subTest(model=model), self.assertRaisesRegex(UserError, sentence):
                self.publish()

    def test_a_product_needs_an_income_account(self):
        self.product_a.property_account_income_id = False
        self.product_a.categ_id.property_account_income_categ_id = False
        self.company.income_account_id = False
        with self.assertRaisesRegex(UserError, "set an income account on the product"):
            self.publish()

    def test_a_price_begins_with_the_version_at_the_latest(self):
        self.base.price_ids.valid_from = "2026-02-01"
        self.assertMissing(
            *(
                f"Base: its first price in {code} begins after the version is sold. "
                "Let it begin earlier, or always."
                for code in ("EUR", "USD")
            )
        )
        self.base.price_ids.valid_from = "2026-01-01"
        self.publish()

    def test_without_any_price_each_component_is_named(self):
        self.version.component_ids.price_ids.unlink()
        self.assertMissing(
            *(f"{name}: add a price." for name in ("Base", "Seats", "Calls"))
        )

    def test_a_currency_is_active(self):
        self.eur.active = False
        with self.assertRaisesRegex(UserError, "activate the currency"):
            self.publish()

    def test_an_own_price_of_a_draft_is_looked_at_too(self):
        self.base.price_ids = [
            Command.create({"currency_id": self.usd.id, "tenant_id": self.tenant.id})
        ]
        self.assertMissing("Base, USD, Nordlicht: Price: Enter what each costs.")
