"""Deals that were won are mirrored, and book nothing.

Covers handlers/subscriptions/contract.
"""

import itertools
from datetime import date

from odoo.tests import tagged

from ...canonical import facts
from ..customers.facts_common import FactsCommon


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
