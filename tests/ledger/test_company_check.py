"""Companies that are checked once for a batch are checked as Odoo does one by one."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...canonical.marks import PIPELINE
from ...models.odoo.documents import company_check
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestCompanyCheck(SaasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company(name="Somebody Else's")
        cls.moves = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": "2026-04-01",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": cls.product_a.id,
                                "price_unit": 10 + number,
                                "tax_ids": [Command.set(cls.vat_19.ids)],
                            }
                        )
                        for number in range(2)
                    ],
                }
                for partner in (cls.partner_a, cls.partner_b)
            ]
        )

    def test_what_is_right_is_not_asked_one_by_one(self):
        for records in (self.moves, self.moves.line_ids):
            self.assertTrue(company_check._is_consistent(records, None))
            self._check(records)

    def test_what_is_wrong_is_refused_in_odoo_s_words(self):
        """Links of every kind to another company: of the second document alone, to an
        archived record too.
        """
        line = self.moves[1].invoice_line_ids[1]
        accounts, journals = (
            self.other["default_account_revenue"],
            self.other["default_journal_sale"],
        )
        tax = self.other["default_tax_sale"]
        partner = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": self.other["company"].id}
        )
        for record, field, value in (
            (line, "account_id", accounts),
            (line, "tax_ids", tax),
            (self.moves[1], "journal_id", journals),
            (self.moves[1], "partner_id", partner),
        ):
            for is_archived in (False, True):
                with self.subTest(field=field, is_archived=is_archived):
                    value.sudo().active = not is_archived
                    self._check_refused(record, field, value)
            value.sudo().active = True

    def test_fields_that_are_named(self):
        """Only what was written is checked, as Odoo does."""
        line = self.moves[1].invoice_line_ids[1]
        with self.env.protecting([line._fields["account_id"]], line):
            line.account_id = self.other["default_account_revenue"]
        lines = self.moves.line_ids
        self.assertTrue(company_check._is_consistent(lines, ["tax_ids"]))
        self.assertFalse(company_check._is_consistent(lines, ["account_id"]))
        self.assertFalse(company_check._is_consistent(lines, ["company_id"]))

    def _check_refused(self, record, field, value):
        """Link a record as no form lets anybody do; hold both checks to one answer."""
        is_line = record._name == "account.move.line"
        records = self.moves.line_ids if is_line else self.moves
        before = record[field]
        with self.env.protecting([record._fields[field]], record):
            record[field] = value
            with self.assertRaises(UserError) as one_by_one:
                records._check_company([field])
            with self.assertRaises(UserError) as together:
                self._check(records, [field])
            record[field] = before
        self.assertEqual(str(together.exception), str(one_by_one.exception))

    def _check(self, records, names=None):
        records.with_context(**PIPELINE.in_context())._check_company(names)
