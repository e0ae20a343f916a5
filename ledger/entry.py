from dataclasses import dataclass, field

from odoo import Command, models

from ..canonical.money import exact
from ..canonical.reasons import Reason


@dataclass(eq=False)
class Booking:
    """An entry to be written because of an item.

    ``fact`` has the currency and the amounts; ``kind`` and ``ref`` are what the entry
    is bound by. ``lines`` are values of journal items, of which ``amount_currency`` is
    a Decimal; those without ``balance`` get theirs by the day's rate.
    """

    item: object
    fact: object
    date: object
    kind: str
    ref: str
    lines: list = field(default_factory=list)
    vals: dict = field(default_factory=dict)

    @property
    def error(self):
        return self.item.error

    def quarantine(self, reason, detail):
        self.item.quarantine(reason, detail)


class SaasLedgerEntry(models.AbstractModel):
    """Entries in the clearing journal that are no payments."""

    _name = "saas.ledger.entry"
    _inherit = "saas.ledger"
    _description = "SaaS entry handler"

    def _check_bookings(self, source, bookings, account_fields):
        """Leave to a person what can't be booked as it is. An item of which one
        booking fails is left out whole.

        :param account_fields: fields of the source that have to be set.
        :return: the bookings that can be written, and the currencies by code.
        """
        for booking in bookings:
            if missing := self._get_missing(source, account_fields):
                booking.quarantine(Reason.INCOMPLETE_SETUP, missing)
            elif error := self._get_period_error(
                source, booking.date, source.clearing_journal_id, has_tax=True
            ):
                booking.item.fail(error)
        currencies = self.env["saas.ledger.currency"]._check(
            source, [(b, b.date) for b in bookings if not b.error]
        )
        return [booking for booking in bookings if not booking.error], currencies

    def _get_missing(self, source, account_fields):
        """Return which setting of the source is missing, or None."""
        if not self._get_clearing_account(source):
            return self.env._("the source has no clearing journal with an account")
        missing = (self._get_missing_account(source, name) for name in account_fields)
        return next(filter(None, missing), None)

    def _get_clearing_account(self, source):
        return source.clearing_journal_id.default_account_id

    def _prepare_line(self, account, amount, currency, name, partner=None, **vals):
        """Return the values of a journal item; ``amount`` is a Decimal, debit > 0."""
        return {
            "account_id": account.id,
            "amount_currency": amount,
            "currency_id": currency.id,
            "partner_id": partner.id if partner else False,
            "name": name,
            **vals,
        }

    def _book(self, source, bookings):
        """Write, post and bind the entries of ``bookings``; those without any line
        but zeros make none.

        :return: the entries by booking.
        """
        bookings = [b for b in bookings if any(x["amount_currency"] for x in b.lines)]
        rates = self._get_rates(source, bookings)
        moves = (
            self.env["account.move"]
            .with_context(skip_invoice_sync=True)
            .create([self._prepare_move(source, b, rates) for b in bookings])
        )
        moves._post(soft=False)
        self.env["saas.binding"].create(
            [
                self._bind(source, booking.kind, booking.ref, move)
                for booking, move in zip(bookings, moves, strict=True)
            ]
        )
        for booking, move in zip(bookings, moves, strict=True):
            booking.item.log(f"{booking.kind}_posted", move, move.name)
        return dict(zip(bookings, moves, strict=True))

    def _prepare_move(self, source, booking, rates):
        lines = [line for line in booking.lines if line["amount_currency"]]
        self._balance(source, booking, lines, rates)
        return {
            "move_type": "entry",
            "journal_id": source.clearing_journal_id.id,
            "company_id": source.company_id.id,
            "date": booking.date,
            "ref": booking.ref,
            "saas_source_id": source.id,
            "saas_external_id": booking.ref,
            **booking.vals,
            "line_ids": [Command.create(line) for line in lines],
        }

    def _balance(self, source, booking, lines, rates):
        """Give each line its amount in the company's currency. What the rounding of
        several lines leaves goes to the last one: it is the money's.
        """
        own = source.company_id.currency_id
        for line in lines:
            if "balance" not in line:
                rate = rates[line["currency_id"], booking.date]
                line["balance"] = self._convert(own, line["amount_currency"], rate)
        rest = sum(exact(float(line["balance"]), own.decimal_places) for line in lines)
        lines[-1]["balance"] -= rest

    def _convert(self, own, amount, rate):
        """Return an amount in the company's currency, as a Decimal. Odoo has rates as
        floats, and rounds them its own way.
        """
        return exact(own.round(float(amount) / rate), own.decimal_places)

    def _get_rates(self, source, bookings):
        return self.env["saas.ledger.journal_items"]._get_rates(
            source,
            [
                {"currency_id": line["currency_id"], "invoice_date": booking.date}
                for booking in bookings
                for line in booking.lines
            ],
        )
