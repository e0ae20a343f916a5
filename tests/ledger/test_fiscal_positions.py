"""The fiscal positions that a drain looks up once are those that Odoo looks up for each
move.

Covers models/odoo/account_fiscal_position.
"""

from odoo.tests import tagged

from ...canonical.marks import PIPELINE
from ..support.books import Undo
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestFiscalPositions(SaasCommon):
    def setUp(self):
        super().setUp()
        self.positions = self.env["account.fiscal.position"].with_company(self.company)
        self.abroad, self.traders = (
            self.positions.create(
                {"name": name, "auto_apply": True, "sequence": number, **vals}
            )
            for number, (name, vals) in enumerate(
                (
                    ("Canada", {"country_id": self.env.ref("base.ca").id}),
                    ("With a number", {"vat_required": True}),
                )
            )
        )
        self.partners = self.env["res.partner"].create(
            [
                {"name": name, **vals}
                for name, vals in (
                    ("Nowhere", {}),
                    ("Ottawa", {"country_id": self.env.ref("base.ca").id}),
                    ("Boston", {"country_id": self.env.ref("base.us").id}),
                    (
                        "Paris",
                        {
                            "country_id": self.env.ref("base.fr").id,
                            "vat": "FR23334175221",
                        },
                    ),
                )
            ]
        )

    def _find(self, positions):
        return [positions._get_fiscal_position(partner) for partner in self.partners]

    def test_a_drain_finds_what_odoo_finds(self):
        expected = self._find(self.positions)
        self.assertEqual(expected[1], self.abroad)
        self.assertEqual(expected[3], self.traders)
        drained = self.positions.with_context(**PIPELINE.in_context())
        self.assertEqual(self._find(drained), expected)
        before = self.env.cr.sql_log_count
        self.assertEqual(self._find(drained), expected)
        self.assertEqual(self.env.cr.sql_log_count, before)

    def test_what_is_undone_is_forgotten(self):
        drained = self.positions.with_context(**PIPELINE.in_context())
        with self.assertRaises(Undo), self.env.cr.savepoint():
            self.abroad.auto_apply = False
            self.assertNotEqual(self._find(drained)[1], self.abroad)
            raise Undo
        self.assertEqual(self._find(drained)[1], self.abroad)
