"""A gateway collects what Odoo has billed: it is ordered with the invoice, asked for
once, and booked when the gateway tells of it.

Covers models/payments/collection, outbound/collect and handlers/notices/collection.
"""

from unittest.mock import patch

from odoo.tests import tagged

from ...canonical import facts
from .collecting_common import CollectingCommon, needs_customer, unclear
from .no_network import no_network

INVOICE = [
    "AR +35.70",
    "REV -30.00 {19% VAT}",
    "TAX -5.70",
]


@tagged("post_install", "-at_install")
class TestCollecting(CollectingCommon):
    """From the invoice to the money."""

    def test_ordered_with_the_invoice(self):
        """The run orders, calls nobody, and leaves the rest to a job."""
        with no_network():
            move = self.bill_ada()
        command = move.saas_collection_ids
        self.assertCommand(command, "waiting")
        self.assertEqual(
            (command.amount, command.exponent, command.total, command.number),
            (3570, 2, 35.70, 1),
        )
        self.assertEqual(command.tenant_id, self.tenant)
        self.assertEqual(command.source_id, self.gateway)
        self.assertFalse(self.stand_in.calls)
        jobs = self.env["queue.job"].search([("model_name", "=", "saas.collection")])
        self.assertEqual(
            [(job.method_name, job.channel) for job in jobs],
            [("_job_decide", "root.saas.outbound")],
        )
        self.assertEqual(self.read_actions(command), ["collection_ordered"])

    def test_rolled_back_with_the_invoice(self):
        """What fails after the order leaves neither an invoice nor an order."""
        posting = type(self.env["saas.billing.posting"])

        def fail(*_arguments):
            raise ZeroDivisionError

        with (
            self.assertRaises(ZeroDivisionError),
            self.env.cr.savepoint(),
            patch.object(posting, "_conclude", fail),
        ):
            self.bill_ada()
        self.assertFalse(self.get_moves(self.tenant))
        self.assertFalse(self.env["saas.collection"].search([]))
        self.assertFalse(
            self.env["queue.job"].search([("model_name", "=", "saas.collection")])
        )

    def test_not_collected(self):
        """Who pays by transfer, and what is credited, is left alone."""
        self.tenant.collection_source_id = False
        self.assertFalse(self.bill_ada().saas_collection_ids)

    def test_collected(self):
        command = self.collect()
        self.assertCommand(command, "pending")
        self.assertEqual((command.external_id, command.attempts), ("pay_1", 1))
        [order] = self.stand_in.orders.values()
        self.assertEqual(
            (order.amount, order.currency, order.customer, order.text),
            (3570, "USD", "c_ada", command.move_id.name),
        )
        self.assertEqual(
            dict(order.labels),
            {
                "invoice_id": command.move_id.saas_external_id,
                "saas_collection": command.key,
            },
        )
        event = self.tell(self.gateway, *self.paid(command))
        self.assertState(event, "done")
        self.assertCommand(command, "succeeded")
        self.assertEqual(event.tenant_id, self.tenant)
        move = command.move_id
        self.assertIn(move.payment_state, ("paid", "in_payment"))
        self.assertEqual(
            self.books().splitlines(),
            [
                f"{move.date} out_invoice {move.payment_state}",
                *(f"    {item}" for item in INVOICE),
                "2026-11-03 entry",
                "    AR -35.70",
                "    SC +35.70",
            ],
        )
        self.assertEqual(
            self.read_actions(command), ["collection_ordered", "collection_succeeded"]
        )
        self.assertWhole(self.own)
        self.assertWhole(self.gateway)

    def test_the_event_comes_before_the_answer(self):
        """The job that has called finds it collected, and has nothing to add."""
        move = self.bill_ada()
        command = move.saas_collection_ids
        command._job_decide()
        self.assertCommand(command, "sent")
        self.tell(self.gateway, self.outcome(command, "failed", "pay_1"))
        self.assertCommand(command, "sent")
        self.tell(self.gateway, *self.paid(command, "pay_1"))
        self.assertCommand(command, "succeeded")
        command._job_send()
        self.assertFalse(self.stand_in.calls)
        self.assertCommand(command, "succeeded")

    # -- once ---------------------------------------------------------------------

    def test_ordered_once(self):
        """Asked for again, by whom and how often ever, there is one order."""
        move = self.bill_ada()
        command = move.saas_collection_ids
        self.assertFalse(self.env["saas.collection"]._request(move))
        for _round in range(3):
            command._job_decide()
            command._job_send()
            self.assertFalse(self.env["saas.collection"]._request(move))
        self.tell(self.gateway, *self.paid(command))
        self.assertFalse(self.env["saas.collection"]._request(move))
        self.assertEqual(self.stand_in.calls, [("collect", command.key)])
        self.assertEqual(move.saas_collection_ids, command)

    def test_killed_between_call_and_commit(self):
        """The gateway was called, and nothing of that is known here: the same order
        goes out again, under its key.
        """
        move = self.bill_ada()
        command = move.saas_collection_ids
        command._job_decide()
        self.env.flush_all()
        for _round in range(2):
            with self.assertRaises(KeyboardInterrupt), self.env.cr.savepoint():
                command._job_send()
                raise KeyboardInterrupt
            self.env.invalidate_all()
            self.assertCommand(command, "sent")
        command._job_send()
        self.assertCommand(command, "pending")
        self.assertEqual(self.stand_in.calls, [("collect", command.key)] * 3)
        self.assertEqual(len(self.stand_in.orders), 1)

    def test_killed_and_found_after_days(self):
        """The gateway may have forgotten the key, so it is asked by the label."""
        move = self.bill_ada()
        command = move.saas_collection_ids
        command._job_decide()
        self.env.flush_all()
        with self.assertRaises(KeyboardInterrupt), self.env.cr.savepoint():
            command._job_send()
            raise KeyboardInterrupt
        self.env.invalidate_all()
        self.pass_hours(command, 30)
        command._job_send()
        self.assertEqual(
            [call for call, _key in self.stand_in.calls], ["collect", "find"]
        )
        self.assertCommand(command, "pending")
        self.assertEqual(self.stand_in.total, 3570)

    def test_never_arrived_after_days(self):
        """Where the gateway has made nothing, it is sent after all."""
        command = self.bill_ada().saas_collection_ids
        command._job_decide()
        self.pass_hours(command, 30)
        command._job_send()
        self.assertEqual(
            [call for call, _key in self.stand_in.calls], ["find", "collect"]
        )
        self.assertCommand(command, "pending")

    def test_unclear(self):
        """It may have arrived: the gateway is asked before anything is sent."""
        command = self.collect(unclear())
        self.assertCommand(command, "sent")
        self.assertTrue(command.is_unclear)
        self.assertIn("asked what became of the order", command.explanation)
        self.assertTrue(command.next_try)
        self.run_all()
        self.assertEqual(
            [call for call, _key in self.stand_in.calls], ["collect", "find"]
        )
        self.assertCommand(command, "pending")
        self.assertFalse(command.is_unclear)
        self.assertEqual(command.external_id, "pay_1")

    def test_merged_in_between(self):
        """Who pays is fixed with the order, so that its key stands for one thing."""
        command = self.collect(unclear())
        other = self.create_payer("Bea")
        self.env["saas.customers.merge"]._merge(self.tenant, other)
        self.run_all()
        self.assertCommand(command, "pending")
        self.assertEqual(command.tenant_id, other)
        self.assertEqual(command.customer_ref, "c_ada")
        self.tell(self.gateway, *self.paid(command))
        self.assertCommand(command, "succeeded")
        self.assertEqual(command.move_id.amount_residual, 0)

    def test_named_by_its_number(self):
        """Money that was not ordered here names an own invoice by the number that the
        customer reads on it; the reference is their own, and names nothing.
        """
        self.tenant.write({"collection_source_id": False, "purchase_order": "PO-9"})
        self.own.payer_ids = self.gateway
        move = self.bill_ada()
        self.assertEqual(move.ref, "PO-9")
        for ref, number in (("pay_7", "PO-9"), ("pay_8", move.name)):
            links = (facts.DocumentLink(by="number", value=number),)
            told = self.payment(ref, 3570, customer="c_ada", document_links=links)
            event = self.tell(self.gateway, told)
            is_it = number == move.name
            self.assertState(event, "done" if is_it else "parked")
            self.assertEqual(move.amount_residual, 0 if is_it else 35.70)

    def test_what_was_paid_by_on_a_page(self):
        """The next order tells the gateway, which then need not ask a card that was
        declined before.
        """
        command = self.collect(needs_customer())
        self.tell(self.gateway, *self.paid(command, "pay_on_page"))
        self.assertCommand(command, "succeeded")
        self.assertEqual(self.stand_in.orders[command.key].paid_by, "")
        again = self.bill_ada(month=12).saas_collection_ids
        self.run_jobs()
        self.assertEqual(self.stand_in.orders[again.key].paid_by, "pay_on_page")
