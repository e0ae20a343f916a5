"""Payments booked in a batch are those that Odoo's own loop would have booked.

Covers ledger/payment and ledger/settlement.
"""

import random

from odoo.tests import tagged

from ...canonical.marks import PIPELINE
from ...ledger import payment as ledger_payment
from ..support import stripe_fixtures
from ..support.books import Undo, read_books, read_record
from ..support.common import SaasCommon

CASES = 100


@tagged("post_install", "-at_install")
class TestPreparedPayments(SaasCommon):
    def setUp(self):
        super().setUp()
        # Their ids must be the same in both runs.
        self.deliver(
            stripe_fixtures.load("basil", "customer.created"),
            stripe_fixtures.load("basil", "invoice.finalized"),
            stripe_fixtures.load("basil", "invoice.finalized-to_credit"),
        )

    def test_batched_payments_equal_the_loop_s(self):
        """Random payments, of invoices and not, and refunds, in three currencies."""
        payloads = [
            event
            for number in range(CASES)
            for event in self._make_events(number, random.Random(number))
        ]
        batched = self._run(payloads)
        own = type(self.env["account.payment"])._generate_journal_entry
        core = next(
            cls.__dict__["_generate_journal_entry"]
            for cls in reversed(self.env.registry["account.payment"].mro())
            if "_generate_journal_entry" in cls.__dict__
        )
        self.assertNotEqual(own, core)
        self.patch(self.registry["account.payment"], "_generate_journal_entry", core)
        self.patch(ledger_payment, "SKIP_SYNC", {})
        looped = self._run(payloads)
        self.assertGreater(len(batched["payments"]), CASES)
        self.maxDiff = None
        for part, expected in looped.items():
            self.assertEqual(batched[part], expected, part)

    def test_no_line_is_looked_for(self):
        """Odoo looks for lines to add to an entry when it is made and when it is
        posted; a payment's has all of its own.
        """
        moves = self.registry["account.move"]
        looked_for, original = [], moves._get_sync_stack

        def get_sync_stack(self, container):
            looked_for.extend(container["records"].ids or ["new"])
            return original(self, container)

        charge = stripe_fixtures.load("basil", "charge.succeeded")
        self.patch(moves, "_get_sync_stack", get_sync_stack)
        self.assertState(self.deliver(charge), "done")
        self.assertFalse(looked_for)

    def test_payments_are_found_as_odoo_finds_them(self):
        """Of invoices that nothing settles, that money settles in part, and that a
        payment without journal items is linked to.
        """
        part = self._find_invoice("invoice.finalized")
        unsettled = self._find_invoice("invoice.finalized-to_credit")
        self.deliver(
            *(
                event
                for n in (0, 10, 20)
                for event in self._make_events(n, random.Random(n))
            )
        )
        linked = unsettled.copy()
        linked.matched_payment_ids = self.env["account.payment"].create(
            {"amount": 5, "partner_id": linked.partner_id.id}
        )
        self.env.flush_all()
        payments = self.env["account.payment"]
        quick = payments.with_context(**PIPELINE.in_context())
        for moves, is_settled in (
            *((part, True), (unsettled, False), (linked, True)),
            *((part + unsettled, True), (part + unsettled + linked, True)),
        ):
            domain = [("reconciled_invoice_ids", "in", moves.ids)]
            found = payments.search(domain)
            self.assertEqual(bool(found), is_settled)
            self.assertEqual(quick.search(domain), found)

    def _find_invoice(self, name):
        """Return the invoice of a fixture."""
        invoice_id = stripe_fixtures.load("basil", name)["data"]["object"]["id"]
        return self.env["account.move"].search([("saas_external_id", "=", invoice_id)])

    def _make_events(self, number, chance):
        currency = chance.choice(("usd", "usd", "eur", "jpy"))
        amount = chance.randint(100, 20000)
        ids = {"id": f"ch_{number}", "payment_intent": f"pi_{number}"}
        charge = stripe_fixtures.load(
            "basil",
            "charge.succeeded",
            **ids,
            amount=amount,
            amount_captured=amount,
            currency=currency,
        )
        charge["id"] = f"evt_charge_{number}"
        yield charge
        if number % 10 == 0 and currency == "usd":
            invoice_payment = stripe_fixtures.load(
                "basil",
                "invoice_payment.paid",
                id=f"inpay_{number}",
                amount_paid=amount,
                payment={
                    "type": "payment_intent",
                    "payment_intent": ids["payment_intent"],
                },
            )
            invoice_payment["id"] = f"evt_part_{number}"
            yield invoice_payment
        if chance.random() < 0.3:
            refund = stripe_fixtures.load(
                "basil",
                "refund.created",
                id=f"re_{number}",
                charge=ids["id"],
                payment_intent=ids["payment_intent"],
                amount=chance.randint(1, amount),
                currency=currency,
            )
            refund["id"] = f"evt_refund_{number}"
            yield refund

    def _run(self, payloads):
        """Book the events; return all that was written, and leave nothing behind."""
        try:
            with self.env.cr.savepoint():
                self.assertState(self.deliver(*payloads), "done")
                payments = self.env["account.payment"].search(
                    [("saas_source_id", "=", self.source.id)]
                )
                found = {
                    "payments": [self._read(payment) for payment in payments],
                    "books": read_books(self.source),
                }
                raise Undo
        except Undo:
            return found

    def _read(self, payment):
        return {
            "payment": read_record(payment),
            "move": read_record(payment.move_id),
            "lines": [read_record(line) for line in payment.move_id.line_ids],
            "invoices": payment.reconciled_invoice_ids.mapped("saas_external_id"),
        }
