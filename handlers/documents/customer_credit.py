from odoo import models

from ...ledger.transfer import Transfer


class SaasDocumentsCustomerCredit(models.AbstractModel):
    """A customer's credit at the source is a liability from the first day: what a
    document takes off it or puts onto it moves between there and the receivable.
    """

    _name = "saas.documents.customer_credit"
    _inherit = "saas.ledger.transfer"
    _description = "SaaS customer balance handler"

    def _check_invoices(self, source, items):
        """Quarantine invoices that need the account of balances, if there is none."""
        self._require(
            source,
            [
                (item, "balance_account_id")
                for item in items
                if item.fact.balance_change or item.fact.overpaid
            ],
        )

    def _apply_invoices(self, source, pairs):
        """Bring the entries of invoices' balances to the state that items tell.

        :param pairs: items and the moves of their invoices.
        """
        void = [(item, move) for item, move in pairs if move.saas_state == "void"]
        # What an opening item says was open is less what the balance had paid of it.
        old = {i for i, _m in pairs if source._is_before_cutover(i.fact.issued_at)}
        self._post(
            source,
            [
                *self._prepare_changes(source, [p for p in pairs if p[0] not in old]),
                *self._prepare_overpaid(source, pairs),
                *self._prepare_given_back(source, [p for p in void if p[0] in old]),
            ],
        )
        self._undo(source, "invoice_balance", void)

    def _get_settlements(self, items):
        """Return which entries settle which invoices."""
        return [
            ("invoice", item.fact.external_id, "invoice_balance", item.fact.external_id)
            for item in items
            if item.fact.balance_change
        ]

    def _prepare_changes(self, source, pairs):
        changed = [(i, move) for i, move in pairs if i.fact.balance_change]
        known = self._get_bindings(
            source, "invoice_balance", [i.fact.external_id for i, _move in changed]
        )
        return [
            Transfer(
                item=item,
                kind="invoice_balance",
                external_id=fact.external_id,
                date=move.invoice_date,
                debit=source.balance_account_id,
                credit=self._get_receivable(move),
                amount=fact.decimal(fact.balance_change),
                ref=move.ref,
                rate=move.invoice_currency_rate,
                minor=fact.balance_change,
            )
            for item, move in changed
            if (fact := item.fact).external_id not in known
        ]

    def _prepare_given_back(self, source, pairs):
        """Return what void invoices give back to balances that had paid a part of
        them before the cut-over: the rest of the invoice is the opening item.
        """
        kind = "invoice_balance_given_back"
        changed = [(i, move) for i, move in pairs if i.fact.balance_change]
        known = self._get_bindings(
            source, kind, [i.fact.external_id for i, _move in changed]
        )
        return [
            Transfer(
                item=item,
                kind=kind,
                external_id=fact.external_id,
                date=max(move.saas_state_date, move.invoice_date),
                debit=source.opening_account_id,
                credit=source.balance_account_id,
                amount=fact.decimal(fact.balance_change),
                ref=move.ref,
                minor=fact.balance_change,
            )
            for item, move in changed
            if (fact := item.fact).external_id not in known
        ]

    def _prepare_overpaid(self, source, pairs):
        """Return what is overpaid and not booked: the source tells the sum of all."""
        overpaid = [(item, move) for item, move in pairs if item.fact.overpaid]
        if not overpaid:
            return []
        groups = self.env["saas.binding"]._read_group(
            [
                ("source_id", "=", source.id),
                ("kind", "=", "invoice_overpaid"),
                ("parent_ref", "in", [item.fact.external_id for item, _m in overpaid]),
            ],
            ["parent_ref"],
            ["amount:sum"],
        )
        booked = dict(groups)
        entries = []
        for item, move in overpaid:
            fact = item.fact
            due = fact.overpaid - booked.get(fact.external_id, 0)
            if due <= 0:
                continue
            date = source._localize_date(fact.overpaid_at or fact.issued_at)
            entries.append(
                Transfer(
                    item=item,
                    kind="invoice_overpaid",
                    external_id=f"{fact.external_id}:{fact.overpaid}",
                    date=max(date, move.invoice_date),
                    debit=self._get_receivable(move),
                    credit=source.balance_account_id,
                    amount=fact.decimal(due),
                    ref=move.ref,
                    parent_ref=fact.external_id,
                    minor=due,
                )
            )
        return entries

    def _check_credit_notes(self, source, items):
        self._require(
            source,
            [(item, "balance_account_id") for item in items if item.fact.to_balance],
        )

    def _apply_credit_notes(self, source, triples):
        """Put onto customers' balances what credit notes credit to them.

        :param triples: items, the moves of their credit notes, and how much in minor
            units.
        """
        known = self._get_bindings(
            source,
            "credit_note_balance",
            [item.fact.external_id for item, _move, amount in triples if amount],
        )
        self._post(
            source,
            [
                Transfer(
                    item=item,
                    kind="credit_note_balance",
                    external_id=item.fact.external_id,
                    date=move.invoice_date,
                    debit=self._get_receivable(move),
                    credit=source.balance_account_id,
                    amount=item.fact.decimal(amount),
                    ref=move.ref,
                    rate=move.invoice_currency_rate,
                    minor=amount,
                )
                for item, move, amount in triples
                if amount and item.fact.external_id not in known
            ],
        )
        void = [(i, move) for i, move, _amount in triples if move.saas_state == "void"]
        self._undo(source, "credit_note_balance", void)
