"""How a source's taxes become Odoo's: by mapping, by rule, by default, or not."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from . import stripe_fixtures
from .common import SaasCommon
from .taxes import set_up_taxes


@tagged("post_install", "-at_install")
class TestTaxes(SaasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat_7 = cls._create_vat(7)
        cls.vat_0 = cls._create_vat(0)

    def _invoice(self, *taxes, exempt="none", number=1):
        """Return an invoice over 100.00; ``taxes`` are tuples of a rate's id, what it
        charges and why.
        """
        event = stripe_fixtures.load(
            "basil",
            "invoice.finalized",
            id=f"in_{number}",
            customer_tax_exempt=exempt,
            total=10000 + sum(tax[1] for tax in taxes),
        )
        event["id"] = f"evt_{number}"
        line = event["data"]["object"]["lines"]["data"][0]
        line["taxes"] = [
            {
                "amount": amount,
                "tax_behavior": "exclusive",
                "tax_rate_details": {"tax_rate": rate} if rate else None,
                "taxability_reason": reason,
                "taxable_amount": 10000,
                "type": "tax_rate_details",
            }
            for rate, amount, reason in taxes
        ]
        return event

    def _rate(self, rate="txr_new", created=0, **changes):
        event = stripe_fixtures.load(
            "basil", "tax_rate.created-state", id=rate, **changes
        )
        event["id"] = f"evt_{rate}_{created}"
        event["created"] += created
        return event

    def _rules(self, *vals_list):
        self.source.tax_rule_ids = [
            Command.clear(),
            *(
                Command.create({"sequence": number, "tax_id": self.vat_7.id, **vals})
                for number, vals in enumerate(vals_list)
            ),
        ]

    def _taxes_of(self, event):
        self.assertState(event, "done")
        move = self.env["account.move"].search(
            [("saas_source_id", "=", self.source.id)], order="id desc", limit=1
        )
        return move.invoice_line_ids.tax_ids

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
        self.assertEqual(
            event.figures,
            {
                "currency": "USD",
                "taxes": [
                    {
                        "base": "100.00",
                        "rates": rate,
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
