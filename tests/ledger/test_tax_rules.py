"""How a source's taxes become Odoo's by rules: which of them, and what it waits for.

Covers ledger/tax/find.
"""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.taxes import set_up_taxes
from .tax_common import TaxCommon


@tagged("post_install", "-at_install")
class TestTaxRules(TaxCommon):
    def test_first_rule_that_fits(self):
        """By each of the conditions, alone."""
        self.deliver(self._rate())
        country, other = self.env.ref("base.us"), self.env.ref("base.de")
        state = self.env.ref("base.state_us_5")
        for fits, fails in (
            ({"country_id": country.id}, {"country_id": other.id}),
            ({"state_id": state.id}, {"state_id": self.env.ref("base.state_us_1").id}),
            ({"percentage": "7.250"}, {"percentage": "7"}),
            ({"tax_type": "Sales_Tax"}, {"tax_type": "vat"}),
            ({"inclusive": "no"}, {"inclusive": "yes"}),
            ({"reason": "standard_rated"}, {"reason": "reduced_rated"}),
            ({}, {"percentage": "0"}),
        ):
            with self.subTest(fits=fits):
                wrong = {**fails, "tax_id": self.vat_19.id}
                self._rules(wrong, fits, {"tax_id": self.vat_19.id})
                finder = self.env["saas.ledger.tax.find"]
                [fact] = self.env["saas.adapter.stripe"]._normalise(
                    self._invoice(("txr_new", 700, "standard_rated"))
                )
                found = finder._prepare(self.source, [fact]).find(
                    fact.lines[0].taxes[0]
                )
                self.assertEqual(found.tax, self.vat_7)

    def test_mapping_of_the_rate_goes_before_rules(self):
        self._rules({})
        event = self.deliver(self._invoice(("txr_vat19", 1900, "standard_rated")))
        self.assertEqual(self._taxes_of(event), self.vat_19)

    def test_rules_go_before_the_default(self):
        self.source.default_tax_id = self.vat_19
        self._rules({"reason": "reduced_rated"})
        event = self.deliver(self._invoice(("txr_new", 700, "reduced_rated")))
        self.assertEqual(self._taxes_of(event), self.vat_7)
        event = self.deliver(
            self._invoice(("txr_new", 1900, "standard_rated"), number=2)
        )
        self.assertEqual(self._taxes_of(event), self.vat_19)

    def test_event_waits_for_a_rate_that_a_rule_asks_for(self):
        self._rules({"percentage": "7.25"})
        event = self.deliver(self._invoice(("txr_new", 725, "standard_rated")))
        self.assertState(event, "parked")
        self.assertEqual(event.waiting_for, "tax_rate:txr_new")
        self.vat_7.amount = 7.25
        self.deliver(self._rate())
        self.assertEqual(self._taxes_of(event), self.vat_7)

    def test_pulled_rate_frees_it_too(self):
        self._rules({"percentage": "7.25"})
        event = self.deliver(self._invoice(("txr_new", 725, "standard_rated")))
        self.vat_7.amount = 7.25
        rate = self._rate()
        rate.update(id="pulled_txr_new_1", type="pulled.tax_rate")
        self.deliver(rate)
        self.assertEqual(self._taxes_of(event), self.vat_7)

    def test_no_wait_where_an_earlier_rule_decides(self):
        self._rules({"reason": "reduced_rated"}, {"percentage": "7.25"})
        event = self.deliver(self._invoice(("txr_new", 700, "reduced_rated")))
        self.assertEqual(self._taxes_of(event), self.vat_7)

    def test_line_with_the_whole_rate_needs_no_event(self):
        self.source.tax_mapping_ids.unlink()
        self._rules({"percentage": "19", "tax_type": "vat", "tax_id": self.vat_19.id})
        event = self.deliver(stripe_fixtures.load("before", "invoice.finalized"))
        self.assertEqual(self._taxes_of(event), self.vat_19)

    def test_rules_are_checked(self):
        for vals in (
            {"percentage": "seven"},
            {"percentage": "-1"},
            {"percentage": "NaN"},
            {
                "country_id": self.env.ref("base.de").id,
                "state_id": self.env.ref("base.state_us_5").id,
            },
            {"tax_id": self._create_vat(5, price_include_override="tax_included").id},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self._rules(vals)

    def test_no_query_for_each_line(self):
        """However many documents and lines: the rates are read once for a batch."""
        set_up_taxes(self)
        adapter = self.env["saas.adapter.stripe"]
        names = ("invoice.finalized-us_taxes", "invoice.finalized-taxes_mixed")
        facts = [
            fact
            for name in names
            for fact in adapter._normalise(stripe_fixtures.load("basil", name))
        ]
        finder = self.env["saas.ledger.tax.find"]._prepare(self.source, facts)
        with self.assertQueryCount(0):
            for fact in facts:
                for line in fact.lines:
                    for tax in line.taxes:
                        finder.find(tax)
