"""Mandates are mirrored: their newest state, whatever order it comes in.

Covers handlers/payments/mandate and handlers/customers/listed_numbers.
"""

import itertools
from datetime import date

from odoo.tests import tagged

from ...canonical import facts
from ..customers.facts_common import FactsCommon


@tagged("post_install", "-at_install")
class TestMandates(FactsCommon):
    def _mandate(self, state, version, **vals):
        return facts.Mandate(
            external_id="M-1", customer="C-1", state=state, version=version, **vals
        )

    @property
    def mandate(self):
        return self.env["saas.mandate"].search([])

    def test_a_mandate_is_stored_with_its_tenant(self):
        self.tell(self.platform, self.customer())
        told = self._mandate(
            "active",
            "1",
            scheme="sepa_core",
            reference="FJORD-1",
            next_collection_on=date(2026, 11, 20),
        )
        self.assertState(self.tell(self.platform, told), "done")
        mandate = self.mandate
        self.assertEqual(mandate.tenant_id, self.tenant)
        self.assertEqual(mandate.tenant_id.mandate_ids, mandate)
        self.assertEqual(
            (mandate.state, mandate.scheme, mandate.reference),
            ("active", "sepa_core", "FJORD-1"),
        )
        self.assertEqual(mandate.next_collection_on, date(2026, 11, 20))
        self.assertFalse(self.env["account.move"].search([]))

    def test_the_newest_state_counts_in_any_order(self):
        """One may come back to life, so no state is the last one for good."""
        self.tell(self.platform, self.customer())
        told = [("pending", "1"), ("active", "2"), ("cancelled", "3"), ("active", "4")]
        for order in itertools.permutations(told):
            with self.env.cr.savepoint(flush=True) as savepoint:
                for state, version in (*order, order[0]):
                    self.tell(self.platform, self._mandate(state, version))
                self.assertEqual(self.mandate.state, "active")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_without_versions_the_rank_counts(self):
        self.tell(self.platform, self.customer())
        for state in ("active", "pending", "submitted"):
            self.tell(self.platform, self._mandate(state, ""))
        self.assertEqual(self.mandate.state, "active")

    def test_a_state_that_is_not_known_changes_nothing(self):
        self.tell(self.platform, self.customer())
        self.tell(self.platform, self._mandate("active", "1"))
        self.tell(self.platform, self._mandate(None, "2", reference="R"))
        self.assertEqual((self.mandate.state, self.mandate.reference), ("active", "R"))

    def test_it_waits_for_its_customer(self):
        event = self.tell(self.platform, self._mandate("active", "1"))
        self.assertState(event, "parked")
        self.tell(self.platform, self.customer())
        self.drain()
        self.assertState(event, "done")


@tagged("post_install", "-at_install")
class TestListedNumbers(FactsCommon):
    """A customer's own snapshot may list tax numbers of several countries."""

    def _number(self, country, value, **vals):
        return facts.TaxNumber(country_code=country, value=value, **vals)

    def _tell(self, version, *numbers):
        self.tell(
            self.platform,
            self.customer(version=version, vat_numbers=(), tax_numbers=numbers),
        )

    def test_all_are_kept_and_the_best_is_printed(self):
        german = self._number("DE", "DE811569869", is_eu=True)
        swiss = self._number("CH", "CHE123456788MWST")
        self._tell("1", german, swiss)
        numbers = self.env["saas.tax.id"].search([])
        self.assertEqual(set(numbers.mapped("country_code")), {"DE", "CH"})
        self.assertEqual(numbers.tenant_id, self.tenant)
        self.assertEqual(self.tenant.partner_id.vat, "DE811569869")
        self._tell("2", swiss)
        self.assertEqual(self.env["saas.tax.id"].search([]).country_code, "CH")
        self.assertEqual(self.tenant.partner_id.vat, "CHE123456788MWST")

    def test_they_come_out_the_same_in_any_order(self):
        german, swiss = self._number("DE", "DE811569869"), self._number("CH", "CHE1")
        told = [("1", german), ("2", german, swiss), ("3", swiss)]
        for order in itertools.permutations(told):
            with self.env.cr.savepoint(flush=True) as savepoint:
                for version, *numbers in order:
                    self._tell(version, *numbers)
                self.assertEqual(self.env["saas.tax.id"].search([]).value, "CHE1")
                self.assertEqual(self.tenant.partner_id.vat, "CHE1")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_what_is_not_told_changes_nothing(self):
        self._tell("1", self._number("DE", "DE811569869"))
        self.tell(self.platform, self.customer(version="2", vat_numbers=()))
        self.assertEqual(self.env["saas.tax.id"].search([]).value, "DE811569869")
