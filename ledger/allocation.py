from dataclasses import dataclass
from datetime import datetime

from odoo import models

from ..canonical.actions import Action
from ..canonical.kinds import Kind


@dataclass(frozen=True)
class Allocated:
    """A payment pays an invoice: how much of it, in minor units of ``exponent``
    decimals (0: as much as both allow), since when, and until when. Moments are naive
    and in UTC, or None where the source doesn't tell.
    """

    item: object
    invoice: str
    payment: str
    amount: int
    exponent: int
    started_at: datetime | None = None
    ended_at: datetime | None = None


class SaasLedgerAllocation(models.AbstractModel):
    """Keeps which payments pay which invoices, and ends it: then the invoice is open
    again, and the money pays another one or is open credit.
    """

    _name = "saas.ledger.allocation"
    _description = "SaaS allocation of payments"

    def _allocate(self, source, allocated, listed_at=()):
        """Remember how payments are allocated, in whatever order that is told: what
        began last counts, unless it has ended since. Reconcile no more what has ended.

        :param allocated: a list of :class:`Allocated`.
        :param listed_at: when all that pays an invoice was told, by invoice. What began
            before that and is told only now had ended by then.
        :return: the kinds and external ids of the objects that are open again, with the
            item that told it.
        """
        if not allocated:
            return {}
        rows = self._get_rows(source, allocated)
        ended = {}
        for each in allocated:
            row = rows[each.invoice, each.payment]
            was_over = row._is_over()
            vals = self._prepare_changes(row, each)
            listed = listed_at.get(each.invoice) if listed_at else None
            if listed and "started_at" in vals and each.started_at < listed:
                vals["ended_at"] = max(listed, row.ended_at or listed)
            row.write(vals)
            if row._is_over() and not was_over:
                ended[row] = each.item
        self._release(source, ended)
        return {
            key: item
            for row, item in ended.items()
            for key in (
                (row.debit_kind, row.debit_ref),
                (row.credit_kind, row.credit_ref),
            )
        }

    def _get_started(self, source, invoices):
        """Return the payments that pay invoices and of which it is known since when, as
        triples of the invoice's id, the payment's id and that moment.
        """
        rows = self.env["saas.settlement"].search(
            [
                ("source_id", "=", source.id),
                ("debit_kind", "=", Kind.INVOICE),
                ("debit_ref", "in", list(invoices)),
                ("credit_kind", "=", Kind.PAYMENT),
                ("started_at", "!=", False),
            ]
        )
        return [
            (row.debit_ref, row.credit_ref, row.started_at)
            for row in rows
            if not row._is_over()
        ]

    def _get_rows(self, source, allocated):
        """Return the pairs of invoices and payments, by their ids; make new ones."""
        rows = self.env["saas.settlement"]
        known = rows.search(
            [
                ("source_id", "=", source.id),
                ("debit_kind", "=", Kind.INVOICE),
                ("debit_ref", "in", [each.invoice for each in allocated]),
                ("credit_kind", "=", Kind.PAYMENT),
            ]
        )
        found = {(row.debit_ref, row.credit_ref): row for row in known}
        pairs = {(each.invoice, each.payment) for each in allocated}
        made = rows.create(
            [
                {
                    "source_id": source.id,
                    "debit_kind": Kind.INVOICE,
                    "debit_ref": invoice,
                    "credit_kind": Kind.PAYMENT,
                    "credit_ref": payment,
                }
                for invoice, payment in sorted(pairs - set(found))
            ]
        )
        return found | {(row.debit_ref, row.credit_ref): row for row in made}

    def _prepare_changes(self, row, each):
        """Return what changes in a pair."""
        vals = {}
        known = row.started_at or datetime.min
        if each.started_at and each.started_at >= known:
            vals = {
                "started_at": each.started_at,
                "amount": each.amount,
                "exponent": each.exponent,
            }
        if each.ended_at and each.ended_at > (row.ended_at or datetime.min):
            vals["ended_at"] = each.ended_at
        return {name: value for name, value in vals.items() if row[name] != value}

    def _release(self, source, ended):
        """Undo how pairs are reconciled that don't belong together any longer.

        :param ended: items by the pairs.
        """
        if not ended:
            return
        settlement = self.env["saas.ledger.settlement"]
        lines = settlement._get_lines(
            source,
            [
                key
                for row in ended
                for key in (
                    (row.debit_kind, row.debit_ref),
                    (row.credit_kind, row.credit_ref),
                )
            ],
        )
        for row, item in ended.items():
            owed, paid = settlement._get_sides(row, lines)
            partials = settlement._get_partials(owed, paid)
            if partials:
                move = owed.move_id[:1]
                partials.unlink()
                item.log(
                    Action.ALLOCATION_ENDED, move, f"{row.debit_ref} {row.credit_ref}"
                )
