"""What corrections come to can be posted.

Covers ledger/documents/correction.
"""

from decimal import Decimal

from odoo.tests import TransactionCase, tagged

from ...canonical.item import Item
from ...canonical.kinds import Kind
from ..support.common import SaasCommon
from ..support.stripe_fixtures import load


@tagged("post_install", "-at_install")
class TestParts(TransactionCase):
    def test_no_part_has_two_signs(self):
        """What rounding leaves on a small part goes to the largest one: no journal item
        may have a debit in one currency and a credit in the other.
        """
        small, large = ("tax", 1), ("net", 1, False, ())
        odd = {small: (Decimal("0.005"), Decimal("-0.01"))}
        added = self.env["saas.ledger.documents.correction"]._add_up
        self.assertEqual(added((1, odd)), {small: (Decimal("0.005"), 0)})
        for sign in (1, -1):
            found = added((sign, {**odd, large: (Decimal(10), Decimal("32.50"))}))
            self.assertEqual(
                found,
                {
                    small: (sign * Decimal("0.005"), 0),
                    large: (sign * 10, sign * Decimal("32.49")),
                },
            )


@tagged("post_install", "-at_install")
class TestCents(SaasCommon):
    def test_a_tax_of_nothing_is_no_cent(self):
        """Seven percent of 0.06 EUR are nothing, but 0.01 USD by Odoo's rounding, which
        no part states: 0.08 and 8.08 and 1.54 are 9.70 USD.
        """
        event = self.deliver(load("basil", "invoice.finalized-eur"))
        self.assertState(event, "done")
        invoice = self.env["account.move"].search([("saas_source_id", "!=", False)])
        vat_7 = self._create_vat(7)
        account = self.source.bad_debt_account_id.id
        parts = {
            ("net", account, False, (vat_7.id,)): ("-0.06", "-0.08"),
            ("net", account, False, (self.vat_19.id,)): ("-6.46", "-8.08"),
            ("tax", self.vat_19.id): ("-1.23", "-1.54"),
        }
        item = Item(event, None)
        item.tenant = invoice.saas_tenant_id
        corrections = self.env["saas.ledger.documents.correction"]
        document = corrections._prepare(
            item,
            Kind.INVOICE_WRITE_OFF_REVERSAL,
            "in_moved",
            invoice,
            invoice.date,
            {key: tuple(map(Decimal, pair)) for key, pair in parts.items()},
            {},
        )
        move = corrections._post(self.source, [document])
        self.assertEqual(
            [x for x in self.journal_items(move) if "+0.00" not in x],
            [
                "AR +9.70 (+7.75 EUR) open +7.75",
                "TAX -1.54 (-1.23 EUR)",
                "BAD -8.08 (-6.46 EUR) {19% VAT}",
                "BAD -0.08 (-0.06 EUR) {7% VAT}",
            ],
        )
