"""An invoice that a person entered by hand is the object's own once they say so.

Covers ledger/adoption.
"""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .deciding import DecidingCommon, load


@tagged("post_install", "-at_install")
class TestBoundDocuments(DecidingCommon):
    """Payments, credit notes, voids and losses find a bound invoice."""

    def test_a_bound_invoice_is_paid(self):
        event = self._quarantine_invoice()
        move = self._enter_document()
        self.deliver(load("invoice_payment.paid"))
        self._bind(event, move)
        self.assertState(event, "done")
        self.assertState(self.deliver(load("invoice.paid")), "done")
        self.assertEqual(move.payment_state, "paid")
        self.assertEqual(move.saas_state, "paid")
        self.assertEqual(self._sum(), {"REV": -100, "SC": 119, "TAX": -19})
        self.assertWhole()

    def test_a_bound_invoice_is_voided(self):
        event = self._quarantine_invoice("invoice.finalized-to_void")
        self._bind(event, self._enter_document(), note="Its day is the order's.")
        self.assertState(self.deliver(load("invoice.voided")), "done")
        self.assertEqual(self._sum(), {})

    def test_a_bound_invoice_is_credited(self):
        event = self._quarantine_invoice("invoice.finalized-to_credit")
        move = self._enter_document()
        self._bind(event, move, note="Its day is the order's.")
        credit = self.deliver(load("credit_note.created-pre_payment"))
        self.assertState(credit, "done")
        self.assertEqual(move.amount_residual, 59.5)

    def test_a_bound_invoice_is_lost(self):
        event = self._quarantine_invoice("invoice.marked_uncollectible")
        move = self._enter_document()
        self._bind(event, move, note="Its day is the order's.")
        self.assertState(event, "done")
        self.assertEqual(move.amount_residual, 0)
        self.assertEqual(self._sum(), {"BAD": 119, "REV": -100, "TAX": -19})

    def test_a_difference_needs_a_note_and_stays_in_sight(self):
        event = self._quarantine_invoice()
        move = self._enter_document(price=90)
        self._refuse(event, move, "107.10")
        self._bind(event, move, note="A discount was agreed.")
        [decision] = self.env["saas.resolution"].search([])
        self.assertIn("107.10", decision.difference)
        self.assertEqual(decision.note, "A discount was agreed.")

    def test_what_can_not_be_bound(self):
        event = self._quarantine_invoice()
        self._refuse(event, self._enter_document("out_refund"), "direction")
        euro = self._enter_document(currency_id=self.eur.id)
        self._refuse(event, euro, "USD")
        other = self._enter_document(partner_id=self.partner_b.id)
        self._refuse(event, other, other.partner_id.name)
        draft = self._enter_document()
        draft.button_draft()
        self._refuse(event, draft, "posted")
        self._bind(event, other, any_partner=True, note="It pays for its daughter.")
        self.assertState(event, "done")

    def test_candidates(self):
        """The likely one is first, and other companies' are not offered."""
        event = self._quarantine_invoice()
        far, near = self._enter_document(price=70), self._enter_document()
        foreign = self.setup_other_company(name="Elsewhere")["company"]
        wizard = (
            self.env["saas.object.bind"]
            .with_user(self.reviewer)
            .create({"event_ids": [Command.set(event.ids)]})
        )
        self.assertEqual(wizard.candidate_move_ids.ids, [near.id, far.id])
        journal = self.env["account.journal"].search(
            [("company_id", "=", foreign.id), ("type", "=", "general")], limit=1
        )
        move = self.env["account.move"].create({"journal_id": journal.id})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._bind(event, move)

    def test_what_was_given_up_waiting_is_freed(self):
        """What waited too long for the object goes on with the decision."""
        event = self._quarantine_invoice("invoice.finalized-to_credit")
        credit = self.deliver(load("credit_note.created-pre_payment"))
        credit.received_at = "2020-01-01"
        self.env["saas.source"]._cron_sweep()
        self.assertState(credit, "quarantined", "missing_reference")
        self._bind(event, self._enter_document(), note="Its day is the order's.")
        self.assertState(credit, "done")
