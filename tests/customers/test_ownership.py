"""Who owns what: the owner's later value counts, whatever comes when.

Covers handlers/customers/field_owner and handlers/customers/tax_id.
"""

import itertools
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...canonical.border.ownership import PARTS, Part
from ...canonical.facts import Exemption
from .ownership_common import OwnershipCommon


@tagged("post_install", "-at_install")
class TestOwnedFields(OwnershipCommon):
    """Fields of a customer go by their owners."""

    def test_one_source_owns_all(self):
        self.gateway.unlink()
        rules = self.env["saas.ownership"]._read_rules(self.company)
        self.assertTrue(rules.is_plain)

    def test_the_owner_s_later_version_counts_in_any_order(self):
        self.own(self.platform, "customer")
        told = [
            (self.platform, {"version": "1", "email": "old@fjord.example"}),
            (self.platform, {"version": "3", "email": "new@fjord.example"}),
            (self.gateway, {"version": "9", "email": "gate@fjord.example"}),
            (self.gateway, {"version": "8", "phone": "+49 40 30051234"}),
        ]
        found = set()
        for order in itertools.permutations(told):
            with self.env.cr.savepoint(flush=True) as savepoint:
                self._meet()
                for source, vals in order:
                    self.tell(source, self.customer(**vals))
                partner = self.tenant.partner_id
                found.add((partner.email, partner.phone))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(found, {("new@fjord.example", False)})

    def test_empty_fields_are_filled_and_given_back(self):
        self.own(self.platform, "customer", "email")
        self._meet()
        event = self.tell(self.gateway, self.customer(email="gate@fjord.example"))
        self.assertState(event, "done")
        self.assertEqual(self.tenant.partner_id.email, "gate@fjord.example")
        self.tell(self.platform, self.customer(email="own@fjord.example"))
        self.assertEqual(self.tenant.partner_id.email, "own@fjord.example")
        self.tell(self.platform, self.customer(version="2", email=""))
        self.assertEqual(self.tenant.partner_id.email, "gate@fjord.example")

    def test_what_is_not_heeded_fills_nothing(self):
        self.own(self.gateway, "customer", rule="ignored")
        self._meet()
        event = self.tell(self.gateway, self.customer(email="gate@fjord.example"))
        self.assertState(event, "done")
        self.assertFalse(self.tenant.partner_id.email)

    def test_odoo_owns_what_no_source_may_change(self):
        self.own(None, "customer", "address")
        self._meet()
        self.tenant.partner_id.city = "Kiel"
        address = {"city": "Hamburg", "country_code": "DE"}
        event = self.tell(self.platform, self.customer(address=address))
        self.assertState(event, "ignored", "not_owner")
        self.assertEqual(self.tenant.partner_id.city, "Kiel")

    def test_what_is_edited_in_odoo_stays(self):
        self.own(self.platform, "customer")
        self._meet()
        self.tell(self.platform, self.customer(email="own@fjord.example"))
        self.tenant.partner_id.email = "typed@fjord.example"
        self.tell(self.platform, self.customer(version="2", email="x@fjord.example"))
        self.assertEqual(self.tenant.partner_id.email, "typed@fjord.example")

    def test_a_part_goes_before_the_whole(self):
        self.own(self.platform, "customer")
        self.own(self.gateway, "customer", "email")
        self._meet()
        self.tell(self.gateway, self.customer(email="gate@fjord.example", phone="1"))
        self.tell(self.platform, self.customer(email="own@fjord.example", phone="2"))
        partner = self.tenant.partner_id
        self.assertEqual((partner.email, partner.phone), ("gate@fjord.example", "2"))

    def test_legal_values_are_owned_and_kept(self):
        self._meet()
        self.env["res.lang"]._activate_lang("de_DE")
        self.tell(
            self.platform,
            self.customer(
                exemption=Exemption(
                    reason="Resale", certificate="R-7", ends_on=date(2027, 6, 30)
                ),
                e_invoice_address="0204:991-1",
                language="de",
                residency_region="EU",
                registration_number="HRB 1",
            ),
        )
        tenant, partner = self.tenant, self.tenant.partner_id
        self.assertEqual(tenant.exemption_reason, "Resale")
        self.assertEqual(tenant.exemption_certificate, "R-7")
        self.assertEqual(tenant.exemption_ends_on, date(2027, 6, 30))
        self.assertEqual(tenant.e_invoice_address, "0204:991-1")
        self.assertEqual((tenant.language, partner.lang), ("de", "de_DE"))
        self.assertEqual(tenant.residency_region, "EU")
        self.assertEqual(partner.company_registry, "HRB 1")
        # What a later snapshot doesn't tell stays.
        self.tell(self.platform, self.customer(version="2"))
        self.assertEqual(self.tenant.exemption_reason, "Resale")

    def test_every_field_has_a_part(self):
        vals = self.env["saas.customers.partner_values"]._prepare_all_vals(
            self.customer(
                exemption=Exemption(reason="Resale"),
                e_invoice_address="0204:991-1",
                language="en",
                residency_region="EU",
                registration_number="HRB 1",
            )
        )
        self.assertEqual(set(vals), {n for names in PARTS.values() for n in names})
        selection = dict(self.env["saas.ownership"]._fields["field"].selection)
        self.assertEqual(set(selection), set(Part))

    def test_deleted_and_merged_ids_say_nothing_wrong(self):
        """A second id of one source goes by version, not by arrival."""
        self._meet()
        bindings = self.env["saas.binding"]
        bindings.create(
            bindings._prepare_vals(self.platform, "customer", "C-2", self.tenant)
        )
        self.tell(self.platform, self.customer("C-2", "5", email="five@fjord.example"))
        self.tell(self.platform, self.customer("C-1", "4", email="four@fjord.example"))
        self.assertEqual(self.tenant.partner_id.email, "five@fjord.example")


@tagged("post_install", "-at_install")
class TestAcceptedOnce(OwnershipCommon):
    """What ends as ``not_owner`` can be accepted, once, by finance."""

    def test_both_values_are_shown_to_finance_alone(self):
        event = self._refuse()
        self.assertNotIn("@", f"{event.detail} {event.figures}")
        shown = event.with_user(self.reviewer).figures_html
        self.assertIn("gate@fjord.example", shown)
        self.assertIn("own@fjord.example", shown)
        self.assertNotIn("@", event.with_user(self.operator).figures_html)
        self.assertEqual(event.actor, "reviewer")
        self.assertIn("Accept Once", event.next_step)

    def test_it_is_applied_once_and_the_rule_stays(self):
        event = self._refuse()
        with self.assertRaises(AccessError):
            event.with_user(self.operator).action_accept_once()
        self.accept_once(event)
        self.drain(self.gateway)
        self.assertState(event, "done")
        self.assertEqual(self.tenant.partner_id.email, "gate@fjord.example")
        row = self.env["saas.sync.log"].search([("action", "=", "accepted_once")])
        self.assertEqual(row.event_id, event)
        # It is as if somebody had edited it: the owner's old news don't undo it.
        self.tell(self.platform, self.customer(version="2", email="own@fjord.example"))
        self.assertEqual(self.tenant.partner_id.email, "gate@fjord.example")
        later = self.customer(version="2", phone="7", email="more@fjord.example")
        self.assertState(self.tell(self.gateway, later), "ignored", "not_owner")
        with self.assertRaises(UserError):
            self.accept_once(event)
