from odoo import models

from ..canonical.money import exact


class SaasLedgerReversal(models.AbstractModel):
    """Undoes what was posted, by its exact opposite: nothing posted is ever
    deleted or set back to draft.
    """

    _name = "saas.ledger.reversal"
    _inherit = "saas.ledger"
    _description = "SaaS reversal handler"

    def _reverse_documents(self, source, voided, kind):
        """Reverse invoices or credit notes in full, and reconcile the two.

        :param voided: triples of item, move and the moment it was voided.
        :param kind: kind of the reversal's binding.
        :raises Quarantine: if one would be dated into a locked period.
        """
        dated = [
            (item, move, max(source._localize_date(moment), move.invoice_date))
            for item, move, moment in voided
        ]
        self._reverse_dated_documents(source, dated, kind)

    def _reverse_dated_documents(self, source, dated, kind):
        """The same, with the day of each reversal instead of a moment."""
        if not dated:
            return
        self._check_periods(source, dated, has_tax=True)
        moves = self.env["account.move"].union(*(move for _i, move, _d in dated))
        moves.line_ids.remove_move_reconcile()
        reversals = moves._reverse_moves(
            [
                {
                    "date": date,
                    "invoice_date": date,
                    "invoice_date_due": date,
                    "invoice_payment_term_id": False,
                    "ref": move.ref,
                    # The same rate, so that both sides cancel out to zero.
                    "invoice_currency_rate": move.invoice_currency_rate,
                    "saas_source_id": source.id,
                    "saas_tenant_id": move.saas_tenant_id.id,
                }
                for _item, move, date in dated
            ]
        )
        for (_item, move, _date), reversal in zip(dated, reversals, strict=True):
            self._copy_taxes(move, reversal)
        reversals._post(soft=False)
        self._finish(source, dated, reversals, kind)

    def _reverse_entries(self, source, returned, kind):
        """Reverse the entries of payments, and reconcile the two.

        :param returned: triples of item, payment and the moment it came back.
        :raises Quarantine: if one would be dated into a locked period.
        """
        self._reverse_dated_entries(
            source,
            [
                (
                    item,
                    payment.move_id,
                    max(source._localize_date(moment), payment.date),
                )
                for item, payment, moment in returned
            ],
            kind,
        )

    def _reverse_dated_entries(self, source, dated, kind):
        """The same, of any entries, with the day of each reversal."""
        moves = self.env["account.move"].union(*(move for _i, move, _d in dated))
        moves.line_ids.remove_move_reconcile()
        self._reverse_posted(source, dated, kind)

    def _reverse_posted(self, source, dated, kind):
        """Reverse posted entries. What they are reconciled with stays so: posting
        reconciles the two as far as the original is open.

        :param dated: triples of item, move and the day to book on.
        :param kind: kind of the reversal's binding.
        :return: the reversals, in order.
        :raises Quarantine: if one would be dated into a locked period.
        """
        moves = self.env["account.move"].union(*(move for _i, move, _d in dated))
        if not moves:
            return moves
        self._check_periods(source, dated)
        reversals = moves._reverse_moves(
            [
                {
                    "date": date,
                    "ref": move.ref,
                    "saas_source_id": move.saas_source_id.id,
                    "saas_tenant_id": move.saas_tenant_id.id,
                }
                for _item, move, date in dated
            ]
        )
        reversals._post(soft=False)
        self._finish(source, dated, reversals, kind)
        return reversals

    def _check_periods(self, source, dated, has_tax=False):
        for _item, move, date in dated:
            if error := self._get_period_error(source, date, move.journal_id, has_tax):
                raise error

    def _copy_taxes(self, move, reversal):
        """Give the reversal the very tax amounts of the original, which may differ
        by a cent from what Odoo computes anew.
        """
        places = move.currency_id.decimal_places
        originals = move.line_ids.filtered("tax_repartition_line_id")
        for tax in originals.tax_line_id:
            mirrored = reversal.line_ids.filtered(
                lambda line, tax=tax: line.tax_line_id == tax
            )
            stated = -sum(
                exact(line.amount_currency, places)
                for line in originals
                if line.tax_line_id == tax
            )
            booked = sum(exact(line.amount_currency, places) for line in mirrored)
            if mirrored and stated != booked:
                amount = exact(mirrored[0].amount_currency, places)
                mirrored[0].amount_currency = float(amount + stated - booked)

    def _finish(self, source, dated, reversals, kind):
        """Bind and log the reversals. Posting has reconciled them."""
        self.env["saas.binding"].create(
            [
                self._bind(source, kind, item.fact.external_id, reversal)
                for (item, _move, _date), reversal in zip(dated, reversals, strict=True)
            ]
        )
        for (item, _move, _date), reversal in zip(dated, reversals, strict=True):
            item.log(kind, reversal, reversal.name)
