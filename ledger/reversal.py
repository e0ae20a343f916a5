from odoo import models

from ..canonical.actions import REVERSED
from ..canonical.kinds import REVERSALS
from ..canonical.money import exact


class SaasLedgerReversal(models.AbstractModel):
    """Undoes what was posted, by its exact opposite: nothing posted is ever
    deleted or set back to draft.

    Rows are triples of an item, a posted move and the day to book its reversal on. A
    reversal is bound by its kind and the external id of the item's fact.
    """

    _name = "saas.ledger.reversal"
    _description = "SaaS ledger reversals"

    def _reverse_documents(self, source, rows, kind):
        """Reverse invoices or credit notes in full, and reconcile the two.

        :param rows: items, moves and days.
        :param kind: kind of the reversal's binding.
        :raises Quarantine: if one would be dated into a locked period.
        """
        if not rows:
            return
        self._check_periods(source, rows, has_tax=True)
        moves = self._join(rows)
        moves.line_ids.remove_move_reconcile()
        reversals = moves._reverse_moves(
            [
                {
                    "date": date,
                    "invoice_date": date,
                    "invoice_date_due": date,
                    "invoice_payment_term_id": False,
                    "ref": move.ref,
                    # The reversal has the original's rate, so that both sides cancel
                    # out to zero.
                    "invoice_currency_rate": move.invoice_currency_rate,
                    "saas_source_id": source.id,
                    "saas_tenant_id": move.saas_tenant_id.id,
                }
                for _item, move, date in rows
            ]
        )
        for (_item, move, _date), reversal in zip(rows, reversals, strict=True):
            self._copy_taxes(move, reversal)
        self._post(source, rows, reversals, kind)
        self.env["saas.ledger.revenue.taken_back"]._follow(
            source,
            [
                (move, reversal)
                for (_item, move, _date), reversal in zip(rows, reversals, strict=True)
            ],
        )

    def _reverse_entries(self, source, rows, kind):
        """Reverse entries, and reconcile the two in full: what they were reconciled
        with is open again.

        :param rows: items, moves and days.
        :param kind: kind of the reversal's binding.
        :raises Quarantine: if one would be dated into a locked period.
        """
        self._join(rows).line_ids.remove_move_reconcile()
        self._reverse_open(source, rows, kind)

    def _reverse_open(self, source, rows, kind):
        """Reverse entries. Each stays reconciled with what it was reconciled with:
        posting reconciles the two as far as the original is open.

        :param rows: items, moves and days.
        :param kind: kind of the reversal's binding.
        :return: the reversals, in order.
        :raises Quarantine: if one would be dated into a locked period.
        """
        moves = self._join(rows)
        if not moves:
            return moves
        self._check_periods(source, rows)
        reversals = moves._reverse_moves(
            [
                {
                    "date": date,
                    "ref": move.ref,
                    "saas_source_id": move.saas_source_id.id,
                    "saas_tenant_id": move.saas_tenant_id.id,
                    "saas_dispute_id": move.saas_dispute_id.id,
                }
                for _item, move, date in rows
            ]
        )
        self._post(source, rows, reversals, kind)
        return reversals

    def _undo(self, source, kind, pairs):
        """Reverse what was booked beside documents, once: on the day each document
        came into its present state.

        :param kind: kind of the bindings of what is undone, which have the external
            ids of the documents. There may be none for a document.
        :param pairs: items and their documents' moves.
        """
        bindings = self.env["saas.binding"]
        refs = [item.fact.external_id for item, _move in pairs]
        booked = bindings._find(source, kind, refs)
        if not booked:
            return
        done = bindings._find(source, REVERSALS[kind], refs)
        rows = [
            (item, entry, max(move.saas_state_date or entry.date, entry.date))
            for item, move in pairs
            if (ref := item.fact.external_id) in booked and ref not in done
            for entry in [booked[ref]._get_record()]
        ]
        for is_document, reverse in (
            (True, self._reverse_documents),
            (False, self._reverse_entries),
        ):
            own = [row for row in rows if row[1].is_invoice() == is_document]
            reverse(source, own, REVERSALS[kind])

    def _join(self, rows):
        """Return the moves of rows, in order."""
        return self.env["account.move"].union(*(move for _item, move, _date in rows))

    def _check_periods(self, source, rows, has_tax=False):
        """Raise the error of the first row whose day can't be booked."""
        for _item, move, date in rows:
            if error := self.env["saas.ledger.period"]._get_error(
                source, date, move.journal_id, has_tax
            ):
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

    def _post(self, source, rows, reversals, kind):
        """Post, bind and log reversals. Posting reconciles them with the originals.

        :raises Quarantine: as ``period_locked``, if Odoo moves one to another day.
        """
        reversals._post(soft=False)
        self.env["saas.ledger.period"]._check_kept(
            reversals, [date for _item, _move, date in rows]
        )
        bindings = self.env["saas.binding"]
        bindings.create(
            [
                bindings._prepare_vals(source, kind, item.fact.external_id, reversal)
                for (item, _move, _date), reversal in zip(rows, reversals, strict=True)
            ]
        )
        for (item, _move, _date), reversal in zip(rows, reversals, strict=True):
            item.log(REVERSED[kind], reversal, reversal.name)
