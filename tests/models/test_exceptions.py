from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestExceptions(SaasCommon):
    """What can't be booked waits with its reason, writes nothing, and goes through
    once a person has mended the cause and retries.
    """

    def _invoice(self, name="invoice.finalized", **changes):
        return stripe_fixtures.load("basil", name, **changes)

    def _deliver_refused(self, payload, reason):
        """Deliver an event that is quarantined, with nothing written."""
        event = self.deliver(payload)
        self.assertState(event, "quarantined", reason)
        self.assertTrue(event.detail)
        self.assertTrue(event.next_step)
        self.assertEqual(self.books(), "")
        self.assertWhole()
        return event

    def _retry(self, event):
        """Retry, as a person does; return the document that comes of it."""
        event.action_retry()
        self.drain()
        self.assertState(event, "done")
        self.assertWhole()
        return self.env["account.move"].search([("saas_source_id", "!=", False)])

    def test_unmapped_product(self):
        self.source.default_product_id = False
        event = self._deliver_refused(self._invoice(), "unmapped_product")
        line = self._invoice()["data"]["object"]["lines"]["data"][0]
        price = line["pricing"]["price_details"]["price"]
        self.assertIn(price, event.detail)
        self.source.product_mapping_ids = [
            Command.create({"external_id": price, "product_id": self.product_b.id})
        ]
        move = self._retry(event)
        self.assertEqual(move.invoice_line_ids.product_id, self.product_b)

    def test_unmapped_tax(self):
        self.source.tax_mapping_ids.unlink()
        event = self._deliver_refused(self._invoice(), "unmapped_tax")
        self.assertIn("txr_vat19", event.detail)
        self.source.default_tax_id = self.vat_19
        self.assertEqual(self._retry(event).amount_tax, 19)

    def test_tax_mismatch(self):
        """The mapped tax gives another amount: 100.00 at 7 % is not 19.00."""
        mapping = self.source.tax_mapping_ids.filtered(
            lambda mapping: mapping.external_id == "txr_vat19"
        )
        mapping.tax_id = self._create_vat(7)
        event = self._deliver_refused(self._invoice(), "tax_mismatch")
        self.assertRegex(event.detail, r"19\.00.*7\.00")
        mapping.tax_id = self.vat_19
        self.assertEqual(self._retry(event).amount_tax, 19)

    def test_tax_to_the_cent(self):
        """Within the rounding allowed, the source's cent is booked, not Odoo's."""
        for number, tax in enumerate((1899, 1900, 1901)):
            payload = self._invoice(id=f"in_{number}", total=10000 + tax)
            payload["id"] = f"evt_{number}"
            line = payload["data"]["object"]["lines"]["data"][0]
            line["taxes"][0]["amount"] = tax
            self.assertState(self.deliver(payload), "done")
        moves = self.env["account.move"].search(
            [("saas_source_id", "=", self.source.id)], order="id"
        )
        for move, tax in zip(moves, ("18.99", "19.00", "19.01"), strict=True):
            total = 100 + float(tax)
            self.assertEqual(
                self.journal_items(move),
                [
                    f"AR +{total:.2f} open +{total:.2f}",
                    "REV -100.00 {19% VAT}",
                    f"TAX -{tax}",
                ],
            )

    def test_amount_mismatch(self):
        self._deliver_refused(self._invoice(total=11901), "amount_mismatch")

    def test_untaxed_product_with_taxes(self):
        """Taxes come from the source alone: the product's own are not added."""
        self.assertTrue(self.product_a.taxes_id)
        payload = self._invoice(total=10000)
        payload["data"]["object"]["lines"]["data"][0]["taxes"] = []
        self.assertState(self.deliver(payload), "done")
        move = self.env["account.move"].search([("saas_source_id", "!=", False)])
        self.assertEqual(move.amount_tax, 0)
        self.assertEqual(move.amount_total, 100)

    def test_incomplete_payload(self):
        payload = self._invoice()
        payload["data"]["object"]["lines"]["has_more"] = True
        self._deliver_refused(payload, "incomplete_payload")

    def test_currency_inactive(self):
        payload = self._invoice("invoice.finalized-eur")
        self.eur.active = False
        event = self._deliver_refused(payload, "currency_mismatch")
        self.eur.active = True
        self.assertEqual(self._retry(event).currency_id, self.eur)

    def test_currency_without_rate(self):
        """Odoo would take 1.0 for a rate that is not there."""
        self.eur.rate_ids.name = "2026-11-12"
        event = self._deliver_refused(
            self._invoice("invoice.finalized-eur"), "currency_mismatch"
        )
        self.eur.rate_ids.name = "2026-11-11"
        self.assertEqual(self._retry(event).amount_total_signed, 148.75)

    def test_period_locked(self):
        """A locked period is never written into, by no kind of document."""
        self.company.fiscalyear_lock_date = "2026-11-02"
        event = self._deliver_refused(self._invoice(), "period_locked")
        self.company.fiscalyear_lock_date = False
        self.assertEqual(str(self._retry(event).date), "2026-11-02")
        self.company.fiscalyear_lock_date = "2026-11-30"
        books = self.books()
        for name in ("charge.succeeded", "invoice_payment.paid"):
            event = self.deliver(stripe_fixtures.load("basil", name))
            self.assertState(event, "quarantined", "period_locked")
        credit = stripe_fixtures.load("basil", "credit_note.created-post_payment")
        self.assertState(self.deliver(credit), "quarantined", "period_locked")
        voided = self._invoice(
            status="void",
            status_transitions={"finalized_at": 1793613600, "voided_at": 1793700000},
        )
        voided.update(id="evt_void", type="invoice.voided")
        self.assertState(self.deliver(voided), "quarantined", "period_locked")
        self.assertEqual(self.books(), books)
        self.assertWhole()

    def test_incomplete_setup(self):
        journal = self.source.sale_journal_id
        self.source.sale_journal_id = False
        event = self._deliver_refused(self._invoice(), "incomplete_setup")
        self.source.sale_journal_id = journal
        self._retry(event)
        self.source.clearing_journal_id = False
        event = self.deliver(stripe_fixtures.load("basil", "charge.succeeded"))
        self.assertState(event, "quarantined", "incomplete_setup")
        self.source.clearing_journal_id = self.clearing_journal
        self._retry(event)

    def test_missing_reference(self):
        """Who has waited too long is handed to a person."""
        event = self.deliver(stripe_fixtures.load("basil", "refund.created"))
        self.assertState(event, "parked")
        event.received_at = fields.Datetime.now() - timedelta(
            hours=self.source.park_hours + 1
        )
        self.env["saas.source"]._cron_sweep()
        self.assertState(event, "quarantined", "missing_reference")

    def test_credit_note_of_a_new_kind(self):
        """Its amounts say what it does, and a person is asked about the word."""
        invoice = stripe_fixtures.load("basil", "invoice.finalized")
        name = "credit_note.created-post_payment"
        books = []
        for changes in ({}, {"type": "post_mortem"}):
            savepoint = self.env.cr.savepoint()
            self.deliver(invoice)
            event = self.deliver(stripe_fixtures.load("basil", name, **changes))
            self.assertState(event, "done")
            books.append(self.books())
            asked = self.source.activity_ids.filtered(
                lambda activity: "post_mortem" in activity.summary
            )
            self.assertEqual(len(asked), len(changes))
            savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(*books)

    def test_money_counted_twice(self):
        """Two sums can't go by one id: one of the two is a mistake."""
        charge = stripe_fixtures.load("basil", "charge.succeeded")
        self.deliver(stripe_fixtures.load("basil", "customer.created"), charge)
        other = stripe_fixtures.load("basil", "charge.succeeded", payment_intent="pi_2")
        twin = stripe_fixtures.load("basil", "charge.succeeded", payment_intent="pi_3")
        other["id"], twin["id"] = "evt_other", "evt_twin"
        events = self.deliver(other, twin)
        self.assertState(events, "quarantined", "invalid_payload")
        self.assertEqual(self.books().count("SC +119.00"), 1)

    def test_one_object_of_two_customers(self):
        """Two events that can't both be in one batch don't hold up the others: the
        batch is cut until each is alone, and then the second finds the first.
        """
        payload = self._invoice()
        other = self._invoice(
            customer="cus_other",
            customer_email="other@example.com",
            customer_phone=None,
            customer_tax_ids=[],
        )
        other["id"] = "evt_other"
        third = self._invoice("invoice.finalized-discount")
        self.assertState(self.deliver(payload, other, third), "done")
        self.assertEqual(self.books().count("out_invoice"), 2)
