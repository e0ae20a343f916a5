from datetime import UTC

from odoo import models

from ...ledger.entry import Booking


class SaasClearingDisputeEntry(models.AbstractModel):
    """The entries of disputes: each movement of money once, and the loss."""

    _name = "saas.clearing.dispute_entry"
    _inherit = "saas.ledger.entry"
    _description = "SaaS dispute entries"

    def _book_movements(self, source, items, records):
        """Book the movements of money that are not booked yet."""
        known = self._get_bindings(
            source,
            "dispute_movement",
            [part.external_id for item in items for part in item.fact.movements],
        )
        bookings = [
            self._start(source, item, part, "dispute_movement", records)
            for item in items
            for part in item.fact.movements
            if part.external_id not in known
        ]
        bookings, currencies = self._check_bookings(
            source, bookings, ("dispute_account_id", "fee_account_id")
        )
        rates = self._get_movement_rates(source, bookings, currencies)
        for booking in bookings:
            part = booking.fact
            currency = currencies[part.currency]
            partner = booking.item.tenant.partner_id
            name = booking.item.fact.external_id
            booking.lines = [
                self._prepare_line(
                    source.dispute_account_id,
                    part.decimal(-part.amount),
                    currency,
                    name,
                    partner,
                ),
                *self.env["saas.clearing.fee"]._prepare(
                    source,
                    part,
                    currency,
                    rates[currency.id, booking.date],
                    part.fee,
                    part.fee_tax,
                ),
                self._prepare_line(
                    self._get_clearing_account(source),
                    part.decimal(part.net),
                    currency,
                    name,
                    partner,
                ),
            ]
        self._book(source, bookings)

    def _get_movement_rates(self, source, bookings, currencies):
        return self.env["saas.ledger.journal_items"]._get_rates(
            source,
            [
                {"currency_id": currencies[b.fact.currency].id, "invoice_date": b.date}
                for b in bookings
            ],
        )

    def _start(self, source, item, fact, kind, records, moment=None):
        return Booking(
            item,
            fact,
            source._localize_date(moment or fact.moved_at),
            kind,
            fact.external_id,
            vals={
                "saas_tenant_id": item.tenant.id,
                "saas_dispute_id": records[item].id,
            },
        )

    def _book_losses(self, source, items, records):
        """Book what was lost: all that the decision's own snapshot says has been
        withdrawn. It is undone by winning the appeal.
        """
        known = self._get_bindings(
            source, "dispute_loss", [item.fact.external_id for item in items]
        )
        lost = [
            item
            for item in items
            if item.fact.state == "lost"
            and item.fact.closed_at
            and item.fact.external_id not in known
            and sum(part.amount for part in item.fact.movements)
        ]
        bookings = [
            self._start(
                source,
                item,
                self._get_loss(item.fact),
                "dispute_loss",
                records,
                item.fact.closed_at,
            )
            for item in lost
        ]
        self._book_loss_lines(source, bookings)

    def _book_loss_lines(self, source, bookings):
        bookings, currencies = self._check_bookings(
            source, bookings, ("chargeback_account_id", "dispute_account_id")
        )
        for booking in bookings:
            fact, partner = booking.fact, booking.item.tenant.partner_id
            booking.lines = [
                self._prepare_line(
                    account,
                    fact.decimal(amount),
                    currencies[fact.currency],
                    fact.external_id,
                    partner,
                )
                for account, amount in (
                    (source.chargeback_account_id, fact.amount),
                    (source.dispute_account_id, -fact.amount),
                )
            ]
        self._book(source, bookings)

    def _get_loss(self, fact, amount=None):
        """Return the dispute as what it has cost, in the currency it was withdrawn
        in. A source keeps to one currency for all movements of a dispute.

        :param amount: what it is if not what this snapshot comes to, in minor units.
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
        losses = self._get_bindings(source, "dispute_loss", refs)
        undone = self._get_bindings(source, "dispute_loss_undone", refs)
        dated, unbooked = [], []
        for item in items:
            ref = item.fact.external_id
            if ref not in losses or ref in undone:
                continue
            move, won_at = losses[ref]._get_record(), records[item].won_at
            if move:
                date = max(source._localize_date(won_at), move.date)
                dated.append((item, move, date))
            elif not source._is_before_cutover(won_at.replace(tzinfo=UTC)):
                unbooked.append((item, losses[ref].amount))
        self._take_back_old_losses(source, unbooked, records)
        reversals = self.env["saas.ledger.reversal"]._reverse_posted(
            source, dated, "dispute_loss_undone"
        )
        for (item, _move, _date), reversal in zip(dated, reversals, strict=True):
            reversal.saas_dispute_id = records[item]

    def _take_back_old_losses(self, source, losses, records):
        """Book what the reversal would be of a loss that only the old books have.

        :param losses: pairs of an item and what was lost, in minor units.
        """
        bookings = [
            self._start(
                source,
                item,
                self._get_loss(item.fact, -amount),
                "dispute_loss_undone",
                records,
                records[item].won_at.replace(tzinfo=UTC),
            )
            for item, amount in losses
            if item.fact.movements
        ]
        self._book_loss_lines(source, bookings)
