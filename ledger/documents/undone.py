from odoo import models

from ...canonical.kinds import Kind


class SaasLedgerUndone(models.AbstractModel):
    """Reads what closed a part of invoices for some time only: credit notes that were
    taken back, and payments that were taken off an invoice or failed. It writes
    nothing.
    """

    _name = "saas.ledger.documents.undone"
    _description = "SaaS ledger undone settlements"

    def _read(self, source, refs):
        """Return by invoice, for each of them: the day since which it closed the
        invoice, the day until which it did, and how much, as a Decimal.
        """
        rows = self.env["saas.settlement"].search(
            [
                ("source_id", "=", source.id),
                ("debit_kind", "=", Kind.INVOICE),
                ("debit_ref", "in", list(refs)),
                ("credit_kind", "in", (Kind.CREDIT_NOTE, Kind.PAYMENT)),
                ("amount", "!=", 0),
            ]
        )
        groups = rows.grouped("credit_kind")
        none = rows.browse()
        undone = {}
        for row, days in (
            *self._get_voided(source, groups.get(Kind.CREDIT_NOTE, none)),
            *self._get_ended(source, groups.get(Kind.PAYMENT, none)),
        ):
            undone.setdefault(row.debit_ref, []).append((*days, row._get_limit()))
        return undone

    def _get_voided(self, source, rows):
        """Yield pairs of a credit note that was taken back, and its two days."""
        find, refs = self.env["saas.binding"]._find, rows.mapped("credit_ref")
        undone = find(source, Kind.CREDIT_NOTE_VOID, refs)
        credit_notes = find(source, Kind.CREDIT_NOTE, list(undone))
        for row in rows:
            if row.credit_ref in undone:
                credit_note = credit_notes[row.credit_ref]._get_record()
                yield (
                    row,
                    (credit_note.date, undone[row.credit_ref]._get_record().date),
                )

    def _get_ended(self, source, rows):
        """Yield pairs of a payment that doesn't pay its invoice any longer, and its
        two days. One that isn't booked has closed nothing.
        """
        over = rows.filtered(lambda row: row._is_over())
        payments = self.env["saas.binding"]._find(
            source, Kind.PAYMENT, over.mapped("credit_ref")
        )
        for row in over:
            payment = (
                row.credit_ref in payments and payments[row.credit_ref]._get_record()
            )
            if payment:
                ended = source._localize_date(row.ended_at)
                yield row, (payment.date, max(ended, payment.date))
