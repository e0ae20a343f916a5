"""What is no price, code or limit is refused when it is saved, in a sentence."""

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestHostilePrices(PlanCommon):
    def test_what_is_no_number_is_refused(self):
        for field in ("unit_price", "package_size", "minimum", "maximum"):
            for text in ("NaN", "1e5", "-1", "1" + "0" * 30, "0,5", "a", " 1"):
                with (
                    self.subTest(field=field, text=text),
                    self.assertRaisesRegex(ValidationError, "Write a number"),
                    self.env.cr.savepoint(),
                ):
                    self.base.price_ids[0].write({field: text})
        with self.assertRaisesRegex(ValidationError, "Write a number"):
            self.seats.included = "many"
        with self.assertRaisesRegex(ValidationError, "fewer digits"):
            self.base.price_ids[0].unit_price = "1" + "0" * 18

    def test_what_are_no_tiers_is_refused(self):
        for tiers in (
            "many",
            {"unit": "1"},
            [{"unit": 0.1}],
            [{"unit": "0.1", "up_to": 10}],
            [{"unit": "NaN"}],
            [{"up_to": "10"}],
            [{"unit": "1", "hidden": "1"}],
        ):
            with (
                self.subTest(tiers=tiers),
                self.assertRaisesRegex(ValidationError, "Tier"),
                self.env.cr.savepoint(),
            ):
                self.calls.price_ids[0].tiers = tiers

    def test_what_is_no_code_is_refused(self):
        for code in (" ", "a b", "ä", "-a", "a" * 65, "a/b", "<b>"):
            for record in (self.plan, self.base, self.version.feature_ids[0]):
                with (
                    self.subTest(code=code, model=record._name),
                    self.assertRaisesRegex(ValidationError, "is no code"),
                    self.env.cr.savepoint(),
                ):
                    record.code = code

    def test_a_limit_is_a_number_and_a_flag_has_none(self):
        flag, limit = self.version.feature_ids.sorted("kind")
        for feature, value in ((limit, "many"), (limit, "-1"), (flag, "1")):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                feature.value = value
        limit.value = False

    @mute_logger("odoo.sql_db")
    def test_no_two_prices_begin_at_one_moment(self):
        vals = {"component_id": self.base.id, "currency_id": self.usd.id}
        for own in ({}, {"tenant_id": self.tenant.id}):
            for begin in (False, "2026-05-01"):
                price = {**vals, **own, "valid_from": begin, "unit_price": "1"}
                if own or begin:
                    self.env["saas.price"].create(price)
                with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                    self.env["saas.price"].create(price)

    def test_names_are_shown_as_they_are_written(self):
        self.base.name = "<script>alert(1)</script>"
        self.assertNotIn("<script>", self.version.price_summary)
        self.assertIn("&lt;script&gt;", self.version.price_summary)
