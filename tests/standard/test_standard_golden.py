"""Covers adapters/standard/adapter, adapters/standard/events,
adapters/standard/customers, adapters/standard/subscriptions, adapters/standard/usage,
adapters/standard/documents, adapters/standard/payments, adapters/standard/clearing and
adapters/standard/currency.
"""

from odoo.tests import tagged

from ...canonical.schema.examples import EXAMPLES
from ..golden.case import sort_books
from ..subscriptions.selling import sell
from .cases import CASES
from .common import StandardCommon, write_example


@tagged("post_install", "-at_install")
class TestGoldenStandard(StandardCommon):
    """Each type of the published interface makes exactly the journal items that the
    accounting rules say, whether its events come alone or in one batch.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sell(cls.company, cls.product_a, cls.company.currency_id)

    def _check_case(self, told, books, batch):
        events = [write_example(name, **changes) for name, changes in told]
        stored = self.tell(*events, batch=batch)
        self.assertEqual(len(stored), len(events))
        self.assertState(stored, "done")
        self.assertEqual(self.books(), sort_books(books))
        self.assertWhole()

    def test_every_type_has_a_case(self):
        """No type is published whose books nobody has written down."""
        told = {name for events, _books in CASES.values() for name, _changes in events}
        self.assertEqual({name for name, _version in EXAMPLES}, told)

    def test_merged(self):
        """Of two customers that are one, the invoice of one is paid by the other."""
        other = {"id": "C-2", "name": "Northlight", "email": "ap@northlight.example"}
        other |= {"phone": "", "vat_numbers": [], "registration_number": ""}
        self.tell(
            write_example("customer.upserted"),
            write_example("customer.upserted", **other),
            write_example("invoice.issued", customer={"id": "C-2"}),
            write_example("customer.merged"),
            write_example("payment.succeeded", customer="C-1"),
        )
        tenants = self.env["saas.tenant"]._find(self.source, ["C-1", "C-2"])
        self.assertEqual(len(set(tenants.values())), 1)
        # The payment may have been booked first.
        tenants["C-1"]._job_settle()
        self.drain()
        move = self.env["account.move"].search([("saas_external_id", "=", "I-1")])
        self.assertEqual(move.payment_state, "paid")

    def test_mirrors(self):
        """What books nothing is kept as what it is."""
        self.tell(
            write_example("customer.upserted"),
            write_example("contract.won"),
            write_example("usage.recorded"),
            write_example("usage.recorded", quantity="-0.5"),
        )
        domain = [("source_id", "=", self.source.id)]
        contract = self.env["saas.contract"].search(domain)
        self.assertEqual(
            (contract.external_id, contract.term_months, contract.purchase_order),
            ("D-1", 12, "PO-4711"),
        )
        self.assertEqual(contract.tenant_id.name, "Northlight Analytics")
        usage = self.env["saas.usage.record"].search(domain)
        self.assertEqual(sorted(usage.mapped("stated_quantity")), ["-0.5", "1250"])

    def test_payout_is_proved(self):
        """The clearing account ends at zero, and the payout is its movements."""
        told, _books = CASES["payout"]
        self.tell(*(write_example(name, **changes) for name, changes in told))
        payout = self.env["saas.payout"].search([("source_id", "=", self.source.id)])
        self.assertEqual((payout.proof_state, payout.net_minor), ("proved", 9143))
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.clearing_journal.default_account_id.id)]
        )
        self.assertEqual(sum(lines.mapped("balance")), 0)


def _add_tests():
    for name, (told, books) in CASES.items():
        for way in ("alone", "batch"):

            def test(self, told=told, books=books, batch=way == "batch"):
                self._check_case(told, books, batch)

            setattr(TestGoldenStandard, f"test_{name}_{way}", test)


_add_tests()
