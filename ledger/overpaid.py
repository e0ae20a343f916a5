from odoo import models
from odoo.fields import Domain

from ..canonical.kinds import Kind


class SaasLedgerOverpaid(models.AbstractModel):
    """Keeps what payments of an invoice close beside it: an excess, for which an entry
    of its own is owed. It is closed before the invoice, of which something else may
    close a part: a credit note, whichever is told first.
    """

    _name = "saas.ledger.overpaid"
    _description = "SaaS ledger of overpaid invoices"

    def _get_moves(self, source, by_kind):
        """Return the entries that payments of an invoice close beside the invoice, by
        invoice: what was overpaid, and what an earlier invoice left to collect.
        """
        if Kind.PAYMENT not in by_kind or Kind.INVOICE not in by_kind:
            return {}
        invoices = list(by_kind[Kind.INVOICE])
        bindings = self.env["saas.binding"].search(
            Domain("source_id", "=", source.id)
            & (
                Domain("kind", "=", Kind.INVOICE_OVERPAID)
                & Domain("parent_ref", "in", invoices)
                | Domain("kind", "=", Kind.INVOICE_CREDIT)
                & Domain("external_id", "in", invoices)
            )
        )
        moves = self.env["account.move"]
        groups = bindings.grouped(lambda b: b.parent_ref or b.external_id)
        return {
            ref: moves.union(*(binding._get_record() for binding in group))
            for ref, group in groups.items()
        }

    def _loosen(self, rows, lines):
        """Take payments from invoices while an entry beside these is open, so that they
        close that first.

        :param rows: pairs of objects that belong together.
        :param lines: receivable items by the kind and external id of their objects.
        """
        partials = self.env["account.partial.reconcile"]
        for row in rows:
            beside = lines.get((Kind.INVOICE_OVERPAID, row.debit_ref), ())
            if row.credit_kind == Kind.PAYMENT and not all(
                x.reconciled for x in beside
            ):
                credit = lines.get((row.credit_kind, row.credit_ref))
                invoice = lines.get((row.debit_kind, row.debit_ref))
                if credit and invoice:
                    partials |= invoice.matched_credit_ids.filtered(
                        lambda partial, own=credit: partial.credit_move_id in own
                    )
        partials.unlink()
