"""Two sources tell of customers in any order, proposals are accepted early or late, and
tenants and books end the same.

Covers handlers/customers/customer, handlers/customers/merge and
handlers/customers/parents.
"""

import random

from odoo.tests import tagged

from ...canonical.facts import Address, Alias, CustomerMerged
from ..support.books import Undo
from ..support.common import FULL, SEED
from .test_merging import BooksCommon

_ORDERS = 60 if FULL else 12
_VAT = "DE811907980"


@tagged("post_install", "-at_install", "saas_convergence")
class TestCustomersConverge(BooksCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat_19.amount = 0
        for source in (cls.source, cls.crm):
            source.default_tax_id = cls.vat_19

    def _history(self):
        """Return facts with their sources: four companies, known by both."""
        crm, shop = self.crm, self.source
        german = Address(country_code="DE", city="Bremen", street="Wall 1")
        alias = (Alias(system="crm", id="c2"),)
        return [
            (self.customer("s1", name="Acme", vat_numbers=(_VAT,)), shop),
            (self.customer("s1", "2", name="Acme AG", vat_numbers=(_VAT,)), shop),
            (
                self.customer("c1", name="ACME", vat_numbers=(_VAT,), address=german),
                crm,
            ),
            (self.customer("s2", name="Bolt", also_known_as=alias), shop),
            (self.customer("c2", name="Bolt Holding", parent="c1"), crm),
            (self.customer("s3", name="Cedar", email="x@cedar.example"), shop),
            (self.customer("c3", name="Zeder", email="x@cedar.example"), crm),
            (
                self.customer(
                    "c3", "2", name="Zeder", email="x@cedar.example", parent="c2"
                ),
                crm,
            ),
            (self.customer("s4", name="Delta"), shop),
            (self.customer("s5", name="Dune"), shop),
            (CustomerMerged(external_id="s5", customer="s5", winner="s4"), shop),
            (self.invoice("I1", "s1", party={"name": "Acme"}), shop),
            (self.invoice("I2", "s5", 7000, party={"name": "Dune"}), shop),
            (self.invoice("I3", "s3", 5000, party={"name": "Cedar"}), shop),
            (self.payment("P3", "s3", "I3", 5000), shop),
            (self.invoice("I4", "c3", 900, party={"name": "Zeder"}), crm),
            (self.payment("P4", "c3", "I4", 900), crm),
            (self.payment("P2", "s5", "I2", 7000), shop),
        ]

    def test_any_order(self):
        chance = random.Random(SEED)
        expected = self._run(self._history(), chance, early=False)
        self.assertEqual(len(expected["tenants"]), 4)
        for number in range(_ORDERS):
            order = self._history()
            order += chance.sample(order, 4)
            chance.shuffle(order)
            with self.subTest(seed=SEED, order=number):
                self.assertEqual(self._run(order, chance, number % 2), expected)

    def _run(self, order, chance, early):
        try:
            with self.env.cr.savepoint():
                while order:
                    gulp = chance.randint(1, 5)
                    for fact, source in order[:gulp]:
                        self.hold(fact, source=source)
                    order = order[gulp:]
                    for source in chance.sample([self.source, self.crm], 2):
                        self.drain(source)
                    if early:
                        self.decide_all()
                self.decide_all()
                events = self.env["saas.subscription.event"].search([])
                self.assertState(events, "done")
                self.assertWhole()
                self.assertWhole(self.crm)
                found = self._read()
                raise Undo
        except Undo:
            self.env.invalidate_all()
        return found

    def decide_all(self):
        """Answer all proposals, as long as there are any."""
        while proposals := self.proposals():
            self.decide(proposals)

    def _read(self):
        """Return the tenants as what they are called, with contacts and parents, and
        what is booked of each on which account.
        """
        self.env.flush_all()
        tenants = self.env["saas.tenant"].search([])
        names = {tenant: self._name(tenant) for tenant in tenants}
        books = {}
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")]
        )
        owners = self.env["saas.tenant"]._find_of_partners(
            self.company, lines.partner_id
        )
        for line in lines:
            owner = owners.get(line.partner_id.commercial_partner_id)
            key = names[owner], line.account_id.code
            books[key] = books.get(key, 0) + line.balance
        return {
            "tenants": sorted(
                (
                    names[tenant],
                    tenant.partner_id.name,
                    tenant.partner_id.city or "",
                    names.get(tenant.parent_id, ""),
                )
                for tenant in tenants
            ),
            "books": {key: total for key, total in books.items() if total},
            "states": sorted(
                (move.ref, move.payment_state, names[move.saas_tenant_id])
                for move in self.env["account.move"].search(
                    [("move_type", "=", "out_invoice")]
                )
            ),
        }

    def _name(self, tenant):
        refs = tenant.binding_ids.filtered(lambda b: b.kind == "customer")
        return " ".join(sorted(refs.mapped("external_id")))
