import itertools
from dataclasses import dataclass
from decimal import Decimal

from odoo import models

from ...canonical.kinds import Kind
from ...canonical.money import exact

_ZERO = Decimal(0)
#: What belongs to a document: the kinds of bindings with its id, or with it as parent.
_OF_INVOICES = (
    Kind.CREDIT_NOTE,
    Kind.INVOICE_VOID,
    Kind.INVOICE_WRITE_OFF,
    Kind.INVOICE_WRITE_OFF_REVERSAL,
)


@dataclass(eq=False)
class Family:
    """A document with what the books have beside it: its credit notes and what took
    them back, what took back the document itself, and what is booked as its loss.
    ``apart`` is how much of its credit notes does not lower what is due on it.
    """

    document: object
    credits: object
    credits_undone: object
    undone: object
    losses: object
    apart: dict

    def get_open(self):
        """Return what is open of the family, as a Decimal in the document's currency,
        debit above zero. Of a credit note, what goes back by other ways is not of the
        family, open or not.
        """
        total = _get_open(self.document | self.undone | self.losses)
        for credit in self.credits:
            rest = _get_open(credit)
            total += min(rest + self.apart.get(credit, _ZERO), _ZERO)
        return self._round(total)

    def get_lost(self):
        """Return what is booked as lost, as a Decimal; people's reversals count."""
        return self._round(-_sum_up(with_reversals(self.losses), _is_owed))

    def get_left(self):
        """Return the net amount and the tax that are left of the family, as Decimals:
        both are 0 if the document is void.
        """
        moves = with_reversals(
            self.document | self.credits | self.credits_undone | self.undone
        )
        moves |= with_reversals(self.losses)
        net = _sum_up(moves, lambda x: not _is_owed(x) and not x.tax_line_id)
        tax = _sum_up(moves, lambda x: bool(x.tax_line_id))
        return self._round(-net), self._round(-tax)

    def _round(self, amount):
        """Return an amount with the decimals of the document's currency."""
        places = self.document.currency_id.decimal_places
        return amount.quantize(Decimal(1).scaleb(-places))


class SaasComparatorFamily(models.AbstractModel):
    """Reads what the books have beside invoices and credit notes."""

    _name = "saas.comparator.family"
    _description = "SaaS families of documents"

    def _read(self, source, bindings):
        """Return the families of invoices, by external id.

        :param bindings: the invoices' bindings, by external id.
        """
        refs = list(bindings)
        found = self._read_by_kind(source, refs)
        credit_refs = [b.external_id for b in found.get(Kind.CREDIT_NOTE, ())]
        undone = self._find_voids(source, credit_refs)
        rows = self.env["saas.settlement"].search(
            [
                ("source_id", "=", source.id),
                ("debit_kind", "=", Kind.INVOICE),
                ("debit_ref", "in", refs),
                ("credit_kind", "=", Kind.CREDIT_NOTE),
            ]
        )
        limits = {row.credit_ref: row._get_limit() for row in rows}
        none = self.env["account.move"]
        self._read_at_once([*bindings.values(), *itertools.chain(*found.values())])
        families = {}
        for ref, binding in bindings.items():
            own = {kind: self._join(group, ref) for kind, group in found.items()}
            credit_notes = [
                (b.external_id, move)
                for b in found.get(Kind.CREDIT_NOTE, ())
                if b.parent_ref == ref and (move := b._get_record())
            ]
            families[ref] = Family(
                binding._get_record() or none,
                none.union(*(move for _ref, move in credit_notes)),
                none.union(*(undone[key] for key, _m in credit_notes if key in undone)),
                own.get(Kind.INVOICE_VOID, none),
                own.get(Kind.INVOICE_WRITE_OFF, none)
                | own.get(Kind.INVOICE_WRITE_OFF_REVERSAL, none),
                {
                    move: self._get_apart(move, limits.get(key, _ZERO))
                    for key, move in credit_notes
                },
            )
        return families

    def _read_by_kind(self, source, refs):
        """Return the bindings of what belongs to invoices, by kind."""
        found = self.env["saas.binding"]._find_with_parts(source, _OF_INVOICES, refs)
        return found.grouped("kind")

    def _read_at_once(self, bindings):
        """Read what is compared of all families, before each reads its own."""
        # What is from before the cut-over is bound without a record.
        records = filter(None, (binding._get_record() for binding in bindings))
        moves = self.env["account.move"].union(*records)
        moves.mapped("reversal_move_ids")
        moves.mapped("line_ids.amount_residual_currency")

    def _find_voids(self, source, refs):
        """Return what took credit notes back, by the credit notes' external ids."""
        bindings = self.env["saas.binding"]._find(source, Kind.CREDIT_NOTE_VOID, refs)
        return {ref: binding._get_record() for ref, binding in bindings.items()}

    def _join(self, bindings, ref):
        """Return the entries that belong to an invoice."""
        return self.env["account.move"].union(
            *(b._get_record() for b in bindings if ref in (b.parent_ref, b.external_id))
        )

    def _get_apart(self, credit, limit):
        """Return how much of a credit note doesn't lower what is due on its invoice."""
        places = credit.currency_id.decimal_places
        return exact(credit.amount_total, places) - (limit or _ZERO)


def with_reversals(moves):
    """Return documents with those by which people have reversed them."""
    reversals = moves.reversal_move_ids.filtered(lambda move: not move.saas_source_id)
    return moves | with_reversals(reversals) if reversals else moves


def get_total(moves):
    """Return what posted documents come to together, as a Decimal in their currency,
    debit above zero.
    """
    return _sum_up(moves, _is_owed)


def _is_owed(line):
    return line.account_type == "asset_receivable"


def _sum_up(moves, is_of):
    return sum(
        (
            exact(line.amount_currency, line.currency_id.decimal_places)
            for line in moves.line_ids
            if line.parent_state == "posted" and line.account_id and is_of(line)
        ),
        start=_ZERO,
    )


def _get_open(moves):
    return sum(
        (
            exact(line.amount_residual_currency, line.currency_id.decimal_places)
            for line in moves.line_ids
            if line.parent_state == "posted" and _is_owed(line)
        ),
        start=_ZERO,
    )
