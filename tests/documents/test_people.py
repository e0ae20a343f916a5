"""What a person did to a document in Odoo's own screens is not booked over. The next
step that the exception names ends with right books.

Covers handlers/documents/credit_note.
"""

from odoo import Command
from odoo.tests import tagged

from .one_invoice import OneInvoice


@tagged("post_install", "-at_install")
class TestPeople(OneInvoice):
    def _find(self, event):
        ref = event["data"]["object"]["id"]
        return self.env["account.move"].search([("saas_external_id", "=", ref)])

    def _credit_by_hand(self, move, net=None):
        """Reverse a document as Odoo's button does, in full or in part."""
        reversal = move._reverse_moves([{"invoice_date": move.invoice_date}])
        if net is not None:
            reversal.invoice_line_ids[0].price_unit = net
        reversal.action_post()
        lines = (move | reversal).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        if len(lines) > 1:
            lines.reconcile()
        return reversal

    def _check_refused(self, event, *words):
        """Check that an event went to a person, with both sides shown."""
        self.assertState(event, "quarantined", "changed_by_person")
        for word in words:
            self.assertIn(word, event.detail)

    def _retry(self, event):
        event.action_retry()
        self.drain()
        self.assertState(event, "done")
        self.assertWhole()

    # -- invoices -------------------------------------------------------------------

    def test_credited_in_part(self):
        """Credit what is left by hand and retry, and nothing more is booked."""
        self.deliver(self.finalized())
        invoice = self._find(self.finalized())
        credit = self._credit_by_hand(invoice, 30)
        books = self.books()
        event = self.deliver(self.voided(3))
        self._check_refused(event, invoice.ref, credit.name, "83.30")
        self.assertEqual(self.books(), books)
        self._credit_by_hand(invoice, 70)
        books = self.books()
        self._retry(event)
        self.assertEqual(self.books(), books)
        self.assertEqual((self.sums(), self.open_items()), ({}, {}))
        self.assertEqual(invoice.saas_state, "void")

    def test_credit_taken_back(self):
        """Take one's own change back and retry, and all of it is booked."""
        self.deliver(self.finalized())
        credit = self._credit_by_hand(self._find(self.finalized()), 30)
        event = self.deliver(self.voided(3))
        self._check_refused(event)
        credit.button_draft()
        credit.button_cancel()
        self._retry(event)
        self.assertEqual((self.sums(), self.open_items()), ({}, {}))

    def test_credited_in_full(self):
        """Nothing is left, so there is nothing to book and nobody to ask."""
        self.deliver(self.finalized())
        self._credit_by_hand(self._find(self.finalized()))
        books = self.books()
        self.assertState(self.deliver(self.voided(3)), "done")
        self.assertEqual(self.books(), books)

    def test_canceled(self):
        self.deliver(self.finalized())
        invoice = self._find(self.finalized())
        invoice.button_draft()
        invoice.button_cancel()
        self.assertState(self.deliver(self.voided(3)), "done")
        self.assertEqual(self.sums(), {})

    def test_reset_to_draft(self):
        """A draft says nothing yet: post it again, or cancel it."""
        self.deliver(self.finalized())
        invoice = self._find(self.finalized())
        invoice.button_draft()
        event = self.deliver(self.voided(3))
        self._check_refused(event, invoice.ref)
        invoice.action_post()
        self._retry(event)
        self.assertEqual((self.sums(), self.open_items()), ({}, {}))

    def test_paid_by_hand(self):
        """The money of a bank statement is not set free without a person."""
        self.deliver(self.finalized())
        invoice = self._find(self.finalized())
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        payment = wizard.create({"journal_id": self.payout_journal.id})
        payment = payment._create_payments()
        books = self.books()
        event = self.deliver(self.voided(3))
        self._check_refused(event, invoice.ref)
        self.assertEqual(self.books(), books)
        payment.move_id.line_ids.remove_move_reconcile()
        self._retry(event)
        self.assertEqual(self.sums()["AR"], -11900)

    # -- credit notes ---------------------------------------------------------------

    def test_credit_note_reversed_in_part(self):
        self.deliver(self.finalized(), self.credit(1))
        credit = self._find(self.credit(1))
        credit.line_ids.remove_move_reconcile()
        self._credit_by_hand(credit, 5)
        books = self.books()
        event = self.deliver(self.credit(1, voided=2))
        self._check_refused(event, credit.ref)
        self.assertEqual(self.books(), books)
        self._credit_by_hand(credit, 15)
        self._retry(event)
        self.assertEqual(self.sums(), {"AR": 11900, "REV": -10000, "TAX": -1900})
        self.assertEqual(credit.saas_state, "void")

    def test_credit_note_canceled(self):
        self.deliver(self.finalized(), self.credit(1))
        credit = self._find(self.credit(1))
        credit.button_draft()
        credit.button_cancel()
        books = self.books()
        self.assertState(self.deliver(self.credit(1, voided=2)), "done")
        self.assertEqual(self.books(), books)

    # -- losses ---------------------------------------------------------------------

    def test_loss_reversed_by_hand(self):
        """What somebody reversed stays so; the invoice's next snapshot asks."""
        self.deliver(self.given_up(2))
        loss = self.env["account.move"].search(
            [("saas_source_id", "=", self.source.id), ("move_type", "=", "entry")]
        )
        reversal = loss._reverse_moves([{"date": loss.date}], cancel=True)
        self.assertEqual(self.sums()["AR"], 11900)
        self.assertState(self.deliver(self.payment(4, 5000)), "done")
        self.assertEqual(self.sums()["AR"], 6900)
        event = self.deliver(self.invoice("invoice.updated", "uncollectible", 5, 6900))
        self._check_refused(event, reversal.name, "69.00")
        reversal.button_draft()
        reversal.button_cancel()
        self._retry(event)
        self.assertEqual((self.sums()["BAD"], self.open_items()), (6900, {}))

    # -- other set-ups ----------------------------------------------------------------

    def test_two_rates(self):
        """In the company's currency too, nothing is left at whatever rates."""
        self.env["res.currency.rate"].create(
            {
                "name": "2026-11-18",
                "rate": 0.7,
                "currency_id": self.eur.id,
                "company_id": self.company.id,
            }
        )
        events = [self.finalized(), self.credit(1), self.voided(3)]
        for event in events:
            event["data"]["object"]["currency"] = "eur"
        # Odoo books the exchange of either half to an account of its own.
        self.check_any_order(*events, GAIN=-425, LOSS=425)

    def test_three_decimals(self):
        """Dinars have a thousand parts, of which the last is always 0."""
        currency = self.setup_other_currency(
            "KWD", rates=[("2024-01-01", 0.3)], rounding=0.001
        )
        self.assertEqual(currency.decimal_places, 3)
        self.source.bad_debt_tax_relief = True
        events = [self.given_up(2), self.credit(3), self.payment(4, 5000)]
        events.append(self.voided(5, 4520))
        for event in events:
            event["data"]["object"]["currency"] = "kwd"
        self.deliver(*events)
        sums = self.sums()
        self.assertEqual(sums.pop("AR"), -sums.pop("SC"), self.books())
        # Odoo books to the cent what rounding leaves over between two currencies.
        self.assertEqual(sums.pop("GAIN", 0), -sums.pop("LOSS", 0))
        self.assertFalse(sums, self.books())

    def test_two_taxes(self):
        """Each tax is taken back as it is left, in its own report."""
        seven = self._create_vat(7)
        self.source.tax_mapping_ids = [
            Command.create({"external_id": "txr_vat7", "tax_id": seven.id})
        ]
        events = [self.finalized(total=22600), self.credit(1), self.voided(3)]
        for event in (events[0], events[2]):
            lines = event["data"]["object"]["lines"]["data"]
            more = {**lines[0], "id": "il_more", "amount": 10000}
            tax = {**more["taxes"][0], "amount": 700}
            tax["tax_rate_details"] = {"tax_rate": "txr_vat7"}
            lines.append({**more, "taxes": [tax]})
            event["data"]["object"].update(total=22600)
        self.check_any_order(*events)
        self.deliver(*events)
        moves = self.env["account.move"].search([("company_id", "=", self.company.id)])
        for tax in self.vat_19 | seven:
            lines = moves.line_ids.filtered(
                lambda line, tax=tax: line.tax_line_id == tax
            )
            self.assertEqual(sum(lines.mapped("balance")), 0)
