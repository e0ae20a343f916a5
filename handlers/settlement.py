from odoo import models
from odoo.fields import Domain


class SaasHandlerSettlement(models.AbstractModel):
    """Reconciles what the source says belongs together, once both are booked."""

    _name = "saas.handler.settlement"
    _inherit = "saas.handler"
    _description = "SaaS settlement handler"

    def _record(self, source, pairs):
        """Remember that one object settles another.

        :param pairs: tuples of the kind and external id of what is owed, and of
            what settles it.
        """
        pairs = set(pairs)
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
                {"source_id": source.id, **dict(zip(fields, pair, strict=True))}
                for pair in sorted(pairs)
            ]
        )

    def _get_settled(self, source, kind, refs):
        """Return those of ``refs`` that something is known to settle."""
        rows = self.env["saas.settlement"].search(
            [
                ("source_id", "=", source.id),
                ("debit_kind", "=", kind),
                ("debit_ref", "in", refs),
            ]
        )
        return set(rows.mapped("debit_ref"))

    def _settle(self, source, items):
        """Reconcile all pairs that one of ``items`` is part of, as far as both
        sides are booked. What is reconciled already has nothing left to reconcile.

        :param items: items by the kind and external id of their objects.
        """
        refs = list({ref for _kind, ref in items})
        rows = self.env["saas.settlement"].search(
            Domain("source_id", "=", source.id)
            & (Domain("debit_ref", "in", refs) | Domain("credit_ref", "in", refs)),
            order="id",
        )
        sides = [(r.debit_kind, r.debit_ref) for r in rows]
        sides += [(r.credit_kind, r.credit_ref) for r in rows]
        lines = self._get_open_lines(source, sides)
        plan = []
        for row in rows:
            debit = lines.get((row.debit_kind, row.debit_ref))
            credit = lines.get((row.credit_kind, row.credit_ref))
            if debit and credit:
                plan += [
                    same
                    for same in (debit | credit).grouped("account_id").values()
                    if same & debit and same & credit
                ]
                self._log(items, row, debit.move_id[:1])
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)

    def _log(self, items, row, move):
        """Note the pair on whichever of its sides is being applied."""
        for key in (
            (row.debit_kind, row.debit_ref),
            (row.credit_kind, row.credit_ref),
        ):
            if key in items:
                items[key].log("reconciled", move, f"{row.debit_ref} {row.credit_ref}")
                return

    def _get_open_lines(self, source, sides):
        """Return the receivable lines still open, by kind and external id."""
        by_kind = {}
        for kind, ref in sides:
            by_kind.setdefault(kind, set()).add(ref)
        lines = {}
        for kind, refs in by_kind.items():
            bindings = self._get_bindings(source, kind, refs)
            for ref, move in self._get_moves(source, bindings).items():
                lines[kind, ref] = move.line_ids.filtered(
                    lambda line: (
                        line.account_type == "asset_receivable"
                        and line.parent_state == "posted"
                        and not line.reconciled
                    )
                )
        return lines

    def _get_moves(self, source, bindings):
        """Return the entries of bound objects, by external id. A sum of money may
        be booked in several payments, all under its main id.
        """
        moves = {
            ref: record if record._name == "account.move" else record.move_id
            for ref, binding in bindings.items()
            if (record := binding._get_record())
        }
        mains = {b.parent_ref: b for b in bindings.values() if b.kind == "payment"}
        payments = self.env["account.payment"].search(
            [
                ("saas_source_id", "=", source.id),
                ("saas_external_id", "in", list(mains)),
            ]
        )
        booked = payments.grouped("saas_external_id")
        for ref, binding in bindings.items():
            if binding.kind == "payment":
                moves[ref] = booked[binding.parent_ref].move_id
        return moves
