"""Covers adapters/stripe/fetch, adapters/stripe/resources and
pipeline/reading/fetch.
"""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..golden.case import MAIN_PAID
from ..payments.two_sources import PayingCommon
from ..support import stripe_fixtures
from ..support.pulling import KEY, PullCommon


@tagged("post_install", "-at_install")
class TestFetchMissing(PullCommon):
    """What was not sent, or not in full, is asked for; nobody has to do anything."""

    def _load(self, name, lines=0):
        """Return an event, and hold its object; of an invoice's lines there are as
        many as said, and the event has the first ten.
        """
        event = stripe_fixtures.load("basil", name)
        document = event["data"]["object"]
        if lines:
            [line] = document["lines"]["data"]
            share = {
                **line,
                "amount": 400,
                "taxes": [{**line["taxes"][0], "amount": 76}],
            }
            document["lines"]["data"] = [
                {**share, "id": f"{line['id']}{n}"} for n in range(lines)
            ]
        self.api.put(document)
        if lines:
            document["lines"].update(
                data=document["lines"]["data"][:10], has_more=True, total_count=lines
            )
        return event

    def test_long_invoice(self):
        """25 lines, of which the event has ten: it waits for itself."""
        event = self._load("invoice.finalized", lines=25)
        event = self.deliver(event)
        self.assertState(event, "parked")
        self.assertEqual(event.waiting_for.partition(":")[0], "invoice")
        self.run_jobs()
        self.assertState(event, "done")
        [move] = self.env["account.move"].search(
            [("saas_source_id", "=", self.source.id)]
        )
        self.assertEqual(len(move.invoice_line_ids), 25)
        self.assertEqual((move.amount_untaxed, move.amount_total), (100, 119))
        self.assertWhole()

    def test_long_invoice_paid(self):
        """All its events are short of lines; together they are one invoice, paid."""
        events = [
            self._load(name, lines=25)
            for name in (
                "invoice.paid",
                "invoice.finalized",
                "invoice.payment_succeeded",
            )
        ]
        events.append(stripe_fixtures.load("basil", "invoice_payment.paid"))
        events = self.deliver(*events)
        jobs = self.run_jobs().filtered(lambda job: job.method_name == "_job_fetch")
        self.assertEqual(len(jobs), 1)
        self.assertState(events, "done")
        moves = self.env["account.move"].search([("move_type", "=", "out_invoice")])
        moves = moves.filtered("saas_source_id")
        self.assertEqual(moves.mapped("payment_state"), ["paid"])

    def test_long_credit_note(self):
        invoice = stripe_fixtures.load("basil", "invoice.finalized-to_credit")
        note = self._load("credit_note.created-pre_payment")
        note["data"]["object"]["lines"]["has_more"] = True
        events = self.deliver(invoice, note)
        self.assertEqual(set(events.mapped("state")), {"done", "parked"})
        self.run_jobs()
        self.assertState(events, "done")

    def test_without_key(self):
        event = self._load("invoice.finalized", lines=25)
        self.source.api_key = False
        event = self.deliver(event)
        self.assertState(event, "quarantined", "incomplete_payload")
        self.assertEqual(event.actor, "manager")
        self.assertIn("API key", event.next_step)
        self.source.new_api_key = next(iter(self.api.keys))
        event.action_retry()
        self.run_jobs()
        self.assertState(event, "done")

    def test_lost_webhook(self):
        """A refund whose payment was never sent: after some minutes it is fetched,
        and so is the customer that this one waits for.
        """
        for name in ("charge.succeeded", "customer.created"):
            self._load(name)
        intent = stripe_fixtures.load("basil", "payment_intent.succeeded")
        self.api.put(intent["data"]["object"])
        refund = self.deliver(stripe_fixtures.load("basil", "refund.created"))
        self.assertState(refund, "parked")
        self.env["saas.source"]._cron_sweep()
        self.assertFalse(self.run_jobs(), "it may still come by itself")
        self.pass_time(11)
        self.env["saas.source"]._cron_sweep()
        self.run_jobs()
        self.assertState(refund, "parked")
        self.pass_time(11)
        self.env["saas.source"]._cron_sweep()
        self.run_jobs()
        self.assertState(refund, "done")
        self.assertEqual(
            [call.path.split("/")[2] for call in self.api.calls],
            ["payment_intents", "customers"],
        )
        self.assertWhole()

    def test_movement_that_a_dispute_did_not_tell(self):
        """It is found by the balance transaction, which is of the dispute."""
        transaction = "pulled.balance_transaction-dispute"
        for name in ("charge.dispute.funds_withdrawn", transaction):
            self._load(name)
        self.deliver(
            stripe_fixtures.load("basil", "customer.created"),
            stripe_fixtures.load("basil", "charge.captured"),
            stripe_fixtures.load("basil", "charge.dispute.created"),
        )
        event = self.deliver(stripe_fixtures.load("basil", transaction))
        self.assertState(event, "parked")
        self.assertEqual(event.waiting_for.partition(":")[0], "dispute_movement")
        self.pass_time(11)
        self.env["saas.source"]._cron_sweep()
        self.run_jobs()
        self.assertState(event, "done")
        self.assertEqual(len(self.api.calls), 1)
        self.assertWhole()

    def test_master_data_can_be_fetched(self):
        """What names them may be all that was ever sent."""
        names = ("customer.tax_id.created", "product.created", "price.created")
        for name in names:
            data = self._load(name)["data"]["object"]
            self.source._enqueue_fetch(data["object"], data["id"])
        self.api.put(
            stripe_fixtures.load("basil", "customer.created")["data"]["object"]
        )
        self.deliver(stripe_fixtures.load("basil", "customer.created"))
        self.run_jobs()
        events = self.env["saas.subscription.event"].search(
            [("event_type", "like", "pulled.")]
        )
        self.assertEqual(
            set(events.mapped("event_type")),
            {"pulled.tax_id", "pulled.product", "pulled.price"},
        )
        self.assertState(events, "done")

    def test_once_a_day(self):
        """What isn't there either is asked for once a day, and somebody is told."""
        refunds = self.deliver(
            stripe_fixtures.load("basil", "refund.created"),
            stripe_fixtures.load("basil", "refund.updated"),
        )
        for minutes, calls in ((11, 1), (11, 1), (24 * 60, 2)):
            self.pass_time(minutes)
            self.env["saas.source"]._cron_sweep()
            self.run_jobs()
            self.assertEqual(len(self.api.calls), calls)
        self.assertState(refunds, "parked")
        self.assertEqual(len(self.source.activity_ids), 1)

    def test_pulled_payment_has_its_own_date(self):
        """Not that of the day on which it was read."""
        charge = stripe_fixtures.load("basil", "charge.succeeded")["data"]["object"]
        transaction = {
            "id": "txn_1",
            "object": "balance_transaction",
            "created": charge["created"] + 3 * 24 * 3600,
        }
        self.api.put(
            {**charge, "balance_transaction": "txn_1"},
            transaction,
            stripe_fixtures.load("basil", "customer.created")["data"]["object"],
        )
        self.source._enqueue_fetch("customer", charge["customer"])
        self.source._enqueue_fetch("payment", charge["id"])
        self.run_jobs()
        payment = self.env["account.payment"].search(
            [("saas_source_id", "=", self.source.id)]
        )
        made = fields.Date.to_date("2026-11-02")
        self.assertEqual(payment.date, made + timedelta(days=3))

    def test_pulled_objects_are_the_same_facts(self):
        """An invoice and its payment are booked from what is read as from events."""
        self.api.put(
            stripe_fixtures.load("basil", "invoice.paid-expanded")["data"]["object"],
            stripe_fixtures.load("basil", "charge.succeeded")["data"]["object"],
        )
        invoice = stripe_fixtures.object_id("basil", "invoice.paid-expanded")
        charge = stripe_fixtures.object_id("basil", "charge.succeeded")
        self.source._enqueue_fetch("invoice", invoice)
        self.source._enqueue_fetch("payment", charge)
        self.run_jobs()
        expected = MAIN_PAID.replace("M-", "2026-11-").strip()
        self.assertEqual(
            sorted(self.books().splitlines()), sorted(expected.splitlines())
        )


