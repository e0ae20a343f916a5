"""Numbers drawn with one look-up for a batch are those that Odoo draws one by one."""

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.books import Undo
from ..support.common import SaasCommon

#: Moments in two months and two years, and one twice.
_MOMENTS = (1735603200, 1735689600, 1735689600, 1738368000, 1735776000)


@tagged("post_install", "-at_install")
class TestSequence(SaasCommon):
    def test_numbers_are_those_of_the_normal_way(self):
        for journal_vals in ({}, {"refund_sequence": False}):
            with self.subTest(**journal_vals):
                self.source.sale_journal_id.write(journal_vals)
                numbers = self._draw()
                self.assertEqual(len(numbers), 4 * len(_MOMENTS))
                self.assertEqual(numbers, self._draw(normally=True))

    def test_a_rolled_back_number_is_drawn_again(self):
        """A bad document in a batch halves it, and leaves no gap behind."""
        payloads = self._make_documents()
        payloads[4]["data"]["object"]["total"] += 1
        self.deliver(*payloads)
        moves = self._get_moves()
        self.assertEqual(len(moves), 2 * len(_MOMENTS) - 1)
        self.assertFalse(any(moves.mapped("made_sequence_gap")))

    def _draw(self, normally=False):
        """Book invoices and payments in one batch, and once more in another; return
        their numbers and leave nothing behind.
        """
        move_class = self.env.registry["account.move"]
        original = move_class._get_next_sequence_format
        if normally:
            self.patch(
                move_class,
                "_get_next_sequence_format",
                lambda move: original(move.with_context(saas_pipeline=None)),
            )
        try:
            with self.env.cr.savepoint():
                for batch in ("a", "b"):
                    self.deliver(*self._make_documents(batch))
                numbers = {
                    (m.move_type, m.saas_external_id or m.ref, m.date): m.name
                    for m in self._get_moves()
                }
                raise Undo
        except Undo:
            move_class._get_next_sequence_format = original
            return numbers

    def _get_moves(self):
        return self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted")]
        )

    def _make_documents(self, batch="a"):
        """Return events of invoices, every other one below zero, and of charges, each
        of a customer of its own, so that they are booked in one go.
        """
        payloads = []
        for number, moment in enumerate(_MOMENTS):
            name = "invoice.finalized" + ("-negative" if number % 2 else "")
            invoice = stripe_fixtures.load("before", name)
            data = invoice["data"]["object"]
            data["status_transitions"]["finalized_at"] = moment
            data.update(id=f"in_{batch}{number}", number=f"{batch}{number}")
            data.update(due_date=None, charge=None, payment_intent=None)
            # Else there is an entry of the customer's balance, too.
            data.update(starting_balance=0, ending_balance=0)
            charge = stripe_fixtures.load("before", "charge.succeeded")
            charge["created"] = moment
            charge["data"]["object"].update(
                id=f"ch_{batch}{number}", payment_intent=None, invoice=None
            )
            data.update(customer_email=f"{number}@example.com", customer_tax_ids=[])
            data.update(customer_phone=None)
            for event, kind in ((invoice, "i"), (charge, "c")):
                event["id"] = f"evt_{kind}{batch}{number}"
                event["data"]["object"]["customer"] = f"cus_{number}"
                payloads.append(event)
        return payloads
