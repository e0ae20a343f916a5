from dataclasses import dataclass, field
from decimal import Decimal

from odoo import models

from ...canonical.actions import Action
from ...canonical.facts.base import MoneyFact
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
    """What of a loss was never earned, and so is none.

    ``ref`` and ``kind`` bind what is booked. ``family`` are the invoice and its credit
    notes, ``schedules`` theirs, and ``taken`` the schedules of what is taken out
    already. Nothing is served for the loss after ``since``, a day. ``days`` are those
    on which the loss changed, and ``get_lost`` returns what of the invoice is lost when
    one is over, in minor units. ``account`` has the loss, ``vals`` are more values of
    an entry, and ``reason`` is why its schedules have a version.
    """

    ref: str
    kind: str
    invoice: object
    family: object
    schedules: object
    taken: object
    since: object
    days: set
    get_lost: object
    account: object
    reason: str
    vals: dict = field(default_factory=dict)


class SaasLedgerTakenOut(models.AbstractModel):
    """Takes what was never served out of losses: from the deferred account, so that
    only what was served is lost. What is taken is always what the books say is lost, as
    a share of what was owed; what is booked next is the difference. Each line of such
    an entry has a schedule that ends what was to be earned after the service ended.
    """

    _name = "saas.ledger.revenue.taken_out"
    _description = "SaaS ledger of what is taken out of losses"

    def _bring_along(self, source, pairs):
        """Book what has changed of the unearned part of losses.

        :param pairs: :class:`Unearned`, and the items because of which.
        :raises EventError: if one can't be booked as it is.
        """
        entries, owners = [], []
        for unearned, item in pairs:
            due = self._get_due(unearned)
            taken = unearned.taken.move_id
            for number, (day, amounts) in enumerate(due.items(), len(taken)):
                entries.append(self._prepare(item, unearned, number, day, amounts))
                owners.append((unearned, amounts))
        moves = self.env["saas.ledger.entry"]._book_or_raise(source, entries)
        rows = {}
        for entry, (unearned, amounts) in zip(entries, owners, strict=True):
            rows.setdefault(unearned.reason, []).extend(
                self._prepare_schedules(source, unearned, moves[entry], amounts)
            )
        for reason, own in rows.items():
            self.env["saas.revenue.schedule"].sudo()._open(own, reason)

    # -- what is due -------------------------------------------------------------------

    def _get_due(self, unearned):
        """Return what is still to be taken from the deferred account, by day: pairs of
        minor units by schedule.
        """
        days = {*unearned.days, *unearned.taken.mapped("date")}
        due, before = {}, {}
        for day in sorted(days):
            target = self._get_target(unearned, day)
            booked = {}
            for schedule in unearned.taken.filtered(lambda x, day=day: x.date == day):
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
        after the end of the service the share that is lost.
        """
        owed = get_owed_by(unearned.family, day)
        lost = min(max(unearned.get_lost(day), 0), max(owed, 0))
        target = {}
        for schedule in unearned.schedules:
            if schedule.move_id.date > day or owed <= 0:
                target[schedule] = _NOTHING
                continue
            parts = schedule._get_parts()
            since = get_begin(unearned.since, schedule.zone)
            left = _subtract(find_total(parts), earned_by(parts, since))
            target[schedule] = tuple(share(amount, lost, owed) for amount in left)
        return target

    # -- what is booked ----------------------------------------------------------------

    def _prepare(self, item, unearned, number, day, amounts):
        """Return the entry that takes something from the deferred account: Dr deferred
        revenue, Cr the loss.

        :param number: how many there are already.
        :param amounts: pairs of minor units by schedule.
        """
        invoice = unearned.invoice
        said = invoice.ref or invoice.name, invoice.commercial_partner_id
        lines = []
        for schedule, (amount, balance) in amounts.items():
            lines.append(
                journal_item(
                    schedule.deferred_account_id,
                    to_decimal(amount, schedule.exponent),
                    *said,
                    balance=to_decimal(balance, schedule.company_exponent),
                    analytic_distribution=False,
                )
            )
        total = sum((line["amount_currency"] for line in lines), Decimal(0))
        own = sum((line["balance"] for line in lines), Decimal(0))
        lines.append(journal_item(unearned.account, -total, *said, balance=-own))
        ref = f"{unearned.ref}:{number}" if number else unearned.ref
        return Entry(
            item,
            OTHER,
            unearned.kind,
            ref,
            day,
            lines,
            fact=MoneyFact(
                external_id=ref,
                currency=invoice.currency_id.name,
                exponent=invoice.currency_id.decimal_places,
            ),
            text=said[0],
            vals={"saas_tenant_id": invoice.saas_tenant_id.id, **unearned.vals},
            binding={"parent_ref": unearned.ref},
            action=Action.INVOICE_UNEARNED_POSTED,
        )

    def _prepare_schedules(self, source, unearned, move, amounts):
        """Return the values of schedules for the lines of a posted entry."""
        deferral = self.env["saas.ledger.revenue.deferral"]
        rows = []
        for line, schedule in zip(move.line_ids.sorted("id"), amounts, strict=False):
            vals = deferral._prepare_back_vals(source, schedule, line)
            since = get_begin(unearned.since, schedule.zone)
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


def get_owed_by(moves, day):
    """Return what documents come to that are of a day or an earlier one, in their
    currency, in minor units.
    """
    return sum(
        to_minor(line.amount_currency, line.currency_id.decimal_places)
        for line in get_owed(moves.filtered(lambda move: move.date <= day))
    )


def _subtract(pair, *others):
    for other in others:
        pair = tuple(x - y for x, y in zip(pair, other, strict=True))
    return pair
