"""Who a customer is: what proves it binds, and what doesn't is asked about.

Covers handlers/customers/partner_matcher, handlers/customers/tenants,
handlers/customers/aliases and handlers/customers/proposals.
"""

from odoo.tests import tagged

from ...canonical.facts import Address, Alias
from .telling import TellingCommon

_VAT = "DE811907980"
_GERMANY = Address(country_code="DE", city="Bremen", street="Wall 1")


@tagged("post_install", "-at_install")
class TestMatching(TellingCommon):
    def _both(self, **vals):
        """Tell of one customer of each source; return their tenants."""
        self.assertState(self.tell(self.customer("A", **vals)), "done")
        self.assertState(self.tell(self.customer("B", **vals), source=self.crm), "done")
        return self.tenant("A"), self.tenant("B", self.crm)

    # -- what proves it ---------------------------------------------------------

    def test_vat_number_makes_one_tenant_of_two_sources_customers(self):
        one, two = self._both(vat_numbers=(_VAT,))
        self.assertEqual(one, two)
        self.assertEqual(len(one.binding_ids), 2)
        self.assertFalse(self.proposals())

    def test_vat_number_without_its_country_needs_the_address(self):
        self.contact(
            name="Elsewhere", vat="811907980", country_id=self.env.ref("base.fr").id
        )
        here = self.contact(vat="811907980", country_id=self.env.ref("base.de").id)
        self.tell(self.customer("A", vat_numbers=(_VAT,)))
        self.assertEqual(self.tenant("A").partner_id, here)
        self.tell(
            self.customer("B", vat_numbers=("811 907 980",), address=_GERMANY),
            source=self.crm,
        )
        self.assertEqual(self.tenant("B", self.crm).partner_id, here)

    def test_registration_number_with_its_country(self):
        one, two = self._both(registration_number="HRB 12 345", address=_GERMANY)
        self.assertEqual(one, two)
        self.assertEqual(one.partner_id.company_registry, "HRB 12 345")
        french = Address(country_code="FR")
        self.tell(self.customer("C", registration_number="HRB12345", address=french))
        self.assertNotEqual(self.tenant("C"), one)

    def test_two_contacts_with_one_vat_number_wait_for_a_person(self):
        contacts = self.contact(vat=_VAT) | self.contact(vat=_VAT)
        event = self.tell(self.customer("A", vat_numbers=(_VAT,)))
        self.assertState(event, "quarantined", "duplicate_customer")
        self.env["saas.customer.choose"].create(
            {
                "event_ids": event.ids,
                "choice": "partner",
                "partner_id": contacts[1].id,
            }
        ).action_apply()
        self.drain()
        self.assertState(event, "done")
        self.assertEqual(self.tenant("A").partner_id, contacts[1])

    def test_customers_of_one_source_are_two_until_a_person_says_otherwise(self):
        self.tell(self.customer("A", vat_numbers=(_VAT,)))
        self.assertState(self.tell(self.customer("B", vat_numbers=(_VAT,))), "done")
        self.assertNotEqual(self.tenant("A"), self.tenant("B"))
        proposal = self.proposals()
        self.assertEqual(proposal.matched_on, "vat")
        self.decide(proposal)
        self.assertEqual(self.tenant("A"), self.tenant("B"))

    def test_the_chosen_contact_s_tenant_is_taken(self):
        """What a person chooses makes no second tenant of a contact either."""
        self.tell(self.customer("A", vat_numbers=(_VAT,)))
        tenant = self.tenant("A")
        self.contact(vat=_VAT)
        event = self.tell(self.customer("B", vat_numbers=(_VAT,)), source=self.crm)
        self.assertState(event, "quarantined", "duplicate_customer")
        self.env["saas.customer.choose"].create(
            {
                "event_ids": event.ids,
                "choice": "partner",
                "partner_id": tenant.partner_id.id,
            }
        ).action_apply()
        self.assertEqual(self.tenant("B", self.crm), tenant)

    # -- ids of other systems ---------------------------------------------------

    def test_id_of_another_system_in_either_order(self):
        alias = Alias(system="crm", id="B")
        named = self.customer("A", also_known_as=(alias,))
        plain = self.customer("B")
        for first, second in (
            ((named, self.source), (plain, self.crm)),
            ((plain, self.crm), (named, self.source)),
        ):
            with self.env.cr.savepoint() as savepoint:
                self.tell(first[0], source=first[1])
                self.tell(second[0], source=second[1])
                self.assertEqual(self.tenant("A"), self.tenant("B", self.crm))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_reference_of_a_tenant(self):
        partner = self.contact()
        tenant = self.env["saas.tenant"].create(
            {
                "name": "Known",
                "ref": "T-7",
                "partner_id": partner.id,
                "company_id": self.company.id,
            }
        )
        alias = Alias(system="tenant", id="T-7")
        self.tell(self.customer("A", also_known_as=(alias,)))
        self.assertEqual(self.tenant("A"), tenant)

    def test_id_that_is_told_later_is_asked_about(self):
        self.tell(self.customer("B"), source=self.crm)
        self.tell(self.customer("A", name="Other"))
        alias = Alias(system="crm", id="B")
        self.tell(self.customer("A", "2", name="Other", also_known_as=(alias,)))
        self.assertNotEqual(self.tenant("A"), self.tenant("B", self.crm))
        self.assertEqual(self.proposals().matched_on, "cross_id")

    # -- what proves nothing ----------------------------------------------------

    def test_weak_keys_only_propose(self):
        for vals, word in (
            ({"email": "x@acme.example"}, "email"),
            ({"phone": "+49 40 30051234"}, "phone"),
            ({"name": "Acme GmbH"}, "name"),
        ):
            with self.env.cr.savepoint() as savepoint:
                partner = self.contact(**{"name": "Acme", **vals})
                self.tell(self.customer("A", **{"name": "Zulu", **vals}))
                self.assertNotEqual(self.tenant("A").partner_id, partner)
                proposal = self.proposals()
                self.assertEqual(
                    (proposal.partner_id, proposal.matched_on), (partner, word)
                )
                savepoint.rollback()
            self.env.invalidate_all()

    def test_domain_proposes_unless_everybody_has_it(self):
        partner = self.contact(email="a@acme.example")
        self.contact(email="a@gmail.com")
        self.tell(
            self.customer("A", email="b@acme.example"),
            self.customer("B", email="b@gmail.com"),
        )
        self.assertEqual(self.proposals().partner_id, partner)
        self.assertEqual(self.proposals().tenant_id, self.tenant("A"))

    def test_a_key_that_many_have_tells_nothing(self):
        for _number in range(6):
            self.contact(name="Smith")
        self.tell(self.customer("A", name="Smith"))
        self.assertFalse(self.proposals())

    def test_new_customers_of_one_batch_are_proposed_too(self):
        self.tell(
            self.customer("A", email="x@acme.example"),
            self.customer("B", email="x@acme.example"),
        )
        self.assertEqual(self.proposals().tenant_id, self.tenant("B"))
        self.assertEqual(self.proposals().partner_id, self.tenant("A").partner_id)

    def test_never_asks_nobody(self):
        self.source.match_policy = "never"
        self.contact(email="x@acme.example")
        self.tell(self.customer("A", email="x@acme.example"))
        self.assertFalse(self.proposals())

    def test_by_email_takes_the_only_one(self):
        self.source.match_policy = "email"
        partner = self.contact(email="x@acme.example")
        self.tell(self.customer("A", email="x@acme.example"))
        self.assertEqual(self.tenant("A").partner_id, partner)

    def test_by_email_never_against_the_vat_number(self):
        self.source.match_policy = "email"
        partner = self.contact(email="x@acme.example", vat="ATU12345675")
        self.tell(self.customer("A", email="x@acme.example", vat_numbers=(_VAT,)))
        self.assertNotEqual(self.tenant("A").partner_id, partner)
        self.assertEqual(self.proposals().partner_id, partner)

    def test_a_question_is_asked_once(self):
        """Also in the other direction, and when it was answered."""
        self.contact(email="x@acme.example")
        self.tell(self.customer("A", email="x@acme.example"))
        self.decide(self.proposals(), "different")
        self.tell(self.customer("A", "2", email="x@acme.example"))
        self.assertFalse(self.proposals())

    # -- what contacts say then -------------------------------------------------

    def test_contact_says_the_same_in_any_order(self):
        """The first source's word counts, and what it leaves empty is filled."""
        keys = {"vat_numbers": (_VAT,)}
        told = [
            (
                self.customer("A", name="Acme", email="a@acme.example", **keys),
                self.source,
            ),
            (
                self.customer(
                    "B",
                    name="ACME Inc.",
                    phone="+49 40 30051234",
                    address=_GERMANY,
                    **keys,
                ),
                self.crm,
            ),
        ]
        seen = set()
        for order in (told, told[::-1]):
            with self.env.cr.savepoint() as savepoint:
                for fact, source in order:
                    self.tell(fact, source=source)
                partner = self.tenant("A").partner_id
                seen.add((partner.name, partner.email, partner.phone, partner.city))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(len(seen), 1, seen)
        self.assertEqual([*seen][0][0], "Acme")
        self.assertEqual([*seen][0][3], "Bremen")
