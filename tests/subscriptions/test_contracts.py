"""Deals that were won are mirrored, and book nothing. One that tells a plan has a
subscription wait for its activation, whichever comes first and whichever system tells
it.

Covers handlers/subscriptions/contract and handlers/subscriptions/finder.
"""

import itertools
from datetime import date

from odoo import Command
from odoo.tests import tagged

from ...canonical import facts
from ..customers.facts_common import FactsCommon
from ..standard.common import SECRET, write_event
from .selling import SellingCommon, at, sell


@tagged("post_install", "-at_install")
class TestDeals(SellingCommon):
    def _win(self, ref="D-1", moment=None, **data):
        moment = moment or at(2026, 1, 1)
        deal = {"id": ref, "customer": "C-1", "won_at": moment, **self.held(), **data}
        return write_event("contract.won", deal, "1", time=moment)

    def test_it_waits(self):
        """It is agreed, with its term, and nothing is to be billed."""
        self.tell(
            self._win(term_months=12, purchase_order="PO-1", timezone="Asia/Tokyo")
        )
        contract = self.env["saas.contract"].search([])
        subscription = contract.subscription_id
        self.assertEqual((contract.state, contract.plan_ref), ("won", "team"))
        self.assertEqual(subscription, self.find("D-1"))
        self.assertEqual(subscription.state, "pending")
        self.assertEqual(subscription.plan_version_id, self.team)
        self.assertEqual(subscription.purchase_order, "PO-1")
        self.assertFalse(subscription.term_start)
        self.tell(self.event("activated", at(2026, 2, 1), "D-1", **self.held()))
        self.assertEqual(subscription.state, "active")
        self.assertEqual(str(subscription.date_end), "2027-02-01 00:00:00")
        self.assertEqual(subscription.purchase_order, "PO-1")

    def test_without_a_plan(self):
        """What Odoo doesn't bill is a contract and no more."""
        deal = {"id": "D-1", "customer": "C-1", "won_at": at(2026, 1, 1)}
        deal["currency"] = "USD"
        event = self.tell(write_event("contract.won", deal, "1"))
        self.assertState(event, "done")
        self.assertFalse(self.env["saas.subscription"].search([]))

    def test_activated_first(self):
        """The contract is found by the id that the activation names, in any order."""
        start = self.activate(at(2026, 2, 1), contract="D-1")
        later = self.event("changed", at(2026, 3, 1), **self.held("8"))
        timelines = []
        for order in itertools.permutations((self._win(), start, later)):
            with self.env.cr.savepoint() as savepoint:
                self.assertState(self.tell(*order), "done")
                subscription = self.env["saas.subscription"].search([])
                self.assertEqual(len(subscription), 1)
                self.assertEqual(self.find("S-1"), subscription)
                self.assertEqual(subscription.contract_ref, "D-1")
                contract = self.env["saas.contract"].search([])
                self.assertEqual(contract.subscription_id, subscription)
                timelines.append(self.timeline(subscription))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(timelines.count(timelines[0]), 6)
        self.assertEqual(
            [row[1] for row in timelines[0]], ["pending", "active", "active"]
        )

    def test_sold_by_another_system(self):
        """A CRM has told the deal, and the product activates it."""
        crm = self._create_source(
            name="CRM",
            clearing_journal_id=False,
            secret_ids=[Command.create({"new_value": SECRET})],
        )
        party = {"name": "Westlight", "vat_numbers": ["DE811569869"]}
        told = write_event("customer.upserted", {**party, "id": "A-7"})
        self.tell(told, source=crm)
        self.tell(write_event("customer.upserted", {**party, "id": "C-7"}))
        deal = self._win(customer="A-7")
        start = self.activate(at(2026, 2, 1), customer="C-7", contract="D-1")
        for order in ((deal, start), (start, deal)):
            with self.env.cr.savepoint() as savepoint:
                for event in order:
                    self.tell(event, source=crm if event is deal else None)
                subscription = self.find("D-1", crm)
                self.assertEqual(self.find("S-1"), subscription)
                self.assertEqual(
                    self.states(subscription), "2026-01-01 pending, 2026-02-01 active"
                )
                savepoint.rollback()
            self.env.invalidate_all()

    def test_contract_of_another_customer(self):
        """Only the customer's own contract is meant: a number alone proves nothing."""
        self.meet("C-2", "Southlight")
        deal = self._win()
        deal["data"]["customer"] = "C-2"
        self.tell(deal, self.activate(at(2026, 2, 1), contract="D-1"))
        self.assertNotEqual(self.find("S-1"), self.find("D-1"))
        self.assertEqual(self.find("D-1").state, "pending")

    def test_agreed_anew(self):
        """The newest version of a contract counts, in any order."""
        first = self._win(moment=at(2026, 1, 1))
        second = self._win(moment=at(2026, 1, 5), **self.held("9"))
        for order in ((first, second), (second, first)):
            with self.env.cr.savepoint() as savepoint:
                self.tell(*order)
                [row] = self.timeline(self.find("D-1"))
                self.assertEqual((row[1], row[3]["seats"]), ("pending", 9))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_plan_is_not_there_yet(self):
        """The contract is mirrored, and its subscription waits for the plan."""
        event = self.tell(self._win(plan="later"))
        self.assertState(event, "quarantined", "unusable_plan")
        self.assertTrue(self.env["saas.contract"].search([]))
        self.assertFalse(self.env["saas.subscription"].search([]))
        sell(self.company, self.product_a, self.usd, "later")
        self.drain()
        self.assertState(event, "done")
        self.assertEqual(self.find("D-1").state, "pending")


