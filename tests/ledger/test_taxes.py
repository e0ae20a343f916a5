"""How a source's taxes become Odoo's: by mapping, by default, or not.

Covers adapters/stripe/catalogue/tax_rate, adapters/stripe/documents/line_tax,
handlers/catalogue/tax_rate, handlers/documents/document and ledger/tax/match.
"""

from odoo import Command
from odoo.tests import tagged

from ..support import stripe_fixtures
from .tax_common import TaxCommon


@tagged("post_install", "-at_install")
class TestTaxes(TaxCommon):
    def test_rate_is_kept_as_the_newest_snapshot_says(self):
        newer = self._rate(created=60, display_name="New", active=False)
        self.deliver(newer, self._rate(display_name="Old"))
        rate = self.env["saas.tax.rate"].with_context(active_test=False).search([])
        self.assertEqual((rate.name, rate.active), ("New", False))
        self.assertEqual(rate.display_name, "New 7.25 % (txr_new)")
        self.assertEqual((rate.country_code, rate.state_code), ("US", "CA"))

    def test_flat_amount_is_no_percentage(self):
        self.deliver(
            self._rate(
                rate_type="flat_amount",
                percentage=0,
                effective_percentage=None,
                flat_amount={"amount": 27, "currency": "usd"},
            )
        )
        self.assertFalse(self.env["saas.tax.rate"].search([]).has_percentage)
        self._rules({"percentage": "0"})
        event = self.deliver(self._invoice(("txr_new", 27, "standard_rated")))
        self.assertState(event, "quarantined", "unmapped_tax")

    def test_reverse_charge_leaves_the_rate_s_mapping_alone(self):
        """Customers with and without it are charged by the same rate."""
        self._rules({"reason": "reverse_charge", "tax_id": self.vat_0.id})
        for number, taxes, exempt in (
            (1, (("txr_vat19", 0, "reverse_charge"),), "none"),
            (2, (("txr_vat19", 0, None),), "reverse"),
            (3, (), "reverse"),
            (4, (("txr_vat19", 0, "not_available"),), "reverse"),
        ):
            with self.subTest(taxes=taxes, exempt=exempt):
                event = self.deliver(
                    self._invoice(*taxes, exempt=exempt, number=number)
                )
                self.assertEqual(self._taxes_of(event), self.vat_0)

    def test_credit_of_a_reverse_charge_tells_no_reason(self):
        """Only its invoice tells the customer's status."""
        self._rules({"reason": "reverse_charge", "tax_id": self.vat_0.id})
        invoice = stripe_fixtures.load("basil", "invoice.finalized-reverse")
        credit = stripe_fixtures.load("basil", "credit_note.created-reverse")
        credit["data"]["object"]["lines"]["data"][0]["taxes"] = [
            {
                "amount": 0,
                "tax_behavior": "exclusive",
                "tax_rate_details": {"tax_rate": "txr_vat19"},
                "taxability_reason": "not_available",
                "taxable_amount": 4000,
                "type": "tax_rate_details",
            }
        ]
        self.assertEqual(self._taxes_of(self.deliver(invoice, credit)), self.vat_0)

    def test_zero_rate_of_one_s_own_needs_a_mapping(self):
        event = self.deliver(self._invoice(("txr_export", 0, "not_available")))
        self.assertState(event, "quarantined", "unmapped_tax")

    def test_reverse_charge_without_rule_asks_for_one(self):
        self.source.default_tax_id = self.vat_19
        event = self.deliver(self._invoice(("txr_vat19", 0, "reverse_charge")))
        self.assertState(event, "quarantined", "unmapped_tax")
        self.assertIn("reverse_charge", event.detail)
        action = event.action_map_tax()
        self.assertEqual(action["res_model"], "saas.tax.rule")
        self.env[action["res_model"]].with_context(**action["context"]).create(
            {"tax_id": self.vat_0.id}
        )
        event.action_retry()
        self.drain()
        self.assertEqual(self._taxes_of(event), self.vat_0)

    def test_zero_by_a_mapping_of_its_own(self):
        self.source.tax_mapping_ids = [
            Command.create({"external_id": "txr_zero", "tax_id": self.vat_0.id})
        ]
        event = self.deliver(self._invoice(("txr_zero", 0, "zero_rated")))
        self.assertEqual(self._taxes_of(event), self.vat_0)

    def test_nothing_due_needs_no_tax_but_takes_one(self):
        for number, (reason, exempt) in enumerate(
            (("not_collecting", "none"), ("customer_exempt", "none"), (None, "exempt"))
        ):
            with self.subTest(reason=reason):
                tax = ("txr_vat19", 0, reason)
                event = self.deliver(
                    self._invoice(tax, exempt=exempt, number=number + 1)
                )
                self.assertFalse(self._taxes_of(event))
        self._rules({"reason": "not_collecting", "tax_id": self.vat_0.id})
        event = self.deliver(self._invoice(("txr_1", 0, "not_collecting"), number=9))
        self.assertEqual(self._taxes_of(event), self.vat_0)

    def test_unmapped_tax_opens_its_mapping(self):
        event = self.deliver(self._invoice(("txr_new", 700, "standard_rated")))
        self.assertState(event, "quarantined", "unmapped_tax")
        action = event.action_map_tax()
        self.assertEqual(action["res_model"], "saas.tax.mapping")
        self.assertEqual(action["context"]["default_external_id"], "txr_new")

    def test_mismatch_shows_both_computations(self):
        self.source.tax_mapping_ids = [
            Command.create({"external_id": "txr_7", "tax_id": self.vat_7.id})
        ]
        event = self.deliver(
            self._invoice(
                ("txr_vat19", 1900, "standard_rated"), ("txr_7", 900, "reduced_rated")
            )
        )
        self.assertState(event, "quarantined", "tax_mismatch")
        # What it waits for is a rate, whatever that is called by now.
        case = self.env["saas.exception"].search([("event_id", "=", event.id)])
        self.assertEqual(case.cause_key, "txr_7")
        self.assertEqual(
            event.figures,
            {
                "currency": "USD",
                "taxes": [
                    {
                        "base": "100.00",
                        "rates": rate,
                        "refs": [rate.split()[0]],
                        "stated": stated,
                        "tax": tax.display_name,
                        "booked": booked,
                        "difference": difference,
                        "allowed": "0.01",
                        "wrong": tax == self.vat_7,
                    }
                    for tax, rate, stated, booked, difference in (
                        (
                            self.vat_19,
                            "txr_vat19 standard_rated",
                            "19.00",
                            "19.00",
                            "0.00",
                        ),
                        (self.vat_7, "txr_7 reduced_rated", "9.00", "7.00", "2.00"),
                    )
                ],
            },
        )
        self.assertIn("2.00", event.figures_html)
        self.assertNotIn("<", event.detail)
        event.action_retry()
        self.assertFalse(event.figures)
