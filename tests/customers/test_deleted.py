"""A snapshot that says nothing makes nothing up: deleted customers.

Covers handlers/customers/customer.
"""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon

CUSTOMER = stripe_fixtures.object_id("basil", "customer.created")


@tagged("post_install", "-at_install")
class TestDeleted(SaasCommon):
    def _bare(self, customer=CUSTOMER):
        """Return what the API answers for a deleted customer."""
        event = stripe_fixtures.load("basil", "customer.deleted")
        event["id"] = f"pulled_bare_{customer}"
        event["type"] = "pulled.customer"
        event["data"]["object"] = {
            "id": customer,
            "object": "customer",
            "deleted": True,
        }
        return event

    def _tenant(self, customer=CUSTOMER):
        tenants = self.env["saas.tenant"].with_context(active_test=False)
        return tenants.search([("ref", "=", customer)])

    def _choose(self, event, **vals):
        wizard = self.env["saas.customer.choose"].create(
            {"event_ids": event.ids, **vals}
        )
        wizard.action_apply()
        self.drain()

    def test_a_bare_id_makes_no_contact(self):
        charge = self.deliver(stripe_fixtures.load("basil", "charge.succeeded"))
        bare = self.deliver(self._bare())
        self.assertState(charge | bare, "parked")
        self.assertFalse(self._tenant())

    def test_its_invoice_names_it(self):
        """In whatever order they come, the contact is named, and archived."""
        events = [
            self._bare(),
            stripe_fixtures.load("basil", "invoice.finalized"),
            stripe_fixtures.load("basil", "charge.succeeded"),
        ]
        for order in (events, events[::-1], [*events[1:], events[0]]):
            for at_once in (True, False):
                savepoint = self.env.cr.savepoint()
                if at_once:
                    self.deliver(*order)
                else:
                    for event in order:
                        self.deliver(event)
                self.assertState(self.env["saas.subscription.event"].search([]), "done")
                self.assertFalse(self._tenant().active)
                self.assertNotEqual(self._tenant().name, CUSTOMER)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_person_says_who_it_was(self):
        """Also when it has waited for so long that a person was asked."""
        charge = self.deliver(stripe_fixtures.load("basil", "charge.succeeded"))
        bare = self.deliver(self._bare())
        for event in charge | bare:
            event.received_at = fields.Datetime.now() - timedelta(
                hours=self.source.park_hours + 1
            )
        self.env["saas.source"]._cron_sweep()
        self.assertState(charge | bare, "quarantined", "unknown_tenant")
        self.assertTrue(charge.may_choose_customer)
        partner = self.env["res.partner"].create({"name": "Remembered"})
        self._choose(charge, choice="partner", partner_id=partner.id)
        self.assertState(charge | bare, "done")
        self.assertEqual(self._tenant().partner_id, partner)
        self.assertFalse(self._tenant().active)

    def test_a_person_says_it_while_it_waits(self):
        charge = self.deliver(stripe_fixtures.load("basil", "charge.succeeded"))
        bare = self.deliver(self._bare())
        partner = self.env["res.partner"].create({"name": "Remembered"})
        self._choose(bare, choice="partner", partner_id=partner.id)
        self.assertState(charge | bare, "done")
        payment = self.env["account.payment"].search([("saas_source_id", "!=", False)])
        self.assertEqual(payment.partner_id, partner)

    def _customer(self, number):
        event = stripe_fixtures.load(
            "basil",
            "customer.created",
            id=f"cus_{number}",
            tax_ids=None,
            email="same@example.com",
            phone=None,
        )
        event["id"] = f"evt_{number}"
        return event

    def _say_same(self):
        """Say that the two are one customer."""
        proposals = self.env["saas.tenant.proposal"].search([("state", "=", "open")])
        self.assertEqual(len(proposals), 1)
        self.env["saas.proposal.decide"].create(
            {"proposal_ids": proposals.ids}
        ).action_apply()
        self.drain()

    def test_one_of_two_ids_is_deleted(self):
        """The tenant is the other one still; with both gone it is archived."""
        self.deliver(self._customer(1))
        self.deliver(self._customer(2))
        tenant = self._tenant("cus_1")
        self._say_same()
        self.assertState(self.deliver(self._bare("cus_1")), "done")
        self.assertTrue(tenant.active)
        self.assertState(self.deliver(self._bare("cus_2")), "done")
        self.assertFalse(tenant.active)

    def test_the_other_id_comes_after_the_deletion(self):
        self.deliver(self._customer(1))
        self.deliver(self._customer(2))
        tenant = self._tenant("cus_1")
        self.deliver(self._bare("cus_1"))
        self.assertFalse(tenant.active)
        self._say_same()
        self.assertTrue(tenant.active)
