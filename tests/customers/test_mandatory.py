"""What the law wants of a buyer is known, or somebody is told.

Covers handlers/customers/mandatory and handlers/customers/tax_check.
"""

from datetime import date

from odoo.tests import tagged

from ...canonical import facts
from ...canonical.customers.mandatory import find_wanted, has_rules, read_rules
from .facts_common import PAID_AT, FactsCommon


@tagged("post_install", "-at_install")
class TestMandatory(FactsCommon):
    def _set_country(self, code):
        country = self.env.ref(f"base.{code}")
        self.company.account_fiscal_country_id = country

    def _asked(self):
        kind = self.env.ref("saas_billing_sync.mail_activity_mandatory_missing")
        return self.env["mail.activity"].search(
            [("activity_type_id", "=", kind.id), ("res_model", "=", "saas.tenant")]
        )

    def test_the_data_has_a_version_and_sources(self):
        rules = read_rules()
        self.assertRegex(rules["version"], r"^\d{4}-\d{2}-\d{2}$")
        self.assertTrue(rules["note"])
        day = date(2026, 11, 5)
        known = set(self.env["saas.tenant"]._get_legal_values())
        for rule in rules["rules"]:
            self.assertTrue(rule["source"])
            self.assertLessEqual(set(rule["fields"]), known)
        self.assertEqual(
            set(find_wanted("DE", "US", day, set())),
            {"name", "street", "city", "country"},
        )
        self.assertIn("tax_number", find_wanted("DE", "FR", day, {"reverse_charge"}))
        self.assertFalse(find_wanted("US", "DE", day, {"business", "exempt"}))
        self.assertFalse(has_rules("US"))

    def test_a_rule_counts_from_its_day_on(self):
        for day, wanted in ((date(2025, 12, 31), False), (date(2026, 1, 1), True)):
            found = find_wanted("BE", "BE", day, {"business"})
            self.assertEqual("e_invoice_address" in found, wanted)

    def test_a_mirrored_invoice_is_booked_and_somebody_told(self):
        self._set_country("de")
        event = self.tell(self.platform, self.invoice())
        self.assertState(event, "done")
        asked = self._asked()
        self.assertEqual(asked.res_id, self.tenant.id)
        row = self.env["saas.sync.log"].search([("action", "=", "mandatory_missing")])
        self.assertIn("Street (Directive 2006/112/EC", row.detail)
        self.assertIn("City", self.tenant.missing_values)
        address = {"street": "Am Sandtorkai 1", "city": "Hamburg", "country_code": "DE"}
        self.tell(self.platform, self.customer(address=address))
        self.assertFalse(self.tenant.missing_values)
        self.tell(self.platform, self.invoice("I-2"))
        self.assertFalse(self._asked())

    def test_where_nothing_is_wanted_nobody_is_told(self):
        self._set_country("us")
        self.tell(self.platform, self.invoice())
        self.assertFalse(self._asked())
        self.assertFalse(self.tenant.missing_values)

    def test_exempt_and_reverse_charge(self):
        self._set_country("de")
        self.tell(self.platform, self.customer(tax_exempt="exempt"))
        day = date(2026, 11, 5)
        self.assertIn("Reason of the exemption", self.tenant._find_missing(day))
        self.tell(
            self.platform,
            self.customer(version="2", exemption=facts.Exemption(reason="Embassy")),
        )
        self.assertNotIn("Reason of the exemption", self.tenant._find_missing(day))
        self.tell(self.platform, self.customer(version="3", tax_exempt="reverse"))
        self.tenant.partner_id.vat = False
        self.assertIn("Tax number", self.tenant._find_missing(day))


@tagged("post_install", "-at_install")
class TestTaxChecks(FactsCommon):
    """What an authority said of a number is kept as a proof."""

    def test_each_check_is_kept(self):
        self.tell(self.platform, self.customer())
        for ref, result in (("T-1", "unavailable"), ("T-2", "valid")):
            check = facts.TaxCheck(
                external_id=ref,
                customer="C-1",
                value="DE811569869",
                country_code="DE",
                result=result,
                checked_at=PAID_AT,
                authority="VIES",
                proof=f"WAPI-{ref}",
            )
            for _time in range(2):
                self.assertState(self.tell(self.platform, check), "done")
        checks = self.tenant.tax_check_ids
        self.assertEqual(set(checks.mapped("result")), {"unavailable", "valid"})
        self.assertEqual(set(checks.mapped("proof")), {"WAPI-T-1", "WAPI-T-2"})
