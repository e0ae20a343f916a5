from itertools import product

from odoo import models
from odoo.fields import Domain

from ..canonical.actions import Action
from ..canonical.kinds import Kind
from ..canonical.marks import Limits
from ..canonical.money import exact
from .journal_items import get_owed
from .payments.elsewhere import get_holder
from .payments.receivable_transfer import get_place


class SaasLedgerSettlement(models.AbstractModel):
    """Reconciles pairs of objects that belong together at the source, once both are
    booked: what is owed on one side, and what pays, credits or gives it up on the
    other.
    """

    _name = "saas.ledger.settlement"
    _description = "SaaS ledger settlements"

    def _record(self, source, pairs):
        """Remember pairs, even if one object of a pair has not arrived yet.

        :param pairs: tuples of the kind and external id of what is owed, and of what
            closes it; where the source says how much of it, also that amount in minor
            units, and how many decimals these stand for.
        """
        amounts = {tuple(pair[:4]): tuple(pair[4:]) or (0, 0) for pair in pairs}
        pairs = set(amounts)
        known = self.env["saas.settlement"].search(
            [
                ("source_id", "=", source.id),
                ("debit_ref", "in", [pair[1] for pair in pairs]),
            ]
        )
        fields = ("debit_kind", "debit_ref", "credit_kind", "credit_ref")
        pairs -= {tuple(row[field] for field in fields) for row in known}
        self.env["saas.settlement"].create(
            [
                {
                    "source_id": source.id,
                    **dict(zip(fields, pair, strict=True)),
                    "amount": amounts[pair][0],
                    "exponent": amounts[pair][1],
                }
                for pair in sorted(pairs)
            ]
        )

    def _get_explained(self, source, kind, refs):
        """Return the ``refs`` that pairs explain in full: by an object without a stated
        amount, or by the sum of the stated amounts.
        """
        rows = self.env["saas.settlement"].search(
            [
                ("source_id", "=", source.id),
                ("debit_kind", "=", kind),
                ("debit_ref", "in", refs),
            ]
        )
        bindings = self.env["saas.binding"]._find(
            source, kind, rows.mapped("debit_ref")
        )
        explained = {
            ref
            for ref, group in rows.grouped("debit_ref").items()
            if not all(group.mapped("amount"))
            or ref not in bindings
            or sum(group.mapped("amount")) >= bindings[ref].amount
        }
        elsewhere = self.env["saas.ledger.payments.elsewhere"]
        return explained | elsewhere._get_explained(source, kind, refs)

    def _reconcile(self, source, items):
        """Reconcile all pairs that one of ``items`` is part of, as far as both sides
        are booked. A pair that is reconciled already has nothing left to reconcile.

        :param items: items by the kind and external id of their objects.
        """
        refs = list({ref for _kind, ref in items})
        rows = self.env["saas.settlement"].search(
            Domain("source_id", "=", source.id)
            & (Domain("debit_ref", "in", refs) | Domain("credit_ref", "in", refs)),
            order="id",
        )
        rows = rows.filtered(
            lambda row: (
                not row._is_over()
                # Losses have rows only from before they followed what else closes an
                # invoice.
                and row.credit_kind != Kind.INVOICE_WRITE_OFF
            )
        )
        sides = [(r.debit_kind, r.debit_ref) for r in rows]
        sides += [(r.credit_kind, r.credit_ref) for r in rows]
        causes = self._get_causes(rows, items)
        ledger = self.env["saas.ledger.documents.loss"]
        losses = ledger._read(source, causes)
        lines = self._get_lines(source, sides)
        ownership = self.env["saas.ledger.payments.ownership"]
        if ownership._follow_invoices(source, rows, lines, items):
            lines = self._get_lines(source, sides)
        ledger._loosen(self._find_loose(losses, rows, lines))
        self.env["saas.ledger.overpaid"]._loosen(rows, lines)
        # A pair's own items, joined, would be read pair by pair.
        self.env["account.move.line"].union(*lines.values()).fetch(
            ["matched_debit_ids", "matched_credit_ids"]
        )
        plan, limits, rests = [], {}, {}
        # Pairs with a stated amount come first: the others take what is left.
        for row in rows.sorted(lambda row: (not row.amount, row.id)):
            debit, credit = self._get_sides(row, lines)
            nodes = self._prepare_pair(row, debit, credit, limits, rests)
            if nodes:
                plan += nodes
                self._log(items, row, debit.move_id[:1])
        if plan:
            self.env["account.move.line"].with_context(
                **Limits(limits).in_context()
            )._reconcile_plan(plan)
        self.env["saas.ledger.payments.apart"]._see_to(source, rows, lines, items)
        ledger._bring_along(source, losses, causes)
        self.env["saas.ledger.revenue.disputed"]._follow_invoices(source, causes)

    def _find_loose(self, losses, rows, lines):
        """Return the losses of those invoices that something else is there to close."""
        coming = {
            row.debit_ref
            for row in rows
            if row.debit_kind == Kind.INVOICE
            and not all(
                line.reconciled
                for line in lines.get((row.credit_kind, row.credit_ref), ())
            )
        }
        return [loss for loss in losses if loss.ref in coming]

    def _get_causes(self, rows, items):
        """Return because of which item each invoice is looked at, by the invoices'
        external ids: its own if there is one.
        """
        causes = {
            row.debit_ref: items[key]
            for row in rows
            if row.debit_kind == Kind.INVOICE
            for key in [(row.credit_kind, row.credit_ref)]
            if key in items
        }
        own = {ref: item for (kind, ref), item in items.items() if kind == Kind.INVOICE}
        return {**causes, **own}

    def _get_sides(self, row, lines):
        """Return the receivable items of both sides of a pair, empty ones for a side
        that is not booked.

        :param lines: as :meth:`_get_lines` returns them.
        """
        none = self.env["account.move.line"]
        debit = lines.get((row.debit_kind, row.debit_ref), none)
        credit = lines.get((row.credit_kind, row.credit_ref), none)
        if debit and row.debit_kind == Kind.INVOICE and row.credit_kind == Kind.PAYMENT:
            # First, so that what else closes the invoice finds its own part open.
            debit = lines.get((Kind.INVOICE_OVERPAID, row.debit_ref), none) | debit
        return debit, credit

    def _get_partials(self, debit, credit):
        """Return by what items of two sides are reconciled with each other."""
        partials = debit.matched_debit_ids | debit.matched_credit_ids
        return partials.filtered(
            lambda partial: (partial.debit_move_id | partial.credit_move_id) & credit
        )

    def _prepare_pair(self, row, debit, credit, limits, rests):
        """Return the journal items to reconcile with each other for a pair of objects;
        note in ``limits`` how much of them at most, and in ``rests`` what that leaves
        of each for the next pairs.
        """
        limit = row._get_limit()
        if limit is not None:
            return self._prepare_limited(limit, debit, credit, limits, rests)
        debit = debit.filtered(lambda line: not line.reconciled)
        credit = credit.filtered(lambda line: not line.reconciled)
        return [
            same
            for same in (debit | credit).grouped(get_place).values()
            if same & debit and same & credit
        ]

    def _prepare_limited(self, limit, debit, credit, limits, rests):
        """Return the pairs of journal items that reconcile two objects up to a limit,
        a Decimal in their currency, of which a part may be reconciled already.
        """
        both = debit | credit
        if not debit or not credit or len(both.currency_id) != 1:
            return []
        places = both.currency_id.decimal_places
        done = self._get_partials(debit, credit)
        rest = limit - sum(exact(p.debit_amount_currency, places) for p in done)
        nodes = []
        # The row names its sides for the usual case; the signs decide.
        for one, other in product(debit, credit.sorted("id")):
            plus, minus = (one, other) if one.balance > 0 else (other, one)
            if get_place(plus) != get_place(minus) or minus.balance >= 0:
                continue
            for line in (plus, minus):
                open_now = exact(abs(line.amount_residual_currency), places)
                rests.setdefault(line.id, open_now)
            most = min(rests[plus.id], rests[minus.id])
            amount = min(rest, most)
            if amount <= 0 or plus.balance <= 0:
                continue
            if amount < most:
                limits[plus.id, minus.id] = float(amount)
            rest -= amount
            rests[plus.id] -= amount
            rests[minus.id] -= amount
            nodes.append(plus | minus)
        return nodes

    def _log(self, items, row, move):
        """Note the pair on whichever of its sides is being applied."""
        for key in (
            (row.debit_kind, row.debit_ref),
            (row.credit_kind, row.credit_ref),
        ):
            if key in items:
                items[key].log(
                    Action.RECONCILED, move, f"{row.debit_ref} {row.credit_ref}"
                )
                return

    def _reconcile_bank_line(self, move, account, bank_line):
        """Put an account in the place of the suspense of a bank statement's line, and
        reconcile the two there.

        :param move: the entry that has the other side, on ``account``.
        """
        _liquidity, suspense, _other = bank_line._seek_for_lines()
        suspense.account_id = account
        sent = move.line_ids.filtered(lambda line: line.account_id == account)
        (sent | suspense).reconcile()

    def _get_lines(self, source, sides):
        """Return the receivable items of objects, by kind and external id."""
        by_kind = {}
        for kind, ref in sides:
            by_kind.setdefault(kind, set()).add(ref)
        lines, objects = {}, {}
        for kind, refs in by_kind.items():
            bindings = self.env["saas.binding"]._find(source, kind, refs)
            for ref, move in self._get_moves(source, bindings).items():
                lines[kind, ref] = get_owed(move)
                objects[kind, ref] = get_holder(bindings[ref])
        transfers = self.env["saas.ledger.payments.elsewhere"]._find_transfers(objects)
        for key, holder in objects.items():
            if holder in transfers:
                lines[key] |= get_owed(transfers[holder])
        for ref, moves in (
            self.env["saas.ledger.overpaid"]._get_moves(source, by_kind).items()
        ):
            owed = get_owed(moves).filtered(lambda line: line.balance > 0)
            lines[Kind.INVOICE_OVERPAID, ref] = owed
        return lines

    def _get_moves(self, source, bindings):
        """Return the entries of bound objects, by external id. A sum of money may
        be booked in several payments, all under its main id. What a linked source holds
        is looked up there.
        """
        elsewhere = self.env["saas.ledger.payments.elsewhere"]
        others = elsewhere._get_moves(bindings)
        bindings = {ref: b for ref, b in bindings.items() if not b.origin_source_id}
        moves = {
            ref: record if record._name == "account.move" else record.move_id
            for ref, binding in bindings.items()
            if (record := binding._get_record())
        }
        mains = {b.parent_ref for b in bindings.values() if b.kind == Kind.PAYMENT}
        booked, none = (
            self.env["saas.ledger.payment"]._find(source, mains),
            self.env["account.payment"],
        )
        for ref, binding in bindings.items():
            if binding.kind == Kind.PAYMENT:
                # A payment from before the cut-over is bound, and not booked.
                moves[ref] = booked.get(binding.parent_ref, none).move_id
                if binding.by_person:
                    moves[ref] |= binding._get_move()
        return moves | others
