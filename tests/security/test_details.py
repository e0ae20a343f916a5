"""Details are shown in lists and kept in the log for good: no persons, and nothing of
another company.
"""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...pipeline import refusal
from ..support import stripe_fixtures
from ..support.common import SaasCommon

_NAME = "Geheim Verwaltung"


@tagged("post_install", "-at_install")
class TestDetails(SaasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Geheim Holding"})
        cls.customer = stripe_fixtures.load("basil", "customer.created")

    def _texts(self, event):
        """Return all that people and the log are told of an event."""
        return " ".join(
            [
                event.detail or "",
                event.trace or "",
                *(log.detail or "" for log in event.log_ids),
                *event.source_id.activity_ids.mapped("summary"),
            ]
        )

    def test_contact_of_another_company(self):
        """Odoo refuses such a document, and quotes the contact."""
        self.deliver(self.customer)
        tenant = self.env["saas.tenant"].search([])
        tenant.partner_id.write(
            {"company_id": self.other_company.id, "name": _NAME, "email": False}
        )
        event = self.deliver(stripe_fixtures.load("basil", "invoice.finalized"))
        self.assertState(event, "quarantined", "posting_failed")
        self.assertNotIn("geheim", self._texts(event).lower())
        self.assertIn(self.customer["data"]["object"]["id"], event.detail)
        self.assertIn("another company", event.detail)
        tenant.partner_id.company_id = self.company
        event.action_retry()
        self.drain()
        self.assertState(event, "done")

    def test_contact_below_one_of_another_company(self):
        """What a contact belongs to says whose it is, not the contact alone."""
        parent = self.env["res.partner"].create(
            {"name": _NAME, "is_company": True, "company_id": self.other_company.id}
        )
        child = self.env["res.partner"].create(
            {
                "name": "Shared",
                "parent_id": parent.id,
                "email": self.customer["data"]["object"]["email"],
            }
        )
        child.company_id = False
        event = self.deliver(self.customer)
        self.assertState(event, "done")
        tenant = self.env["saas.tenant"].search([])
        self.assertNotIn(tenant.partner_id, parent | child)
        self.assertEqual(tenant.partner_id.company_id, self.company)
        self.assertNotIn("geheim", self._texts(event).lower())

    def test_odoo_s_own_words(self):
        """They stay, without who they are about."""
        self.deliver(self.customer)
        event = self.deliver(stripe_fixtures.load("basil", "invoice.finalized"))
        [fact] = [
            fact
            for fact in self.source._get_adapter()._normalise(
                stripe_fixtures.load("basil", "invoice.finalized")
            )
            if fact.customer
        ]
        tenant = self.env["saas.tenant"].search([])
        tenant.partner_id.write({"name": "Erika Renamed", "phone": "+49 30 1234567"})
        error = ValidationError(
            "The account 4000 is archived. Erika Renamed (+49 30 1234567, "
            f"{fact.party.email}, somebody@else.example) can't be invoiced by it."
        )
        text = refusal.describe(self.env, error, event, fact)
        self.assertIn("The account 4000 is archived.", text)
        for personal in ("Erika", "1234567", fact.party.email, "somebody"):
            self.assertNotIn(personal, text)

    def test_long_words(self):
        event = self.deliver(self.customer)
        text = refusal.describe(self.env, UserError("x" * 10000), event)
        self.assertEqual(len(text), 500)

    def test_rows_that_the_database_prints(self):
        event = self.deliver(self.customer)
        name = self.customer["data"]["object"]["name"]
        try:
            raise ValueError(f"it fails for {name}\nDETAIL:  Failing row: (1, Geheim)")
        except ValueError as error:
            text = refusal.trace(self.env, error, event)
        self.assertIn("it fails for", text)
        self.assertNotIn(name, text)
        self.assertNotIn("Geheim)", text.split("it fails for")[-1])
