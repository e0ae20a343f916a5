"""The comparison sees what is left of documents: it finds each kind of wrong books that
is planted, and nothing on right ones.
"""

from odoo.tests import tagged

from ..documents.one_invoice import OneInvoice
from ..support.reconciling import ReconcileCommon


@tagged("post_install", "-at_install")
class TestReconcileDocuments(OneInvoice, ReconcileCommon):
    def _happen(self, *events):
        """Have events happen at the source and be booked; find nothing wrong."""
        self.api.put_events(*events)
        self.assertState(self.deliver(*events), "done")
        self.reconcile("invoice", "credit_note")
        self.assertEqual(self.found(), [])

    def _plant(self, move):
        """Cancel what was posted, as a person can, and compare anew."""
        move.button_draft()
        move.button_cancel()
        self.reconcile("invoice", "credit_note")
        return self.found()

    def _beside(self, move_type="entry"):
        """Return the newest of what is booked beside the documents."""
        return self.env["account.move"].search(
            [
                ("saas_source_id", "=", self.source.id),
                ("saas_external_id", "=", False),
                ("move_type", "=", move_type),
            ],
            order="id desc",
            limit=1,
        )

    def _find(self, event):
        ref = event["data"]["object"]["id"]
        return self.env["account.move"].search([("saas_external_id", "=", ref)])

    def test_right_books(self):
        """Whatever happened to the invoice."""
        both = self.credit(3), self.payment(4, 5000)
        for story in (
            (self.invoice("invoice.updated", "open", 1, 9520), self.credit(1)),
            (self.finalized(), self.credit(1), self.voided(3, 9520)),
            (
                self.finalized(),
                self.credit(1),
                self.credit(1, voided=2),
                self.voided(3),
            ),
            (self.finalized(), self.voided(3), self.credit(1)),
            (self.given_up(2), self.given_up(5, 4520, "invoice.updated"), *both),
            (self.given_up(2), self.payment(4, 11900), self.paid(4)),
            (self.given_up(2), self.credit(3), self.voided(4, 9520)),
        ):
            self.api.reset()
            told = [event["id"] for event in story]
            with self.subTest(story=told), self.env.cr.savepoint() as save:
                self._happen(*story)
                save.rollback()

    def test_void_that_is_not_taken_back(self):
        self._happen(self.finalized(), self.credit(1), self.voided(3, 9520))
        found = self._plant(self._beside("out_refund"))
        self.assertIn("invoice different net_left: 0.00 USD / 80.00 USD", found)
        self.assertIn("invoice different tax_left: 0.00 USD / 15.20 USD", found)
        self.assertIn("invoice different amount_remaining: 0.00 USD / 95.20 USD", found)

    def test_void_that_is_taken_back_twice(self):
        """As it was: a credit note's part, too, was taken back."""
        self._happen(self.finalized(), self.voided(3), self.credit(1))
        found = self._plant(self._beside("out_invoice"))
        self.assertIn("invoice different net_left: 0.00 USD / -20.00 USD", found)
        self.assertIn("invoice different tax_left: 0.00 USD / -3.80 USD", found)
        self.assertIn(
            "invoice different amount_remaining: 0.00 USD / -23.80 USD", found
        )

    def test_loss_of_what_was_paid(self):
        """As it was: the loss stays, whatever comes in."""
        last = self.given_up(5, 6900, "invoice.updated")
        self._happen(self.given_up(2), self.payment(4, 5000), last)
        found = self._plant(self._beside())
        self.assertIn("invoice different uncollectible: 69.00 USD / 119.00 USD", found)

    def test_loss_that_is_not_booked(self):
        self._happen(self.given_up(2))
        found = self._plant(self._beside())
        self.assertEqual(
            found,
            [
                "invoice different amount_remaining: 0.00 USD / 119.00 USD",
                "invoice different uncollectible: 119.00 USD / 0.00 USD",
            ],
        )

    def test_credit_note_that_is_not_taken_back(self):
        events = self.finalized(), self.credit(1), self.credit(1, voided=2)
        self._happen(*events)
        found = self._plant(self._beside("out_invoice"))
        self.assertIn("credit_note different total_left: 0.00 USD / 23.80 USD", found)

    def test_document_that_somebody_canceled(self):
        self._happen(self.finalized())
        found = self._plant(self._find(self.finalized()))
        self.assertIn("invoice different total: 119.00 USD / 0.00 USD", found)

    def test_document_that_somebody_reversed(self):
        self._happen(self.finalized())
        invoice = self._find(self.finalized())
        invoice._reverse_moves([{"date": invoice.date}], cancel=True)
        self.reconcile("invoice")
        self.assertIn("invoice different total: 119.00 USD / 0.00 USD", self.found())
