import json
from concurrent.futures import ThreadPoolExecutor

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.live import LiveCase, dev

#: A month of one customer, roughly backwards: order is not to matter.
STORY = (
    "refund.created-credited",
    "credit_note.created-post_payment",
    "credit_note.created-pre_payment",
    "invoice.voided",
    "invoice.payment_failed",
    "invoice.paid",
    "invoice.payment_succeeded",
    "invoice_payment.paid",
    "payment_intent.succeeded",
    "charge.succeeded",
    "invoice.finalized",
    "invoice.finalized-to_credit",
    "invoice.finalized-to_void",
    "invoice.finalized-discount",
    "customer.subscription.created",
    "customer.created",
)
#: What is posted in the end: kind, payment state, total, still due.
DOCUMENTS = {
    "invoice.finalized": ("out_invoice", "paid", 119.0, 0.0),
    "credit_note.created-post_payment": ("out_refund", "paid", 59.5, 0.0),
    "invoice.finalized-to_credit": ("out_invoice", "partial", 238.0, 178.5),
    "credit_note.created-pre_payment": ("out_refund", "paid", 59.5, 0.0),
    "invoice.finalized-to_void": ("out_invoice", "reversed", 119.0, 0.0),
    "invoice.finalized-discount": ("out_invoice", "not_paid", 178.5, 178.5),
    "invoice.payment_failed": ("out_invoice", "not_paid", 119.0, 119.0),
}
#: 119.00 came in and 59.50 went back; the three last invoices above are due.
BALANCES = {
    "clearing": 59.5,
    "asset_receivable": 178.5 + 178.5 + 119.0,
    "income": -50.0 - 150.0 - 150.0 - 100.0,
    "tax": -9.5 - 28.5 - 28.5 - 19.0,
}


class EndToEnd(LiveCase):
    """Signed events over HTTP, the job runner, and the books that come of it."""

    @classmethod
    def create_source(cls):
        source_id = super().create_source()
        cls.admin.add(
            "saas.tax.mapping",
            source_id=source_id,
            external_id="txr_vat19",
            tax_id=cls.create_vat(19),
        )
        return source_id

    def test_story(self):
        """A month, sent over four connections at once and some of it twice, is
        booked to the cent.
        """
        events = [stripe_fixtures.load("basil", name) for name in STORY]
        with ThreadPoolExecutor(4) as senders:
            statuses = list(senders.map(self.post, [*events, *events[::4]]))
        self.assertEqual(set(statuses), {200})
        self.wait_for_events(len(events))
        states = self.read_events()
        self.assertEqual(
            {
                name: states[event["id"]]
                for name, event in zip(STORY, events, strict=True)
            },
            dict.fromkeys(STORY, ("done", None, None)),
        )
        documents = self.read_documents()
        for name, expected in DOCUMENTS.items():
            with self.subTest(name):
                object_id = stripe_fixtures.object_id("basil", name)
                self.assertEqual(documents.pop(object_id), expected)
        self.assertEqual(documents, {})
        self.assertEqual(self.read_balances(), BALANCES)
        self.assertHealthy()
        customer = stripe_fixtures.load("basil", "customer.created")["data"]["object"]
        self.assertNotLogged(customer["email"])
        self.assertNotLogged(customer["name"])

    def test_sweep(self):
        """An event that no job covers, as after a crash between storing it and
        enqueuing a job, is found by the sweep's cron.
        """
        event = stripe_fixtures.load("basil", "customer.updated")
        self.sql(
            """INSERT INTO saas_subscription_event
                   (source_id, company_id, external_id, event_type, received_at,
                    body, state, attempts)
               SELECT id, company_id, %s, %s, now() AT TIME ZONE 'UTC', %s,
                      'received', 0
               FROM saas_source WHERE id = %s""",
            event["id"],
            event["type"],
            json.dumps(event).encode(),
            self.source_id,
        )
        self._wake_cron("ir_cron_saas_sweep")
        self.wait_for_events(1)
        self.assertEqual(self.read_events()[event["id"]], ("done", None, None))
        self.assertHealthy()

    def _wake_cron(self, name):
        """Let a cron be due now, and Odoo's own cron thread look for it."""
        self.sql(
            """UPDATE ir_cron SET nextcall = (now() AT TIME ZONE 'UTC') - interval '1 s'
               WHERE id = (SELECT res_id FROM ir_model_data
                           WHERE module = 'saas_billing_sync' AND name = %s)""",
            name,
        )
        dev("machine.database").execute(
            "SELECT pg_notify('cron_trigger', %s)", self.database
        )


@tagged("post_install", "-at_install")
class TestThreaded(EndToEnd):
    """One process with threads: Odoo's default."""


@tagged("post_install", "-at_install")
class TestWorkers(EndToEnd):
    """A process for each worker: how Odoo runs in production."""

    workers = 2


# The class they share has no server of its own to be tested on.
del EndToEnd
