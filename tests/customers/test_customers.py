"""Who a customer is, at a source that takes the one contact with the same e-mail.

Covers handlers/customers/customer and handlers/customers/partner_matcher.
"""

import itertools

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestCustomers(SaasCommon):
    _serial = itertools.count()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source.match_policy = "email"

    def _customer(self, number=1, **changes):
        vals = {"tax_ids": None, "email": None, "phone": None, **changes}
        event = stripe_fixtures.load(
            "basil", "customer.created", id=f"cus_{number}", **vals
        )
        event["id"] = (
            f"evt_{number}_{len(self.env['saas.subscription.event'].search([]))}"
        )
        return event

    def _tenant(self, number=1):
        return self.env["saas.tenant"].search([("ref", "=", f"cus_{number}")])

    def _partner(self, **vals):
        return self.env["res.partner"].create(
            {"name": "Known", "company_id": self.company.id, **vals}
        )

    def test_new_customer_is_created_in_the_source_s_company(self):
        self.assertState(self.deliver(self._customer(email="new@example.com")), "done")
        tenant = self._tenant()
        self.assertEqual(tenant.company_id, self.company)
        self.assertEqual(tenant.partner_id.company_id, self.company)
        self.assertEqual(tenant.partner_id.email, "new@example.com")

    def test_match_by_vat_however_it_is_written(self):
        partner = self._partner(vat="DE 811.569.869")
        tax_ids = {"data": [{"type": "eu_vat", "value": "DE811569869"}]}
        self.deliver(self._customer(tax_ids=tax_ids))
        self.assertEqual(self._tenant().partner_id, partner)

    def test_match_by_email_whatever_its_case(self):
        partner = self._partner(email="Someone@Example.com")
        self.deliver(self._customer(email="someone@example.COM"))
        self.assertEqual(self._tenant().partner_id, partner)

    def test_phone_in_e164_only_proposes(self):
        germany = self.env.ref("base.de")
        partner = self._partner(phone="(040) 300 512-34", country_id=germany.id)
        self.deliver(self._customer(phone="+49 40 30051234"))
        self.assertNotEqual(self._tenant().partner_id, partner)
        self.assertEqual(self._tenant().proposal_ids.partner_id, partner)

    def test_a_person_at_a_company_stands_for_the_company(self):
        firm = self._partner(is_company=True)
        self._partner(parent_id=firm.id, email="buyer@example.com")
        self.deliver(self._customer(email="buyer@example.com"))
        self.assertEqual(self._tenant().partner_id, firm)

    def test_two_matches_are_proposed_and_stop_nothing(self):
        one = self._partner(email="a@example.com")
        two = self._partner(email="a@example.com")
        self.assertState(self.deliver(self._customer(email="a@example.com")), "done")
        self.assertNotIn(self._tenant().partner_id, one | two)
        self.assertEqual(self._tenant().proposal_ids.partner_id, one | two)

    def test_contact_of_another_company_is_never_matched(self):
        other = self.env["res.company"].create({"name": "Other"})
        partner = self._partner(email="x@example.com", company_id=other.id)
        self.deliver(self._customer(email="x@example.com"))
        self.assertNotEqual(self._tenant().partner_id, partner)

    def test_two_customers_of_one_source_are_never_merged(self):
        """The source says they are two; also when both come in one batch."""
        one = self._customer(1, email="same@example.com")
        two = self._customer(2, email="same@example.com")
        two["id"] = "evt_two"
        self.deliver(one)
        self.deliver(two)
        three = self._customer(3, email="both@example.com")
        four = self._customer(4, email="both@example.com")
        four["id"] = "evt_four"
        self.deliver(three, four)
        tenants = [self._tenant(number) for number in range(1, 5)]
        self.assertEqual(len({tenant.partner_id for tenant in tenants}), 4)

    def test_what_an_accountant_edited_is_kept(self):
        self.deliver(self._customer(name="Old name", email="old@example.com"))
        partner = self._tenant().partner_id
        partner.email = "accounts@example.com"
        update = self._customer(name="New name", email="new@example.com")
        update["created"] += 60
        update["type"] = "customer.updated"
        self.deliver(update)
        self.assertEqual(partner.name, "New name")
        self.assertEqual(partner.email, "accounts@example.com")
        log = self.env["saas.sync.log"].search([("action", "=", "tenant_updated")])
        self.assertIn("email", " ".join(filter(None, log.mapped("detail"))))

    def test_a_matched_contact_keeps_what_it_has(self):
        partner = self._partner(email="a@example.com", city="Bremen")
        self.deliver(self._customer(email="a@example.com"))
        self.assertEqual(partner.name, "Known")
        self.assertEqual(partner.city, "Bremen")
        self.assertTrue(partner.street, "what was empty is filled")

    def test_deleted_customer_is_archived_for_good(self):
        event = self._customer(email="a@example.com")
        deletion = {**event, "id": "evt_deleted", "type": "customer.deleted"}
        later = {**event, "id": "evt_later", "type": "customer.updated"}
        later["created"] += 600
        self.deliver(event, deletion, later)
        tenant = self.env["saas.tenant"].with_context(active_test=False)
        tenant = tenant.search([("ref", "=", "cus_1")])
        self.assertFalse(tenant.active)
        self.assertTrue(tenant.partner_id.active)
