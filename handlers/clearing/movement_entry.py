from odoo import models

from ...canonical.categories import Category
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from ...ledger.entry import CLEARING, Entry, journal_item
from .movement_object import COSTS, OBJECTS


class SaasClearingMovementEntry(models.AbstractModel):
    """Books the fee of a movement, and its exchange into the currency of the source's
    account. The rest is booked with the movement's object.
    """

    _name = "saas.clearing.movement_entry"
    _inherit = "saas.clearing.movement_object"
    _description = "SaaS entries of movements"

    def _book_own(self, source, items):
        """Book the fees and exchanges that are due; return the entries by item."""
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
        entries = [
            Entry(
                item,
                CLEARING,
                Kind.MOVEMENT_ENTRY,
                item.fact.external_id,
                source._localize_date(item.fact.moved_at),
            )
            for item in items
            if self._get_cost(item.fact) or foreign[item]
        ]
        ledger = self.env["saas.ledger.entry"]
        entries, currencies = ledger._check(source, entries, ["fee_account_id"])
        entries = [
            entry
            for entry in entries
            if not foreign[entry.item] or self._check_exchange(source, entry)
        ]
        self._add_lines(source, entries, currencies, foreign)
        booked = ledger._post(source, entries, currencies)
        return {entry.item: move for entry, move in booked.items()}

    def _get_cost(self, fact):
        """Return what a movement costs, in minor units: its fee, or all of it. The fee
        of a dispute is booked with the dispute.
        """
        if fact.category in COSTS:
            return fact.fee - fact.amount
        if fact.category not in OBJECTS or OBJECTS[fact.category] == Kind.DISPUTE:
            return 0
        return fact.fee

    def _get_foreign(self, fact, moves, sums):
        """Return what the object's entries left on the clearing account in other
        currencies than the movement's, as in ``_sum_clearing``.
        """
        foreign = {}
        if OBJECTS.get(fact.category) not in (Kind.PAYMENT, Kind.REFUND):
            return foreign
        for move in moves:
            for currency, (amount, balance) in sums.get(move, {}).items():
                if currency.name != fact.currency:
                    known = foreign.get(currency, (0, 0))
                    foreign[currency] = (known[0] + amount, known[1] + balance)
        return foreign

    def _check_exchange(self, source, entry):
        """Return whether the company can book exchange; quarantine the item if not."""
        company = source.company_id
        if (
            company.income_currency_exchange_account_id
            and company.expense_currency_exchange_account_id
        ):
            return True
        entry.quarantine(
            Reason.INCOMPLETE_SETUP,
            self.env._(
                "The company has no accounts for exchange gains and losses. "
                "Choose them in the settings of Accounting."
            ),
        )
        return False

    def _add_lines(self, source, entries, currencies, foreign):
        """Give entries their journal items."""
        rates = self.env["saas.ledger.rates"]._get(
            source, {(currencies[e.fact.currency].id, e.date) for e in entries}
        )
        for entry in entries:
            fact, currency = entry.fact, currencies[entry.fact.currency]
            rate = rates[currency.id, entry.date]
            if foreign[entry.item]:
                entry.lines += self._prepare_exchange(
                    source, fact, currency, rate, foreign[entry.item]
                )
            if self._get_cost(fact):
                entry.lines += self._prepare_cost(source, fact, currency, rate)

    def _prepare_cost(self, source, fact, currency, rate):
        """Return the items of what a movement costs, and of the money that pays it."""
        cost = self._get_cost(fact)
        fee = self.env["saas.clearing.fee"]._prepare(
            source,
            fact,
            currency,
            rate,
            cost,
            fact.fee_tax,
            is_taxed=fact.category != Category.TAX,
        )
        total = sum(line["balance"] for line in fee if "balance" in line)
        known = all("balance" in line for line in fee)
        return [
            *fee,
            journal_item(
                source._get_clearing_account(),
                fact.decimal(-cost),
                self.env._("Fee of %s", fact.external_id),
                **({"balance": -total} if known else {}),
            ),
        ]

    def _prepare_exchange(self, source, fact, currency, rate, foreign):
        """Return the items that take the payment's currency off the clearing account,
        at what it was booked with, and bring in what the source made of it. The
        difference of the two is the exchange's gain or loss.
        """
        company = source.company_id
        account = source._get_clearing_account()
        name = self.env._("Exchange of %s", fact.external_id)
        gross = fact.decimal(fact.amount)
        balance = self.env["saas.ledger.rates"]._convert(source, gross, rate)
        lines = [
            journal_item(account, -amount, name, balance=-booked, currency_id=other.id)
            for other, (amount, booked) in foreign.items()
        ]
        lines.append(
            journal_item(account, gross, name, balance=balance, currency_id=currency.id)
        )
        rest = -sum(line["balance"] for line in lines)
        side = "income" if rest < 0 else "expense"
        lines.append(
            journal_item(
                company[f"{side}_currency_exchange_account_id"],
                rest,
                name,
                balance=rest,
                currency_id=company.currency_id.id,
            )
        )
        return lines
