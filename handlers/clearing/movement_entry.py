from odoo import models

from ...canonical.reasons import Reason
from ...ledger.entry import Booking
from .movement_object import COSTS, OBJECTS


class SaasClearingMovementEntry(models.AbstractModel):
    """What a balance transaction itself books: its fee, and the exchange into the
    currency the source settles in. All else is its object's.
    """

    _name = "saas.clearing.movement_entry"
    _inherit = "saas.clearing.movement_object"
    _description = "SaaS balance transaction entries"

    def _book_own(self, source, items):
        """Book what is due; return the entries by item."""
        moves = self._find_moves(
            source,
            [
                (i, i.fact.category, i.fact.object_ids, i.fact.external_id)
                for i in items
            ],
        )
        every = self.env["account.move"].union(*moves.values())
        sums = self._sum_clearing(source, every)
        foreign = {
            item: self._get_foreign(item.fact, moves[item], sums) for item in items
        }
        bookings = [
            Booking(
                item,
                item.fact,
                source._localize_date(item.fact.moved_at),
                "balance_entry",
                item.fact.external_id,
            )
            for item in items
            if self._get_cost(item.fact) or foreign[item]
        ]
        bookings, currencies = self._check_bookings(
            source, bookings, ("fee_account_id",)
        )
        bookings = [
            booking
            for booking in bookings
            if not foreign[booking.item] or self._check_exchange(source, booking)
        ]
        self._add_lines(source, bookings, currencies, foreign)
        return {b.item: move for b, move in self._book(source, bookings).items()}

    def _get_cost(self, fact):
        """Return what the movement costs, in minor units: its fee, or all of it. The
        fee of a dispute is booked with the dispute.
        """
        if fact.category in COSTS:
            return fact.fee - fact.amount
        if fact.category not in OBJECTS or OBJECTS[fact.category] == "dispute":
            return 0
        return fact.fee

    def _get_foreign(self, fact, moves, sums):
        """Return what the object's entries left on the clearing account in other
        currencies than that of the settlement, as in ``_sum_clearing``.
        """
        foreign = {}
        if OBJECTS.get(fact.category) not in ("payment", "refund"):
            return foreign
        for move in moves:
            for currency, (amount, balance) in sums.get(move, {}).items():
                if currency.name != fact.currency:
                    known = foreign.get(currency, (0, 0))
                    foreign[currency] = (known[0] + amount, known[1] + balance)
        return foreign

    def _check_exchange(self, source, booking):
        company = source.company_id
        if (
            company.income_currency_exchange_account_id
            and company.expense_currency_exchange_account_id
        ):
            return True
        booking.quarantine(
            Reason.INCOMPLETE_SETUP,
            self.env._("the company has no accounts for exchange gains and losses"),
        )
        return False

    def _add_lines(self, source, bookings, currencies, foreign):
        rates = self.env["saas.ledger.journal_items"]._get_rates(
            source,
            [
                {"currency_id": currencies[b.fact.currency].id, "invoice_date": b.date}
                for b in bookings
            ],
        )
        account = self._get_clearing_account(source)
        for booking in bookings:
            fact, currency = booking.fact, currencies[booking.fact.currency]
            rate = rates[currency.id, booking.date]
            if foreign[booking.item]:
                booking.lines += self._prepare_exchange(
                    source, fact, currency, rate, foreign[booking.item]
                )
            if cost := self._get_cost(fact):
                fee = self.env["saas.clearing.fee"]._prepare(
                    source,
                    fact,
                    currency,
                    rate,
                    cost,
                    fact.fee_tax,
                    is_taxed=fact.category != "tax",
                )
                total = sum(line["balance"] for line in fee if "balance" in line)
                known = all("balance" in line for line in fee)
                booking.lines += [
                    *fee,
                    self._prepare_line(
                        account,
                        fact.decimal(-cost),
                        currency,
                        self.env._("Fee of %s", fact.external_id),
                        **({"balance": -total} if known else {}),
                    ),
                ]

    def _prepare_exchange(self, source, fact, currency, rate, foreign):
        """Return the items that take the payment's currency off the clearing account,
        at what it was booked with, and bring in what the source made of it. What
        that differs by is the exchange's gain or loss.
        """
        company = source.company_id
        account = self._get_clearing_account(source)
        name = self.env._("Exchange of %s", fact.external_id)
        gross = fact.decimal(fact.amount)
        balance = self._convert(company.currency_id, gross, rate)
        lines = [
            self._prepare_line(account, -amount, other, name, balance=-booked)
            for other, (amount, booked) in foreign.items()
        ]
        lines.append(
            self._prepare_line(account, gross, currency, name, balance=balance)
        )
        rest = -sum(line["balance"] for line in lines)
        side = "income" if rest < 0 else "expense"
        lines.append(
            self._prepare_line(
                company[f"{side}_currency_exchange_account_id"],
                rest,
                company.currency_id,
                name,
                balance=rest,
            )
        )
        return lines
