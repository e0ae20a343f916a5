from odoo import models

from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from ...ledger.entry import CLEARING, Entry, journal_item
from .movement_object import OBJECTS


class SaasClearingMovementEntry(models.AbstractModel):
    """Books what a movement itself tells: its fee, its exchange into the currency of
    the source's account, and its amount where no object has an entry of it.
    """

    _name = "saas.clearing.movement_entry"
    _inherit = ["saas.clearing.movement_object", "saas.clearing.movement_account"]
    _description = "SaaS entries of movements"

    def _book_own(self, source, items, chosen=None):
        """Book the amounts, fees and exchanges that are due; return the entries by
        item.

        :param chosen: the accounts that people chose for the other side, by item.
        """
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
        sides, needs = self._find_other_sides(source, items, chosen or {})
        parts = {item: self._get_parts(item.fact, item in sides) for item in items}
        self._require_accounts(source, needs, parts)
        owner_vals = self._find_owner_vals(source, moves, every)
        entries = [
            Entry(
                item,
                CLEARING,
                Kind.MOVEMENT_ENTRY,
                item.fact.external_id,
                source._localize_date(item.fact.moved_at),
                vals=owner_vals.get(item, {}),
            )
            for item in items
            if not item.error and (item in sides or parts[item] or foreign[item])
        ]
        ledger = self.env["saas.ledger.entry"]
        entries, currencies = ledger._check(source, entries)
        entries = [
            entry
            for entry in entries
            if not foreign[entry.item] or self._check_exchange(source, entry)
        ]
        self._add_lines(source, entries, currencies, foreign, parts)
        for entry in entries:
            self._add_amount(source, entry, sides, parts)
        booked = ledger._post(source, entries, currencies)
        return {entry.item: move for entry, move in booked.items()}

    def _find_owner_vals(self, source, moves, every):
        """Return the values that say, by item, whose money cost a fee; none where the
        company does not tell tenants apart.

        :param moves: the objects' entries by item, and ``every`` one of them.
        """
        if not source.company_id.profit_from:
            return {}
        owners = {
            move: move.saas_tenant_id | move.origin_payment_id.saas_tenant_id
            for move in every
        }
        none = self.env["saas.tenant"]
        found = {
            item: none.union(*(owners[move] for move in own))
            for item, own in moves.items()
        }
        return {
            item: {"saas_tenant_id": tenant.id}
            for item, tenant in found.items()
            if len(tenant) == 1
        }

    def _require_accounts(self, source, needs, parts):
        """Leave items to a person whose other side or fees need an account that is not
        set up.
        """
        fees = self.env["saas.clearing.fee"]
        self.env["saas.ledger.entry"]._require(
            source,
            CLEARING,
            [
                *needs,
                *(
                    (item, field)
                    for item, own in parts.items()
                    if not item.error
                    for field in fees._get_needs(source, own)
                ),
            ],
        )

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
            about="income_currency_exchange_account_id",
        )
        return False

    def _add_lines(self, source, entries, currencies, foreign, parts):
        """Give entries the journal items of their exchange and fees."""
        rates = self.env["saas.ledger.rates"]._get(
            source, {(currencies[e.fact.currency].id, e.date) for e in entries}
        )
        fees = self.env["saas.clearing.fee"]
        for entry in entries:
            fact, currency = entry.fact, currencies[entry.fact.currency]
            rate = rates[currency.id, entry.date]
            if foreign[entry.item]:
                entry.lines += self._prepare_exchange(
                    source, fact, currency, rate, foreign[entry.item]
                )
            entry.lines += fees._prepare(
                source, fact, currency, rate, parts[entry.item]
            )

    def _add_amount(self, source, entry, sides, parts):
        """Give an entry the item on the other side of the movement, if there is one,
        and at last that of the money.
        """
        fact, side = entry.fact, sides.get(entry.item)
        change = -sum(part.amount for part in parts[entry.item])
        name = self.env._("Fee of %s", fact.external_id)
        if side:
            change += fact.amount
            name = self.env._("Movement %s", fact.external_id)
            entry.lines.append(journal_item(side, fact.decimal(-fact.amount), name))
        if change or side:
            account = source._get_clearing_account()
            entry.lines.append(journal_item(account, fact.decimal(change), name))

    def _prepare_exchange(self, source, fact, currency, rate, foreign):
        """Return the items that take the payment's currency off the clearing account,
        at what it was booked with, and bring in what the source made of it. The
        difference of the two is the exchange's gain or loss.
        """
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
        lines.append(self._prepare_rest(source, rest, name))
        return lines

    def _prepare_rest(self, source, rest, name):
        """Return the item of an exchange's gain or loss, a Decimal in the company's
        currency.
        """
        company = source.company_id
        side = "income" if rest < 0 else "expense"
        return journal_item(
            company[f"{side}_currency_exchange_account_id"],
            rest,
            name,
            balance=rest,
            currency_id=company.currency_id.id,
        )
