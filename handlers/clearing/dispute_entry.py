from datetime import UTC

from odoo import models

from ...canonical.kinds import Kind
from ...ledger.entry import CLEARING, Entry, journal_item, transfer


class SaasClearingDisputeEntry(models.AbstractModel):
    """Books the entries of disputes: each movement of money once, and the loss."""

    _name = "saas.clearing.dispute_entry"
    _description = "SaaS entries of disputes"

    def _book_movements(self, source, items, records):
        """Book the movements of money that are not booked yet."""
        known = self.env["saas.binding"]._find(
            source,
            Kind.DISPUTE_MOVEMENT,
            [part.external_id for item in items for part in item.fact.movements],
        )
        ledger, fees = self.env["saas.ledger.entry"], self.env["saas.clearing.fee"]
        new = [
            (item, part)
            for item in items
            for part in item.fact.movements
            if part.external_id not in known
        ]
        ledger._require(
            source,
            CLEARING,
            [
                (item, field)
                for item, part in new
                for field in (
                    "dispute_account_id",
                    *fees._get_needs(source, part.fee_parts),
                )
            ],
        )
        entries, currencies = ledger._check(
            source,
            [
                self._start(
                    source, item, part, Kind.DISPUTE_MOVEMENT, records, part.moved_at
                )
                for item, part in new
                if not item.error
            ],
        )
        rates = self.env["saas.ledger.rates"]._get(
            source, {(currencies[e.fact.currency].id, e.date) for e in entries}
        )
        for entry in entries:
            currency = currencies[entry.fact.currency]
            rate = rates[currency.id, entry.date]
            entry.lines = self._prepare_movement(source, entry, currency, rate)
        ledger._post(source, entries, currencies)

    def _prepare_movement(self, source, entry, currency, rate):
        """Return the journal items of a movement: what is disputed, its fee, and the
        money.
        """
        part, name = entry.fact, entry.item.fact.external_id
        partner = entry.item.tenant.booking_partner_id
        fee = self.env["saas.clearing.fee"]._prepare(
            source, part, currency, rate, part.fee_parts
        )
        disputed, net = part.decimal(-part.amount), part.decimal(part.net)
        return [
            journal_item(source.dispute_account_id, disputed, name, partner),
            *fee,
            journal_item(source._get_clearing_account(), net, name, partner),
        ]

    def _start(self, source, item, fact, kind, records, moment):
        """Return an entry of a dispute, still without journal items.

        :param fact: what states its currency and amounts, and names it.
        :param records: the disputes by item.
        :param moment: when it happened.
        """
        return Entry(
            item,
            CLEARING,
            kind,
            fact.external_id,
            source._localize_date(moment),
            fact=fact,
            vals={"saas_dispute_id": records[item].id},
        )

    def _book_losses(self, source, items, records):
        """Book what was lost: all that the decision's own snapshot says has been
        withdrawn. It is undone by winning the appeal.
        """
        known = self.env["saas.binding"]._find(
            source, Kind.DISPUTE_LOSS, [item.fact.external_id for item in items]
        )
        lost = [
            item
            for item in items
            if item.fact.state == "lost"
            and item.fact.closed_at
            and item.fact.external_id not in known
            and sum(part.amount for part in item.fact.movements)
        ]
        booked = self._book_loss_entries(
            source,
            [
                self._start(
                    source,
                    item,
                    self._get_loss(item.fact),
                    Kind.DISPUTE_LOSS,
                    records,
                    item.fact.closed_at,
                )
                for item in lost
            ],
        )
        if source.company_id.revenue_on_dispute == "at_loss":
            new = self.env["saas.dispute"].union(*(records[e.item] for e in booked))
            new.ends_service = True

    def _book_loss_entries(self, source, entries):
        """Book entries between disputed funds and chargeback losses; return them."""
        for entry in entries:
            entry.lines = transfer(
                source.chargeback_account_id,
                source.dispute_account_id,
                entry.fact.decimal(entry.fact.amount),
                entry.fact.external_id,
                entry.item.tenant.booking_partner_id,
            )
        return self.env["saas.ledger.entry"]._book(
            source, entries, ["chargeback_account_id", "dispute_account_id"]
        )

    def _get_loss(self, fact, amount=None):
        """Return a dispute's fact with the cost of the dispute, in the currency of its
        movements. A source uses one currency for all movements of a dispute.

        :param amount: the cost in minor units, if not what this snapshot comes to.
        """
        first = fact.movements[0]
        if amount is None:
            amount = -sum(
                part.amount
                for part in fact.movements
                if part.currency == first.currency
            )
        return fact.model_copy(
            update={
                "amount": amount,
                "currency": first.currency,
                "exponent": first.exponent,
                "step": first.step,
            }
        )

    def _undo_losses(self, source, items, records):
        """Reverse losses of disputes that were won after all, in whatever order the
        two became known.
        """
        refs = [item.fact.external_id for item in items if records[item].won_at]
        losses = self.env["saas.binding"]._find(source, Kind.DISPUTE_LOSS, refs)
        undone = self.env["saas.binding"]._find(source, Kind.DISPUTE_LOSS_UNDONE, refs)
        rows, unbooked = [], []
        for item in items:
            ref = item.fact.external_id
            if ref not in losses or ref in undone:
                continue
            move, won_at = losses[ref]._get_record(), records[item].won_at
            if move:
                date = max(source._localize_date(won_at), move.date)
                rows.append((item, move, date))
            elif not source._is_before_cutover(won_at.replace(tzinfo=UTC)):
                unbooked.append((item, losses[ref].amount))
        self._take_back_old_losses(source, unbooked, records)
        self.env["saas.ledger.reversal"]._reverse_open(
            source, rows, Kind.DISPUTE_LOSS_UNDONE
        )

    def _take_back_old_losses(self, source, losses, records):
        """Book the reversal of a loss that only the old books have.

        :param losses: pairs of an item and what was lost, in minor units.
        """
        entries = [
            self._start(
                source,
                item,
                self._get_loss(item.fact, -amount),
                Kind.DISPUTE_LOSS_UNDONE,
                records,
                records[item].won_at.replace(tzinfo=UTC),
            )
            for item, amount in losses
            if item.fact.movements
        ]
        self._book_loss_entries(source, entries)
