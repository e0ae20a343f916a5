"""Nobody prepares and signs at once: refused where every decision is signed, else said.

Covers models/odoo/res_users and models/odoo/res_company.
"""

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ...canonical.review.duties import FORBIDDEN_PAIRS
from ...models.roles import roles_of
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestDutyPairs(SaasCommon):
    def _group(self, role):
        return self.env.ref(f"saas_billing_sync.group_saas_{role}")

    def _make_user(self, *roles):
        return new_test_user(
            self.env,
            "_".join(roles),
            groups=",".join(f"saas_billing_sync.group_saas_{role}" for role in roles),
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_strict(self):
        self.company.sudo().saas_four_eyes = "strict"
        for pair in FORBIDDEN_PAIRS:
            with self.subTest(pair=pair):
                with self.assertRaises(ValidationError), self.env.cr.savepoint():
                    self._make_user(*pair)
                user = self._make_user(pair[0])
                second = self._group(pair[1])
                for call in (
                    lambda u=user, g=second: u.write({"group_ids": [(4, g.id)]}),
                    lambda u=user, g=second: g.write({"user_ids": [(4, u.id)]}),
                    lambda u=user, g=second: self.env["res.groups"].create(
                        {"name": "Both", "implied_ids": g.ids, "user_ids": u.ids}
                    ),
                ):
                    with (
                        self.assertRaisesRegex(ValidationError, "does not sign"),
                        self.env.cr.savepoint(),
                    ):
                        call()
                    self.env.invalidate_all()
                self.assertNotIn(pair[1], roles_of(user))

    def test_allowed(self):
        self.company.sudo().saas_four_eyes = "strict"
        for roles in (
            ("manager", "reviewer"),
            ("auditor", "approver"),
            ("reviewer", "privacy"),
        ):
            self.assertLessEqual(set(roles), roles_of(self._make_user(*roles)))

    def test_elsewhere_it_is_said(self):
        user = self._make_user("manager", "approver")
        for mode in ("off", "from_amount"):
            self.company.sudo().saas_four_eyes = mode
            board = self.env["saas.metrics.board"].with_user(user)
            page = board.with_context(allowed_company_ids=self.company.ids).get_home()
            tiles = {
                tile["name"]: tile
                for section in page["sections"]
                for tile in section["tiles"]
            }
            self.assertIn(user.name, tiles["two_duties"]["note"])
            self.assertEqual("four_eyes_off" in tiles, mode == "off")
        with self.assertRaises(ValidationError):
            self.company.sudo().saas_four_eyes = "strict"

    def test_joining_a_strict_company(self):
        user = self._make_user("manager", "approver")
        strict = self.env["res.company"].create({"name": "Strict"})
        strict.saas_four_eyes = "strict"
        with self.assertRaises(ValidationError):
            user.company_ids |= strict

    def test_new_companies_and_the_administrator(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertEqual(company.saas_four_eyes, "from_amount")
        for name in ("base.user_admin", "base.user_root"):
            roles = roles_of(self.env.ref(name))
            self.assertLessEqual({"manager", "reviewer"}, roles)
            self.assertNotIn("approver", roles)

    def test_nobody_writes_it_by_hand(self):
        user = new_test_user(self.env, "settings", groups="base.group_system")
        company = self.company.with_user(user)
        company.write({"name": "Renamed"})
        for call in (
            lambda: company.write({"saas_four_eyes": "off"}),
            lambda: company.create({"name": "x", "saas_four_eyes": "off"}),
            lambda: company.with_context(default_saas_four_eyes="off").create(
                {"name": "x"}
            ),
        ):
            with self.assertRaises(AccessError):
                call()