@tagged("post_install", "-at_install")
class TestLinkedFetch(PayingCommon, PullCommon):
    """The gateway's payment names an invoice that the platform has not told of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.platform.new_api_key = KEY

    def _sweep(self):
        """Sweep when what waits has waited long enough to be asked for, and do all
        jobs that this enqueues.
        """
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            self.env["saas.source"]._cron_sweep()
            jobs = self.run_jobs()
        return jobs.filtered(lambda job: job.method_name == "_job_fetch")

    def _pay_invoice(self):
        """Tell of a payment for an invoice that nobody has told of; return both."""
        invoice = stripe_fixtures.load("basil", "invoice.finalized")["data"]["object"]
        event = self.pay(document_links=self.by_id(invoice["id"]))
        self.assertState(event, "parked")
        return event, invoice

    def test_the_issuer_is_asked(self):
        """Once, and the payment settles the invoice."""
        event, invoice = self._pay_invoice()
        self.api.put(invoice)
        jobs = self._sweep()
        self.assertEqual(jobs.mapped("records"), [self.platform])
        self.drain_all()
        self.assertState(event, "done")
        self.assertEqual(self.open_items(), [])
        self.assertFalse(self._sweep())

    def test_the_issuer_has_no_such_invoice(self):
        """Nobody is told to check its key: another system may have the invoice."""
        event, _invoice = self._pay_invoice()
        jobs = self._sweep()
        self.assertEqual(jobs.mapped("state"), ["done"])
        self.assertIn("has no invoice", jobs.result)
        self.assertState(event, "parked")
        self.assertFalse(self.platform.activity_ids)
