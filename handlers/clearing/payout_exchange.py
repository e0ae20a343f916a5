from dataclasses import replace

from odoo import models

from ...ledger.entry import journal_item


class SaasClearingPayoutExchange(models.AbstractModel):
    """Books payouts that the bank gets in another currency than the source has held.
    What the source made of the money is exact; its difference to the day's rate is a
    gain or loss of the exchange.
    """

    _name = "saas.clearing.payout_exchange"
    _description = "SaaS exchange of payouts"

    def _prepare(self, source, entries, sent, records):
        """Give entries of payouts their journal items in both currencies, and note on
        the payouts' records what the bank gets.

        :param sent: the account of internal transfers.
        :param records: the payouts by item.
        :return: the entries that can be booked.
        """
        if not entries:
            return []
        entries, currencies = self._check(source, entries)
        rates = self.env["saas.ledger.rates"]._get(
            source,
            {
                (currencies[code].id, entry.date)
                for entry in entries
                for code in (entry.fact.currency, entry.fact.exchanged.currency)
            },
        )
        for entry in entries:
            fact = entry.fact
            held, got = currencies[fact.currency], currencies[fact.exchanged.currency]
            entry.lines = self._prepare_lines(
                source,
                fact,
                (sent, got, rates[got.id, entry.date]),
                (source._get_clearing_account(), held, rates[held.id, entry.date]),
            )
            records[entry.item].write(
                {
                    "bank_currency_id": got.id,
                    "bank_amount": fact.exchanged.decimal(fact.exchanged.amount),
                    "exchange_rate": str(fact.exchanged.rate or ""),
                }
            )
        return entries

    def _check(self, source, entries):
        """Leave payouts to a person that can't be booked in both currencies; return the
        entries of the others, and the currencies by code.
        """
        ledger = self.env["saas.ledger.currency"]
        currencies = ledger._check(source, [(entry, entry.date) for entry in entries])
        # The bank's side: an entry stands for it, so that its item is left to a person
        # where that currency can't be booked.
        sides = [
            (replace(entry, fact=entry.fact.exchanged), entry.date)
            for entry in entries
            if not entry.error
        ]
        currencies |= ledger._check(source, sides)
        moving = self.env["saas.clearing.movement_entry"]
        entries = [
            entry
            for entry in entries
            if not entry.error and moving._check_exchange(source, entry)
        ]
        return entries, currencies

    def _prepare_lines(self, source, fact, bank, held):
        """Return the journal items: what the bank gets, what the source has paid out,
        and the difference.

        :param bank: an account, its currency and the day's rate; ``held`` too.
        """
        name = self.env._("Payout %s", fact.external_id)
        lines = []
        for (account, currency, rate), amount in (
            (bank, fact.exchanged.decimal(fact.exchanged.amount)),
            (held, fact.decimal(-fact.amount)),
        ):
            balance = self.env["saas.ledger.rates"]._convert(source, amount, rate)
            vals = {"balance": balance, "currency_id": currency.id}
            lines.append(journal_item(account, amount, name, **vals))
        rest = -sum(line["balance"] for line in lines)
        if rest:
            moving = self.env["saas.clearing.movement_entry"]
            lines.append(moving._prepare_rest(source, rest, name))
        return lines
