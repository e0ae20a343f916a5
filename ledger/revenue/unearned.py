from dataclasses import dataclass
from decimal import Decimal

from odoo import models

from ...canonical.actions import Action
from ...canonical.facts.base import MoneyFact
from ...canonical.kinds import Kind
from ...canonical.moments import naive
from ...canonical.money import to_decimal, to_minor
from ...canonical.revenue.months import get_begin
from ...canonical.revenue.plan import add, earned_by, find_total
from ...canonical.revenue.recut import Crediting, credit
from ...canonical.subscriptions.share import share
from ..entry import OTHER, Entry, journal_item
from ..journal_items import get_owed

_NOTHING = (0, 0)


@dataclass(eq=False)
class Unearned:
    """What of a loss was never earned: its schedules, and those that have taken back a
    part of them.
    """

    loss: object
    schedules: object
    taken: object


class SaasLedgerUnearned(models.AbstractModel):
    """Takes what was never served of invoices that were given up out of the loss: it is
    taken from the deferred account, and only what was served is a bad debt. As far as
    an invoice is paid after all, that is taken back.

    What is taken is always what the books say is lost, as a share of what was owed;
    what is booked next is the difference. Each line of such an entry has a schedule
    that ends what was to be earned after the day on which the invoice was given up.
    """

    _name = "saas.ledger.revenue.unearned"
    _description = "SaaS ledger of unearned revenue of losses"

    def _bring_along(self, source, losses, items):
        """Book what has changed of the unearned part of losses.

        :param losses: :class:`~..documents.loss.Loss`, as they are booked by now.
        :param items: the items because of which, by the invoices' external ids.
        :raises EventError: if one can't be booked as it is.
        """
        entries, owners = [], []
        for unearned in self._read(losses):
            days = self._get_due(unearned)
            taken = unearned.taken.move_id
            for number, (day, due) in enumerate(days.items(), len(taken)):
                item = items[unearned.loss.ref]
                entries.append(self._prepare(source, item, unearned, number, day, due))
                owners.append((unearned, due))
        moves = self.env["saas.ledger.entry"]._book_or_raise(source, entries)
        rows = []
        for entry, (unearned, due) in zip(entries, owners, strict=True):
            rows += self._prepare_schedules(source, unearned, moves[entry], due)
        if rows:
            self.env["saas.revenue.schedule"].sudo()._open(rows, "uncollectible")

    def _read(self, losses):
        """Return the losses whose invoices are deferred."""
        schedules = self.env["saas.revenue.schedule"].sudo()
        losses = [loss for loss in losses if loss.booked]
        moves = self.env["account.move"].union(
            *(loss.invoice | loss.credits for loss in losses)
        )
        own = schedules.search([("move_id", "in", moves.ids)]) if moves else schedules
        if not own:
            return []
        taken = schedules.search(
            [("origin_id", "in", own.ids), ("move_id.move_type", "=", "entry")]
        )
        found = []
        for loss in losses:
            family = loss.invoice | loss.credits
            mine = own.filtered(lambda each, family=family: each.move_id in family)
            if mine:
                of_mine = taken.filtered(lambda x, mine=mine: x.origin_id in mine)
                found.append(Unearned(loss, mine, of_mine))
        return found

    def _get_due(self, unearned):
        """Return what is still to be taken from the deferred account, by day: pairs of
        minor units by schedule.
        """
        loss, taken = unearned.loss, unearned.taken
        days = {*loss.booked.mapped("date"), *taken.mapped("date")}
        due, before = {}, {}
        for day in sorted(days):
            target = self._get_target(unearned, day)
            booked = {}
            for schedule in taken.filtered(lambda x, day=day: x.date == day):
                key = schedule.origin_id
                pair = (-schedule.amount, -schedule.balance)
                booked[key] = add(booked.get(key, _NOTHING), pair)
            rows = {
                schedule: pair
                for schedule in unearned.schedules
                if any(
                    pair := _subtract(
                        target[schedule],
                        before.get(schedule, _NOTHING),
                        booked.get(schedule, _NOTHING),
                    )
                )
            }
            if rows:
                due[day] = rows
            before = target
        return due

    def _get_target(self, unearned, day):
        """Return what has to be taken of each schedule by a day: of what is earned
        after the invoice was given up the share that is lost.
        """
        loss = unearned.loss
        family = (loss.invoice | loss.credits).filtered(lambda move: move.date <= day)
        owed = _sum_up(get_owed(family))
        lost = -_sum_up(get_owed(loss.booked).filtered(lambda line: line.date <= day))
        lost = min(max(lost, 0), max(owed, 0))
        target = {}
        for schedule in unearned.schedules:
            if schedule.move_id not in family or owed <= 0:
                target[schedule] = _NOTHING
                continue
            parts = schedule._get_parts()
            since = get_begin(loss.since, schedule.zone)
            left = _subtract(find_total(parts), earned_by(parts, since))
            target[schedule] = tuple(share(amount, lost, owed) for amount in left)
        return target

    def _prepare(self, source, item, unearned, number, day, due):
        """Return the entry that takes something from the deferred account: Dr deferred
        revenue, Cr bad debts.

        :param number: how many there are already.
        """
        loss = unearned.loss
        invoice = loss.invoice
        said = invoice.ref, invoice.commercial_partner_id
        lines = []
        for schedule, (amount, balance) in due.items():
            lines.append(
                journal_item(
                    schedule.deferred_account_id,
                    to_decimal(amount, schedule.exponent),
                    *said,
                    balance=to_decimal(balance, schedule.company_exponent),
                    analytic_distribution=False,
                )
            )
        account = self.env["saas.ledger.documents.uncollectible"]._get_account(
            source, loss
        )
        total = sum((line["amount_currency"] for line in lines), Decimal(0))
        own = sum((line["balance"] for line in lines), Decimal(0))
        lines.append(journal_item(account, -total, *said, balance=-own))
        ref = f"{loss.ref}:{number}" if number else loss.ref
        return Entry(
            item,
            OTHER,
            Kind.INVOICE_UNEARNED,
            ref,
            day,
            lines,
            fact=MoneyFact(
                external_id=ref,
                currency=invoice.currency_id.name,
                exponent=invoice.currency_id.decimal_places,
            ),
            text=invoice.ref,
            vals={"saas_tenant_id": invoice.saas_tenant_id.id},
            binding={"parent_ref": loss.ref},
            action=Action.INVOICE_UNEARNED_POSTED,
        )

    def _prepare_schedules(self, source, unearned, move, due):
        """Return the values of schedules for the lines of a posted entry."""
        deferral = self.env["saas.ledger.revenue.deferral"]
        rows = []
        for line, schedule in zip(move.line_ids.sorted("id"), due, strict=False):
            vals = deferral._prepare_back_vals(source, schedule, line)
            since = get_begin(unearned.loss.since, schedule.zone)
            rows.append(
                {
                    **vals,
                    "service_from": naive(since),
                    "parts": credit(
                        schedule._get_parts(),
                        vals["amount"],
                        vals["balance"],
                        since,
                        schedule.zone,
                        Crediting.PROSPECTIVE,
                    ),
                }
            )
        return rows


def _sum_up(lines):
    """Return what journal items come to in the document's currency, in minor units."""
    return sum(
        to_minor(line.amount_currency, line.currency_id.decimal_places)
        for line in lines
    )


def _subtract(pair, *others):
    for other in others:
        pair = tuple(x - y for x, y in zip(pair, other, strict=True))
    return pair
