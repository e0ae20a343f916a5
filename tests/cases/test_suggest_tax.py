"""Which Odoo tax a tax of the source likely is, how that is known, what comes of it.

Covers review/catalogue/suggest_tax and wizards/catalogue/saas_tax_map.
"""

from odoo import Command
from odoo.tests import tagged

from ...canonical.review.suggestions import LIKELY, POSSIBLE, SURE
from ..review.deciding import load
from .suggesting import SuggestCommon


@tagged("post_install", "-at_install")
class TestSuggestTax(SuggestCommon):
    def _tax(self, event):
        answer = self.answer(event)
        tax = answer.values.get("tax_id")
        return self.env["account.tax"].browse(tax or []), answer

    def _unmapped(self, name="invoice.finalized", **changes):
        self.source.tax_mapping_ids.filtered(
            lambda mapping: mapping.external_id == "txr_vat19"
        ).unlink()
        event = self.deliver(load(name, **changes))
        self.assertState(event, "quarantined", "unmapped_tax")
        return event

    def test_the_percentage_and_the_country(self):
        self._create_vat(7)
        germany = self.env.ref("base.de")
        group = self.env["account.tax.group"].create(
            {"name": "VAT", "company_id": self.company.id, "country_id": germany.id}
        )
        abroad = self._create_vat(
            19, name="19% abroad", country_id=germany.id, tax_group_id=group.id
        )
        self.source.tax_mapping_ids.unlink()
        self.env["saas.tax.rate"].create(
            {
                "source_id": self.source.id,
                "external_id": "txr_vat19",
                "name": "MwSt",
                "has_percentage": True,
                "percentage": 19,
                "country_code": "DE",
            }
        )
        tax, answer = self._tax(self._unmapped())
        self.assertEqual((tax, answer.confidence), (abroad, LIKELY))
        self.assertIn("19 %", answer.why)

    def test_what_rates_as_high_are_mapped_to(self):
        twin = self._create_vat(19, name="19% twin")
        self.source.tax_mapping_ids.unlink()
        rates = self.env["saas.tax.rate"]
        for ref in ("txr_vat19", "txr_old"):
            rates.create(
                {
                    "source_id": self.source.id,
                    "external_id": ref,
                    "name": ref,
                    "has_percentage": True,
                    "percentage": 19,
                }
            )
        self.source.tax_mapping_ids = [
            Command.create({"external_id": "txr_old", "tax_id": twin.id})
        ]
        tax, answer = self._tax(self._unmapped())
        self.assertEqual((tax, answer.confidence), (twin, SURE))

    def test_what_the_line_comes_to(self):
        """No catalogue told of the rate: 19.00 of 100.00 is 19 %."""
        tax, answer = self._tax(self._unmapped())
        self.assertEqual(tax, self.vat_19)
        self.apply(self.env["saas.subscription.event"].search([], limit=1))
        self.assertIn("TAX -19.00", self.books())

    def test_a_tax_in_the_price_is_none(self):
        self.vat_19.price_include_override = "tax_included"
        self.assertFalse(self._tax(self._unmapped())[0])

    def test_nothing_charged_for_a_reason(self):
        """By a rule of another source, by its name, and never by a tax that charges."""
        others = [("company_id", "=", self.company.id), ("id", "!=", self.vat_19.id)]
        self.env["account.tax"].search(others).active = False
        event = self.deliver(load("invoice.finalized-reverse"))
        self.assertState(event, "quarantined", "unmapped_tax")
        self.assertFalse(self._tax(event)[0])
        exempt = self._create_vat(0, name="Exempt")
        tax, answer = self._tax(event)
        self.assertEqual((tax, answer.confidence), (exempt, POSSIBLE))
        reverse = self._create_vat(0, name="Reverse Charge 0%")
        tax, answer = self._tax(event)
        self.assertEqual((tax, answer.confidence), (reverse, LIKELY))
        other = self.second("Other")
        other.tax_rule_ids = [
            Command.create({"reason": "reverse_charge", "tax_id": exempt.id})
        ]
        tax, answer = self._tax(event)
        self.assertEqual((tax, answer.confidence), (exempt, SURE))
        self.apply(event)
        self.assertState(event, "done")
        self.assertEqual(self.source.tax_rule_ids.reason, "reverse_charge")
        self.assertIn("REV -100.00 {Exempt}", self.books())

    def test_the_tax_that_gives_the_stated_amount(self):
        event = self._make_tax_mismatch()
        tax, answer = self._tax(event)
        self.assertEqual(tax, self.vat_19)
        self.assertIn("gives the amount", answer.why)
        self.apply(event)
        self.assertState(event, "done")
        rates = self.source.tax_mapping_ids
        by_rate = {mapping.external_id: mapping.tax_id.amount for mapping in rates}
        self.assertEqual(by_rate, {"txr_vat19": 19, "txr_vat19incl": 7})

    def test_no_tax_gives_it(self):
        self.vat_19.amount = 18
        event = self._make_tax_mismatch()
        self.assertFalse(self._tax(event)[0])