@tagged("post_install", "-at_install")
class TestWithdrawnDeals(FactsCommon):
    """A deal that is withdrawn was never agreed; what was activated goes on."""

    def setUp(self):
        super().setUp()
        sell(self.company, self.product_a, self.company.currency_id)
        self.tell(self.platform, self.customer())

    def _contract(self, state, version, quantity=5):
        seats = facts.HeldQuantity(component="seats", quantity=quantity)
        return facts.Contract(
            external_id="D-1",
            customer="C-1",
            state=state,
            version=version,
            currency="USD",
            holding=facts.Holding(plan="team", currency="USD", quantities=(seats,)),
        )

    def test_in_any_order(self):
        told = [
            self._contract("won", "1"),
            self._contract("withdrawn", "2"),
            self._contract("won", "3", 7),
        ]
        for size, state in ((2, "none"), (3, "pending")):
            for order in itertools.permutations(told[:size]):
                with self.env.cr.savepoint() as savepoint:
                    for fact in (*order, order[0]):
                        self.assertState(self.tell(self.platform, fact), "done")
                    subscription = self.env["saas.subscription"].search([])
                    self.assertIn(subscription.state or "none", (state,))
                    if size == 3:
                        self.assertEqual(subscription.held["quantities"]["seats"], "7")
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_after_the_activation(self):
        self.tell(self.platform, self._contract("won", "1"))
        moment = self.env.cr.now().astimezone()
        self.tell(
            self.platform,
            facts.SubscriptionChange(
                external_id="E-1",
                customer="C-1",
                subscription="D-1",
                change="activated",
                effective_at=moment,
                known_at=moment,
            ),
        )
        subscription = self.env["saas.subscription"].search([])
        self.assertEqual(
            (subscription.state, bool(subscription.held)), ("active", True)
        )
        self.tell(self.platform, self._contract("withdrawn", "2"))
        self.assertEqual(subscription.state, "active")


@tagged("post_install", "-at_install")
class TestContracts(FactsCommon):
    def _contract(self, state="won", version="1", quantity="2.5", **vals):
        line = facts.ContractLine(
            external_id="L-1",
            currency="USD",
            exponent=2,
            product="plan",
            description="Plan",
            quantity=quantity,
            unit_amount=4999,
        )
        return facts.Contract(
            **{
                "external_id": "D-1",
                "customer": "C-1",
                "state": state,
                "version": version,
                "currency": "USD",
                "starts_on": date(2026, 12, 1),
                "term_months": 12,
                "purchase_order": "PO-7",
                "lines": (line,),
                **vals,
            }
        )

    @property
    def contract(self):
        return self.env["saas.contract"].search([])

    def test_a_won_deal_is_stored_and_books_nothing(self):
        event = self.tell(self.platform, self._contract())
        self.assertState(event, "parked")
        self.tell(self.platform, self.customer())
        self.drain()
        self.assertState(event, "done")
        contract = self.contract
        self.assertEqual(contract.tenant_id, self.tenant)
        self.assertEqual(contract.starts_on, date(2026, 12, 1))
        self.assertEqual((contract.term_months, contract.state), (12, "won"))
        line = contract.line_ids
        self.assertEqual((line.stated_quantity, line.unit_amount), ("2.5", "49.99"))
        self.assertFalse(self.env["account.move"].search([]))
        self.assertIn("PO-7", event.search_terms)

    def test_the_newest_counts_in_any_order(self):
        self.tell(self.platform, self.customer())
        told = [
            self._contract(version="1"),
            self._contract("withdrawn", "2"),
            self._contract(version="3", quantity="7"),
        ]
        for order in itertools.permutations(told):
            with self.env.cr.savepoint(flush=True) as savepoint:
                for fact in (*order, order[0]):
                    self.tell(self.platform, fact)
                contract = self.contract
                self.assertEqual(contract.state, "won")
                self.assertEqual(contract.line_ids.stated_quantity, "7")
                savepoint.rollback()
            self.env.invalidate_all()
