from odoo import models

from ...canonical.kinds import Kind
from ...ledger.entry import OTHER, Entry, transfer


class SaasDocumentsCustomerCredit(models.AbstractModel):
    """Books the customer credit that documents use up or add. The credit is a liability
    from the first day, so such an amount moves between its account and the receivable.
    """

    _name = "saas.documents.customer_credit"
    _description = "SaaS customer credit of documents"

    def _check_invoices(self, source, items):
        """Quarantine invoices that need the account of customer credit, if there is
        none.
        """
        self.env["saas.ledger.entry"]._require(
            source,
            OTHER,
            [
                (item, "balance_account_id")
                for item in items
                if item.fact.credit_change or item.fact.overpaid
            ],
        )

    def _apply_invoices(self, source, pairs):
        """Bring the customer credit of invoices to the state that items tell.

        :param pairs: items and the moves of their invoices.
        """
        void = [(item, move) for item, move in pairs if move.saas_state == "void"]
        # An opening item is what was still due. It does not hold the part of the
        # invoice that credit had paid before the cut-over.
        old = {i for i, _m in pairs if source._is_before_cutover(i.fact.issued_at)}
        self.env["saas.ledger.entry"]._book_or_raise(
            source,
            [
                *self._prepare_changes(source, [p for p in pairs if p[0] not in old]),
                *self._prepare_overpaid(source, pairs),
                *self._prepare_given_back(source, [p for p in void if p[0] in old]),
            ],
        )
        self.env["saas.ledger.reversal"]._undo(source, Kind.INVOICE_CREDIT, void)

    def _get_pairs(self, items):
        """Return which entries pay which invoices, for ``saas.ledger.settlement``."""
        return [
            (
                Kind.INVOICE,
                item.fact.external_id,
                Kind.INVOICE_CREDIT,
                item.fact.external_id,
            )
            for item in items
            if item.fact.credit_change
        ]

    def _prepare_changes(self, source, pairs):
        """Return the entries of the credit that invoices used up, or that they left."""
        return [
            self._prepare_entry(
                item,
                Kind.INVOICE_CREDIT,
                move,
                (source.balance_account_id, self._get_receivable(move)),
                item.fact.credit_change,
                rate=move.invoice_currency_rate,
            )
            for item, move in self._filter_new(source, Kind.INVOICE_CREDIT, pairs)
        ]

    def _prepare_given_back(self, source, pairs):
        """Return the entries of the credit that void invoices give back, where it had
        paid a part of them before the cut-over: their opening items are the rest.
        """
        kind = Kind.INVOICE_CREDIT_GIVEN_BACK
        return [
            self._prepare_entry(
                item,
                kind,
                move,
                (source.opening_account_id, source.balance_account_id),
                item.fact.credit_change,
                date=max(move.saas_state_date, move.invoice_date),
            )
            for item, move in self._filter_new(source, kind, pairs)
        ]

    def _filter_new(self, source, kind, pairs):
        """Return the pairs whose invoices change the credit, and are not bound yet."""
        changed = [(i, move) for i, move in pairs if i.fact.credit_change]
        known = self.env["saas.binding"]._find(
            source, kind, [item.fact.external_id for item, _move in changed]
        )
        return [(i, move) for i, move in changed if i.fact.external_id not in known]

    def _prepare_overpaid(self, source, pairs):
        """Return the entries of what is overpaid and not booked: the source tells the
        sum of all.
        """
        overpaid = [(item, move) for item, move in pairs if item.fact.overpaid]
        if not overpaid:
            return []
        groups = self.env["saas.binding"]._read_group(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.INVOICE_OVERPAID),
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
            entry = self._prepare_entry(
                item,
                Kind.INVOICE_OVERPAID,
                move,
                (self._get_receivable(move), source.balance_account_id),
                due,
                date=max(date, move.invoice_date),
            )
            entry.ref = f"{fact.external_id}:{fact.overpaid}"
            entry.binding["parent_ref"] = fact.external_id
            entries.append(entry)
        return entries

    def _check_credit_notes(self, source, items):
        """Quarantine credit notes that need the account of customer credit, if there
        is none.
        """
        self.env["saas.ledger.entry"]._require(
            source,
            OTHER,
            [(item, "balance_account_id") for item in items if item.fact.to_credit],
        )

    def _apply_credit_notes(self, source, triples):
        """Add to customers' credit what credit notes give them as credit.

        :param triples: items, the moves of their credit notes, and how much in minor
            units.
        """
        known = self.env["saas.binding"]._find(
            source,
            Kind.CREDIT_NOTE_CREDIT,
            [item.fact.external_id for item, _move, amount in triples if amount],
        )
        self.env["saas.ledger.entry"]._book_or_raise(
            source,
            [
                self._prepare_entry(
                    item,
                    Kind.CREDIT_NOTE_CREDIT,
                    move,
                    (self._get_receivable(move), source.balance_account_id),
                    amount,
                    rate=move.invoice_currency_rate,
                )
                for item, move, amount in triples
                if amount and item.fact.external_id not in known
            ],
        )
        void = [(i, move) for i, move, _amount in triples if move.saas_state == "void"]
        self.env["saas.ledger.reversal"]._undo(source, Kind.CREDIT_NOTE_CREDIT, void)

    def _prepare_entry(self, item, kind, move, sides, minor, date=None, rate=None):
        """Return an entry beside a document.

        :param move: the document's move.
        :param sides: the accounts to debit and to credit.
        :param minor: how much, in minor units; below zero it goes the other way.
        :param date: the day, if not the document's.
        """
        fact, partner = item.fact, item.tenant.booking_partner_id.commercial_partner_id
        return Entry(
            item,
            OTHER,
            kind,
            fact.external_id,
            date or move.invoice_date,
            transfer(*sides, fact.decimal(minor), move.ref, partner),
            text=move.ref,
            rate=rate,
            binding={"amount": minor},
        )

    def _get_receivable(self, move):
        return self.env["saas.ledger.document"]._get_receivable(move)
