from dataclasses import dataclass
from decimal import Decimal

from odoo import Command, models

from ..canonical.reasons import Reason


@dataclass(frozen=True)
class Transfer:
    """An amount that goes from one account to another because of an item.

    ``amount`` is in the currency of the item's fact; below zero it goes the other
    way. ``rate`` is units of that currency per unit of the company's, or None for the
    day's: what belongs to a document has the document's, so that nothing is left over
    when the two are reconciled. ``minor`` is what the binding keeps.
    """

    item: object
    kind: str
    external_id: str
    date: object
    debit: object
    credit: object
    amount: Decimal
    ref: str
    rate: float | None = None
    parent_ref: str | None = None
    minor: int = 0


class SaasLedgerTransfer(models.AbstractModel):
    """Books what is neither a document nor a payment, in the source's journal for
    such entries: one with numbers of its own, so no invoice number is drawn.
    """

    _name = "saas.ledger.transfer"
    _inherit = "saas.ledger"
    _description = "SaaS transfer handler"

    def _require(self, source, needs):
        """Quarantine items that need what the source has not been given.

        :param needs: pairs of an item and the name of the source's account field.
        """
        if not needs:
            return
        journal = source._get_misc_journal()
        for item, field in needs:
            if missing := self._get_missing_account(source, field):
                item.quarantine(Reason.INCOMPLETE_SETUP, missing)
            elif not journal:
                item.quarantine(
                    Reason.INCOMPLETE_SETUP,
                    self.env._("the company has no miscellaneous journal"),
                )

    def _post(self, source, entries):
        """Create, post and bind entries.

        :raises Quarantine: if one can't be booked on its day or in its currency.
        :return: the moves, in order.
        """
        if not entries:
            return self.env["account.move"]
        journal = source._get_misc_journal()
        currencies = self._check(source, entries, journal)
        moves = self.env["account.move"].create(
            [
                self._prepare_vals(source, entry, journal, currencies)
                for entry in entries
            ]
        )
        moves._post(soft=False)
        for entry, move in zip(entries, moves, strict=True):
            if move.date != entry.date:
                raise self._get_moved_error(move.date, entry.date)
        self.env["saas.binding"].create(
            [
                self._bind(
                    source,
                    entry.kind,
                    entry.external_id,
                    move,
                    parent_ref=entry.parent_ref,
                    amount=entry.minor,
                )
                for entry, move in zip(entries, moves, strict=True)
            ]
        )
        for entry, move in zip(entries, moves, strict=True):
            entry.item.log(f"{entry.kind}_posted", move, move.name)
        return moves

    def _undo(self, source, kind, pairs):
        """Reverse the entries of a kind that belong to documents, once: on the day
        the document came into its present state.

        :param pairs: items and their documents' moves. The entry has the same
            external id as the document, and there may be none.
        """
        refs = [item.fact.external_id for item, _move in pairs]
        bindings = self._get_bindings(source, kind, refs)
        if not bindings:
            return
        done = self._get_bindings(source, f"{kind}_reversal", refs)
        dated = [
            (item, entry, max(move.saas_state_date or entry.date, entry.date))
            for item, move in pairs
            if (ref := item.fact.external_id) in bindings and ref not in done
            for entry in [bindings[ref]._get_record()]
        ]
        reversal = self.env["saas.ledger.reversal"]
        for is_document, reverse in (
            (True, reversal._reverse_dated_documents),
            (False, reversal._reverse_dated_entries),
        ):
            own = [row for row in dated if row[1].is_invoice() == is_document]
            reverse(source, own, f"{kind}_reversal")

    def _get_receivable(self, move):
        """Return the receivable account of a document."""
        lines = move.line_ids
        return lines.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).account_id[:1]

    def _check(self, source, entries, journal):
        """Return the currencies by code, or raise what is wrong with an entry."""
        currencies = self.env["saas.ledger.currency"]._check(
            source, [(entry.item, entry.date) for entry in entries]
        )
        for entry in entries:
            error = entry.item.error or self._get_period_error(
                source, entry.date, journal
            )
            if error:
                raise error
        return currencies

    def _prepare_vals(self, source, entry, journal, currencies):
        currency = currencies[entry.item.fact.currency]
        partner = entry.item.tenant.partner_id.commercial_partner_id
        sides = [(entry.debit, entry.amount), (entry.credit, -entry.amount)]
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": source.company_id.id,
            "date": entry.date,
            "ref": entry.ref,
            "currency_id": currency.id,
            "saas_source_id": source.id,
            "saas_tenant_id": entry.item.tenant.id,
            "line_ids": [
                Command.create(
                    {
                        "account_id": account.id,
                        "partner_id": partner.id,
                        "name": entry.ref,
                        "currency_id": currency.id,
                        "amount_currency": float(amount),
                        **self._prepare_balance(source, amount, entry.rate),
                    }
                )
                for account, amount in sides
            ],
        }

    def _prepare_balance(self, source, amount, rate):
        """Return the amount in the company's currency, where a rate is given."""
        if not rate:
            return {}
        own = source.company_id.currency_id
        return {"balance": own.round(float(amount) / rate)}
