"""A plan is sold in versions, and a published version stays as customers were told."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.session import create_person
from .plan_common import TIERS, PlanCommon


@tagged("post_install", "-at_install")
class TestPublished(PlanCommon):
    """Nothing of a published version changes, whoever asks and by whichever way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publish(cls, cls.version)
        cls.price = cls.base.price_ids[0]

    def _list_changes(self, env):
        """Return calls, by name, that would change what is published."""
        version, component = self.version.with_env(env), self.base.with_env(env)
        price, feature = (
            self.price.with_env(env),
            self.version.feature_ids.with_env(env)[0],
        )
        new = {"version_id": version.id, "code": "new", "name": "New"}
        other = {"component_id": component.id, "currency_id": self.jpy.id}
        return {
            "its first day": lambda: version.write({"valid_from": "2020-01-01"}),
            "the whole": version.unlink,
            "a part": component.unlink,
            "a price": price.unlink,
            "a feature": feature.unlink,
            "another part": lambda: component.create(new),
            "another price": lambda: price.create({**other, "unit_price": "1"}),
            "another feature": lambda: feature.create(
                {"version_id": version.id, "code": "new"}
            ),
            "a part's name": lambda: component.write({"name": "Other"}),
            "a part's order": lambda: component.write({"sequence": 3}),
            "an amount": lambda: price.write({"unit_price": "1"}),
            "tiers": lambda: self.calls.price_ids.with_env(env).write({"tiers": TIERS}),
            "whose price": lambda: price.write({"tenant_id": self.tenant.id}),
            "a limit": lambda: feature.write({"code": "other"}),
            "a part by its version": lambda: version.write(
                {"component_ids": [Command.update(component.id, {"name": "Other"})]}
            ),
            "a price by its part": lambda: component.write(
                {"price_ids": [Command.delete(price.id)]}
            ),
            "all in a form": lambda: version.web_save(
                {"component_ids": [Command.clear()]}, {"name": {}}
            ),
        }

    def assertRefused(self, call, error=UserError):
        before = self._snapshot()
        with self.assertRaises(error), self.env.cr.savepoint():
            call()
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._snapshot(), before)

    def _snapshot(self):
        names = ("name", "code", "kind", "model", "timing", "sequence")
        prices = ("unit_price", "tiers", "currency_id", "tenant_id")
        return (
            self.version.exists().read(["state", "valid_from", "number"]),
            self.version.component_ids.read(names),
            self.version.component_ids.price_ids.read(prices),
            self.version.feature_ids.read(["code", "value"]),
        )

    def test_no_method_changes_it_for_a_person_or_for_code(self):
        manager = self.env(user=self.manager.id, su=False)
        for env in (self.env, manager):
            for name, call in self._list_changes(env).items():
                with self.subTest(what=name, su=env.su):
                    self.assertRefused(call)

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_model")
    def test_no_import_changes_it(self):
        person = self.env(user=self.manager.id, su=False)
        for model, names, values in (
            ("saas.plan.component", [".id", "name"], [str(self.base.id), "Other"]),
            ("saas.price", [".id", "unit_price"], [str(self.price.id), "1"]),
            (
                "saas.plan.component",
                ["version_id/.id", "code", "name"],
                [str(self.version.id), "new", "New"],
            ),
            (
                "saas.plan.version",
                [".id", "valid_from"],
                [str(self.version.id), "2020-01-01"],
            ),
        ):
            before = self._snapshot()
            with self.subTest(model=model, names=names):
                result = person[model].load(names, [values])
                self.assertFalse(result["ids"])
                self.assertIn("published", str(result["messages"]))
                self.env.invalidate_all()
                self.assertEqual(self._snapshot(), before)

    def test_its_state_only_goes_to_retired(self):
        for state in ("draft", "published"):
            self.assertRefused(lambda state=state: self.version.write({"state": state}))
        self.assertRefused(lambda: self.version.write({"state": "retired"}))
        self.version.with_user(self.manager).action_retire()
        self.assertEqual(self.version.state, "retired")
        self.assertTrue(self.version.retired_on)
        self.assertRefused(lambda: self.version.action_retire())
        self.assertRefused(lambda: self.version.action_publish())

    def test_nothing_is_moved_into_it_or_out_of_it(self):
        draft = self.env["saas.plan.version"].create({"plan_id": self.plan.id})
        part = self.add_component("extra", {"unit_price": "1"}, version=draft)
        for call in (
            lambda: part.write({"version_id": self.version.id}),
            lambda: self.base.write({"version_id": draft.id}),
            lambda: part.price_ids.write({"component_id": self.base.id}),
            lambda: self.price.write({"component_id": part.id}),
            lambda: self.version.write({"component_ids": [Command.link(part.id)]}),
        ):
            self.assertRefused(call)

    def test_its_plan_keeps_its_code_and_is_not_deleted(self):
        self.assertRefused(lambda: self.plan.write({"code": "other"}))
        self.assertRefused(self.plan.unlink)
        self.plan.with_user(self.manager).write({"name": "Crew", "active": False})
        self.assertEqual(self.version.name, "Crew 1")

    @mute_logger("odoo.sql_db")
    def test_what_it_needs_is_not_deleted(self):
        for record in (self.product_a, self.meter, self.eur):
            self.assertRefused(record.unlink, IntegrityError)

    def test_a_new_version_is_a_draft_like_it(self):
        self.add_own_price(self.base, "2026-02-01")
        action = self.version.with_user(self.manager).action_new_version()
        draft = self.env["saas.plan.version"].browse(action["res_id"])
        self.assertEqual((draft.number, draft.state), (2, "draft"))
        for names, get in (
            (("code", "name", "kind", "model", "cadence"), lambda v: v.component_ids),
            (("code", "kind", "value"), lambda v: v.feature_ids),
        ):
            for name in names:
                self.assertEqual(
                    get(draft).mapped(name), get(self.version).mapped(name)
                )
        self.assertEqual(draft.component_ids.mapped("product_id"), self.product_a)
        self.assertEqual(draft.price_summary, self.version.price_summary)
        self.assertFalse(draft.component_ids.price_ids.tenant_id)
        draft.component_ids[0].price_ids[0].unit_price = "12"
        self.assertEqual(self.price.unit_price, "10")
        again = self.version.with_user(self.manager).action_new_version()
        self.assertEqual(again["res_id"], draft.id)

    def test_numbers_go_on_and_are_each_plan_s_own(self):
        versions = self.env["saas.plan.version"].create(
            [{"plan_id": self.plan.id}, {"plan_id": self.plan.id}]
        )
        self.assertEqual(versions.mapped("number"), [2, 3])
        other = self.env["saas.plan"].create(
            {"name": "Solo", "code": "solo", "company_id": self.company.id}
        )
        first = self.env["saas.plan.version"].create({"plan_id": other.id})
        self.assertEqual(first.name, "Solo 1")


