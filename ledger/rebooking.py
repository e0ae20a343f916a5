from odoo import Command, models

from ..canonical.actions import Action
from ..canonical.errors import Quarantine
from ..canonical.marks import Limits
from ..canonical.reasons import Reason
from .journal_items import SKIP_SYNC


class SaasLedgerRebooking(models.AbstractModel):
    """Books money anew that turns out to be of another day, reverses what turns out to
    be too much, and takes back payments that failed.

    Nothing posted is changed: it is reversed on its own day. What it was reconciled
    with is reconciled with what takes its place.
    """

    _name = "saas.ledger.rebooking"
    _description = "SaaS rebooking of money"

    def _move_payments(self, source, rows):
        """Book payments anew on the days on which their money moved.

        :param rows: items, posted payments and days.
        :return: the new payments, in order.
        :raises Quarantine: as ``period_locked``, if either day is; as
            ``posting_failed``, if a person has undone a payment.
        """
        if not rows:
            return self.env["account.payment"]
        self._check(source, [(p.move_id, date) for _item, p, date in rows])
        matched = [self._unmatch(payment.move_id) for _i, payment, _date in rows]
        self._supersede([payment for _item, payment, _date in rows])
        news = self.env["account.payment"].create(
            [self._prepare_copy(payment, date) for _item, payment, date in rows]
        )
        news.with_context(**SKIP_SYNC).action_post()
        self.env["saas.ledger.period"]._check_kept(
            [new.move_id for new in news], [date for _i, _p, date in rows]
        )
        self._match(zip([new.move_id for new in news], matched, strict=True))
        for (item, payment, date), new in zip(rows, news, strict=True):
            self._relink(source, payment, new)
            item.log(Action.ENTRY_MOVED, new, f"{payment.name} {payment.date} {date}")
        return news

    def _move_entries(self, source, rows):
        """Book entries anew on other days; return what takes their place, in order.

        :param rows: items, posted entries and days.
        :raises Quarantine: as for :meth:`_move_payments`.
        """
        if not rows:
            return self.env["account.move"]
        moves = [move for _item, move, _date in rows]
        self._check(source, [(move, date) for _item, move, date in rows])
        matched = [self._unmatch(move) for move in moves]
        undone = self._reverse([(move, move.date) for move in moves])
        news = self._reverse(
            [(x, date) for x, (_i, _m, date) in zip(undone, rows, strict=True)]
        )
        self._match(zip(news, matched, strict=True))
        for (item, move, date), new in zip(rows, news, strict=True):
            new.saas_external_id = move.saas_external_id
            self._relink(source, move, new)
            item.log(Action.ENTRY_MOVED, new, f"{move.name} {move.date} {date}")
        return news

    def _undo_payments(self, source, pairs):
        """Reverse payments on their own days: less money came in than they say. What
        they were reconciled with is open again.

        :param pairs: items and posted payments.
        :raises Quarantine: as for :meth:`_move_payments`.
        """
        if not pairs:
            return
        payments = [payment for _item, payment in pairs]
        self._check(source, [(p.move_id, p.date) for p in payments])
        self.env["saas.ledger.payments.receivable_transfer"]._take_back(
            source, [(item, payment, payment.date) for item, payment in pairs]
        )
        for item, payment in pairs:
            payment.move_id.line_ids.remove_move_reconcile()
            item.log(Action.PAYMENT_REVERSED, payment, payment.name)
        self._supersede(payments)

    def _take_back(self, source, rows):
        """Book that payments failed: the opposite of all their journal items. They are
        reconciled with that, and no longer with what they had paid.

        :param rows: items, ids of the attempts that failed, their payments, and days.
        :return: the posted entries, in order.
        :raises Quarantine: as for :meth:`_move_payments`.
        """
        if not rows:
            return self.env["account.move"]
        for _item, _ref, payments, date in rows:
            for move in payments.move_id:
                self._check_untouched(move)
            self._check_day(source, date, payments.journal_id)
        self.env["saas.ledger.payments.receivable_transfer"]._take_back(
            source, [(item, payments, date) for item, _ref, payments, date in rows]
        )
        moves = self.env["account.move"].create(
            [self._prepare_failure(source, *row[1:]) for row in rows]
        )
        moves._post(soft=False)
        self.env["saas.ledger.period"]._check_kept(moves, [row[-1] for row in rows])
        for (item, _ref, payments, _date), move in zip(rows, moves, strict=True):
            owed = _get_open_items(payments.move_id | move).filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            owed.remove_move_reconcile()
            self.env["account.move.line"]._reconcile_plan(
                [*owed.grouped("account_id").values()]
            )
            item.log(Action.PAYMENT_FAILURE_POSTED, move, move.name)
        return moves

    def _prepare_copy(self, payment, date):
        """Return the values of a payment that is made on another day."""
        return {
            "payment_type": payment.payment_type,
            "partner_type": payment.partner_type,
            "partner_id": payment.partner_id.id,
            "company_id": payment.company_id.id,
            "journal_id": payment.journal_id.id,
            "payment_method_line_id": payment.payment_method_line_id.id,
            "destination_account_id": payment.destination_account_id.id,
            "currency_id": payment.currency_id.id,
            "amount": payment.amount,
            "date": date,
            "memo": payment.memo,
            "saas_source_id": payment.saas_source_id.id,
            "saas_tenant_id": payment.saas_tenant_id.id,
            "saas_external_id": payment.saas_external_id,
            "saas_attempt": payment.saas_attempt,
        }

    def _prepare_failure(self, source, ref, payments, date):
        """Return the values of the entry that takes payments back."""
        name = self.env._("Failed: %s", ref)
        return {
            "move_type": "entry",
            "journal_id": payments.journal_id.id,
            "company_id": source.company_id.id,
            "date": date,
            "ref": ref,
            "saas_source_id": source.id,
            "saas_tenant_id": payments.saas_tenant_id.id,
            "saas_external_id": ref,
            "line_ids": [
                Command.create(
                    {
                        "account_id": line.account_id.id,
                        "partner_id": line.partner_id.id,
                        "currency_id": line.currency_id.id,
                        "amount_currency": -line.amount_currency,
                        "balance": -line.balance,
                        "name": name,
                    }
                )
                for line in payments.move_id.line_ids
            ],
        }

    # -- what forbids it ------------------------------------------------------

    def _check(self, source, rows):
        """Raise what keeps entries from being booked anew.

        :param rows: pairs of an entry and the day it belongs on.
        """
        for move, date in rows:
            self._check_untouched(move)
            for day in (move.date, date):
                self._check_day(source, day, move.journal_id)

    def _check_day(self, source, date, journal):
        """Raise the error of a day that can't be booked on, if there is one."""
        if error := self.env["saas.ledger.period"]._get_error(source, date, journal):
            raise error

    def _check_untouched(self, move):
        """Raise an error if a person has cancelled or reversed an entry."""
        strange = move.reversal_move_ids.filtered(
            lambda reversal: reversal.state == "posted" and not reversal.saas_source_id
        )
        if move.state != "posted" or (strange and strange - self._find_bound(strange)):
            raise Quarantine(
                Reason.POSTING_FAILED,
                self.env._(
                    "%s was cancelled or reversed in Odoo, so it can't be booked "
                    "otherwise. Undo that and retry, or book the rest by hand and "
                    "ignore the event.",
                    move.display_name,
                ),
            )

    def _find_bound(self, moves):
        """Return those of the entries that were booked for an object of a source, as
        money is that came back after it had left.
        """
        bindings = self.env["saas.binding"].search(
            [("res_model", "=", moves._name), ("res_id", "in", moves.ids)]
        )
        return moves.browse(bindings.mapped("res_id"))

    # -- reversing ------------------------------------------------------------

    def _supersede(self, payments):
        """Reverse payments on their own days, and mark them."""
        self.env["account.payment"].union(*payments)._supersede()
        self._reverse([(payment.move_id, payment.date) for payment in payments])

    def _reverse(self, rows):
        """Reverse and post entries; return the reversals, in order. Each is reconciled
        with what is open of its entry.

        :param rows: pairs of an entry and a day.
        """
        reversals = self.env["account.move"]
        if not rows:
            return reversals
        reversals = reversals.union(*(move for move, _date in rows))._reverse_moves(
            [
                {
                    "date": date,
                    "ref": move.ref,
                    "saas_source_id": move.saas_source_id.id,
                    "saas_tenant_id": move.saas_tenant_id.id,
                }
                for move, date in rows
            ]
        )
        reversals._post(soft=False)
        self.env["saas.ledger.period"]._check_kept(
            reversals, [date for _move, date in rows]
        )
        return reversals

    # -- reconciling ----------------------------------------------------------

    def _unmatch(self, move):
        """Undo how an entry is reconciled. With it go the exchange differences, which
        come anew with what it is reconciled with next.

        :return: what it was reconciled with: the account, the other journal item, and
            the amount in that item's currency.
        """
        matched = []
        for line in _get_open_items(move):
            for partial in line.matched_debit_ids | line.matched_credit_ids:
                other = (partial.debit_move_id | partial.credit_move_id) - line
                side = "debit" if other == partial.debit_move_id else "credit"
                if not other.move_id.exchange_diff_partial_ids:
                    amount = partial[f"{side}_amount_currency"]
                    matched.append((line.account_id, other, amount))
        move.line_ids.remove_move_reconcile()
        return matched

    def _match(self, rows):
        """Reconcile entries with what others were reconciled with, as much of it.

        :param rows: pairs of an entry, and what :meth:`_unmatch` returned.
        """
        plan, limits = [], {}
        for move, matched in rows:
            items = _get_open_items(move)
            for account, other, amount in matched:
                own = items.filtered(
                    lambda item, account=account, other=other: (
                        item.account_id == account and item.balance * other.balance < 0
                    )
                )[:1]
                if own:
                    pair = (own, other) if own.balance > 0 else (other, own)
                    limits[tuple(line.id for line in pair)] = amount
                    plan.append(own | other)
        if plan:
            self.env["account.move.line"].with_context(
                **Limits(limits).in_context()
            )._reconcile_plan(plan)

    def _relink(self, source, old, new):
        """Bind what was bound to an old record, in any source, to the new one."""
        self.env["saas.binding"].search(
            [
                ("company_id", "=", source.company_id.id),
                ("res_model", "=", old._name),
                ("res_id", "=", old.id),
            ]
        ).res_id = new.id


def _get_open_items(moves):
    """Return the journal items that can be reconciled."""
    return moves.line_ids.filtered("account_id.reconcile")
