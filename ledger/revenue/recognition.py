from dataclasses import dataclass, field
from datetime import date

from odoo import Command, models

from ...canonical.money import to_decimal


@dataclass(frozen=True)
class Earned:
    """What an entry recognises of one kind: from a deferred account to an income
    account, in a currency, to analytic accounts and of which plan. Amounts are in minor
    units, below zero for what is given back.
    """

    deferred_id: int
    income_id: int
    currency_id: int
    analytic: dict | None
    plan_id: int | None
    amount: int
    balance: int
    exponent: int
    company_exponent: int

    @property
    def pairs(self):
        """Return the amounts of its journal items. By rounding, the two sides may have
        other signs, which no journal item may: they are two then.
        """
        if self.amount * self.balance < 0:
            return [(self.amount, 0), (0, self.balance)]
        return [(self.amount, self.balance)]


@dataclass
class Recognition:
    """A journal entry to be posted: on which day, what it is called, and what it
    recognises.
    """

    date: date
    name: str
    earned: list = field(default_factory=list)


class SaasLedgerRecognition(models.AbstractModel):
    """Books revenue that is earned: from deferred accounts to income accounts, in one
    entry for each month.
    """

    _name = "saas.ledger.revenue.recognition"
    _description = "SaaS ledger of recognised revenue"

    def _is_locked(self, source, day):
        """Return whether no entry may be booked on a day."""
        return bool(
            self.env["saas.ledger.period"]._get_error(
                source, day, source._get_other_journal()
            )
        )

    def _post(self, source, recognitions):
        """Post entries.

        :param recognitions: in the order of the moves that are returned.
        :raises Quarantine: as ``period_locked``, if Odoo moves one to another day.
        """
        journal = source._get_other_journal()
        moves = (
            self.env["account.move"]
            .with_context(skip_invoice_sync=True)
            .create(
                [
                    self._prepare_vals(source, journal, recognition)
                    for recognition in recognitions
                ]
            )
        )
        moves._post(soft=False)
        moves = moves.with_env(self.env)
        self.env["saas.ledger.period"]._check_kept(
            moves, [recognition.date for recognition in recognitions]
        )
        return moves

    def _prepare_vals(self, source, journal, recognition):
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": source.company_id.id,
            "date": recognition.date,
            "ref": recognition.name,
            "saas_source_id": source.id,
            "line_ids": [
                Command.create(vals)
                for earned in recognition.earned
                for amount, balance in earned.pairs
                for vals in self._prepare_lines(recognition, earned, amount, balance)
            ],
        }

    def _prepare_lines(self, recognition, earned, amount, balance):
        """Return the two journal items of what is earned: Dr deferred, Cr income."""
        values = {
            "amount_currency": to_decimal(amount, earned.exponent),
            "balance": to_decimal(balance, earned.company_exponent),
        }
        common = {"currency_id": earned.currency_id, "name": recognition.name}
        return [
            {
                **common,
                **values,
                "account_id": earned.deferred_id,
                "analytic_distribution": False,
            },
            {
                **common,
                **{name: -value for name, value in values.items()},
                "account_id": earned.income_id,
                "analytic_distribution": earned.analytic or False,
                **({"saas_plan_id": earned.plan_id} if earned.plan_id else {}),
            },
        ]