@tagged("post_install", "-at_install")
class TestPlanRoles(PlanCommon):
    def test_a_manager_sets_up_and_others_look(self):
        for role in ("operator", "reviewer", "approver", "auditor"):
            person = create_person(self, f"plan_{role}", role)
            version = self.version.with_user(person)
            with self.subTest(role=role):
                self.assertEqual(version.component_ids.mapped("name")[0], "Base")
                self.assertTrue(version.price_summary)
                for call in (
                    version.action_publish,
                    version.action_retire,
                    version.action_new_version,
                    lambda v=version: v.write({"valid_from": "2026-01-02"}),
                    lambda v=version: v.component_ids[0].write({"name": "Mine"}),
                    lambda v=version: v.component_ids.price_ids[0].unlink(),
                ):
                    with self.assertRaises(AccessError):
                        call()
        self.assertEqual(self.version.state, "draft")
        self.publish()
        self.assertEqual(self.version.state, "published")

    def test_the_log_says_who_published(self):
        self.publish()
        row = self.env["saas.sync.log"].search(
            [("res_model", "=", "saas.plan.version")], limit=1
        )
        self.assertEqual(
            (row.actor, row.res_id, row.detail),
            (self.manager.login, self.version.id, "state: published"),
        )

    def test_companies_have_plans_of_their_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        plan = self.env["saas.plan"].create(
            {"name": "Theirs", "code": "team", "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            plan.with_user(self.manager).read(["name"])
        tenant = self.create_tenant("Theirs")
        foreign = tenant.copy({"company_id": other.id})
        with self.assertRaises(UserError):
            self.add_own_price(self.base, "2026-02-01", tenant=foreign)
        found = self.env["saas.plan"].with_user(self.manager).search([])
        self.assertEqual(found, self.plan)
