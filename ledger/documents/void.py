from dataclasses import dataclass, field

from odoo import models

from ...canonical.errors import Quarantine
from ...canonical.kinds import Kind
from ...canonical.marks import Limits
from ...canonical.reasons import Reason
from ..journal_items import get_open, get_owed


@dataclass(eq=False)
class Family:
    """An invoice that is void at its source, its credit notes with what took them back,
    and ``undone``: what has taken the invoice back so far. ``limits`` say how much of a
    credit note lowers what is due on the invoice, by the credit note.
    """

    ref: str
    invoice: object
    credits: object
    credits_undone: object
    undone: object
    limits: dict = field(default_factory=dict)

    @property
    def moves(self):
        """Return all documents of the family."""
        return self.invoice | self.credits | self.credits_undone | self.undone


class SaasLedgerVoid(models.AbstractModel):
    """Takes back void invoices: what their credit notes have left, and no more.

    Afterwards the income, the taxes and what is owed of an invoice and its credit notes
    are 0 together. Each day has its own share of that, so the books are the same
    whichever is told first: what came before the day on which the invoice was voided
    is taken back on that day, and what came later on its own.

    Nothing is booked over what a person did in Odoo.
    """

    _name = "saas.ledger.documents.void"
    _description = "SaaS ledger of void invoices"

    def _bring_along(self, source, items):
        """Take back what is left of those invoices that are void.

        :param items: the items because of which, by the invoices' external ids.
        :raises Quarantine: as ``changed_by_person``, or ``period_locked``.
        """
        corrections = self.env["saas.ledger.documents.correction"]
        whole, documents, owners = [], [], []
        for family in self._read(source, items):
            item, due = items[family.ref], self._get_due(family)
            is_unclear = _has_draft(family.moves)
            if not (due or is_unclear) or self._is_settled_by_people(family):
                continue
            if family.moves == family.invoice and item.fact.kind == Kind.INVOICE:
                whole.append((item, family.invoice, next(iter(due))))
                continue
            owners += [family] * len(due)
            documents += [
                corrections._prepare(
                    item,
                    Kind.INVOICE_VOID,
                    self._get_new_ref(family, number),
                    family.invoice,
                    day,
                    parts,
                    {"parent_ref": family.ref},
                )
                for number, (day, parts) in enumerate(due.items())
            ]
        self.env["saas.ledger.reversal"]._reverse_documents(
            source, whole, Kind.INVOICE_VOID
        )
        moves = corrections._post(source, documents)
        taken_back = self.env["saas.ledger.revenue.taken_back"]
        taken_back._follow(
            source,
            [
                (family.invoice | family.credits | family.credits_undone, move)
                for family, move in zip(owners, moves, strict=True)
            ],
        )
        for family, move in zip(owners, moves, strict=True):
            family.undone |= move
        for family in dict.fromkeys(owners):
            self._reconcile(family)

    def _get_new_ref(self, family, number):
        """Return the external id of the binding of one more document that takes an
        invoice back.
        """
        number += len(family.undone)
        return f"{family.ref}:{number}" if number else family.ref

    # -- what there is ----------------------------------------------------------

    def _read(self, source, refs):
        """Return the families of those invoices that are void."""
        bindings = self.env["saas.binding"]
        invoices = {
            ref: move
            for ref, binding in bindings._find(source, Kind.INVOICE, refs).items()
            if (move := binding._get_record())
            and move.is_invoice()
            and move.saas_state == "void"
        }
        if not invoices:
            return []
        credit_notes = self.env["saas.ledger.documents.credit_notes"]._read(
            source, invoices
        )
        undone = bindings._find_with_parts(
            source, (Kind.INVOICE_VOID,), invoices
        ).grouped(lambda binding: binding.parent_ref or binding.external_id)
        limits = self._read_limits(source, invoices)
        none = self.env["account.move"]
        return [
            Family(
                ref,
                invoice,
                none.union(*(credit for _key, credit, _back in group)),
                none.union(*(back for _key, _credit, back in group)),
                none.union(*(b._get_record() for b in undone.get(ref, ()))),
                {credit: limits.get((ref, key)) for key, credit, _back in group},
            )
            for ref, invoice in invoices.items()
            for group in [credit_notes.get(ref, ())]
        ]

    def _read_limits(self, source, refs):
        """Return how much of credit notes lowers what is due on invoices, as Decimals
        by both external ids.
        """
        rows = self.env["saas.settlement"].search(
            [
                ("source_id", "=", source.id),
                ("debit_kind", "=", Kind.INVOICE),
                ("debit_ref", "in", list(refs)),
                ("credit_kind", "=", Kind.CREDIT_NOTE),
            ]
        )
        return {(row.debit_ref, row.credit_ref): row._get_limit() for row in rows}

    def _get_due(self, family):
        """Return the parts that are still to be booked, by day, in order."""
        corrections = self.env["saas.ledger.documents.correction"]
        invoice = family.invoice
        since = max(invoice.saas_state_date or invoice.date, invoice.date)
        signed = {}
        for move in invoice | family.credits | family.credits_undone:
            parts = corrections._get_parts(move)
            signed.setdefault(max(move.date, since), []).append((-1, parts))
        for move in family.undone:
            parts = corrections._get_parts(move)
            signed.setdefault(move.date, []).append((-1, parts))
        due = {day: corrections._add_up(*signed[day]) for day in sorted(signed)}
        # Cents that only stand on other parts than they should are no document.
        return {day: parts for day, parts in due.items() if _is_document(parts)}

    # -- what people did ----------------------------------------------------------

    def _is_settled_by_people(self, family):
        """Return whether people have left nothing of an invoice to take back.

        :raises Quarantine: as ``changed_by_person``, if they changed it otherwise.
        """
        touched = self._get_touched(family.moves)
        if not touched:
            return False
        if not self._get_left(family.moves) and not _has_draft(family.moves):
            return True
        raise self._refuse(family.invoice, family.moves, touched)

    def _check_credit_notes(self, source, rows):
        """Return the rows whose credit notes are still to be taken back in full.

        :param rows: items, moves of credit notes, and days.
        :raises Quarantine: as ``changed_by_person``.
        """
        left = []
        for row in rows:
            move = row[1]
            touched = self._get_touched(move)
            if not touched:
                left.append(row)
            elif self._get_left(move) or _has_draft(move):
                raise self._refuse(move, move, touched)
        return left

    def _get_left(self, moves):
        """Return the parts that documents come to, with what people have credited of
        them.
        """
        return self.env["saas.ledger.documents.correction"]._get_parts(
            moves | self._get_credited(moves)
        )

    def _get_credited(self, moves):
        """Return the documents by which people have reversed ``moves``."""
        found = moves.reversal_move_ids.filtered(
            lambda move: move.state == "posted" and not move.saas_source_id
        )
        return found | self._get_credited(found) if found else found

    def _get_touched(self, moves):
        """Return what people have changed, as the records' names: what was reset or
        cancelled, what credits it, and what it was reconciled with by hand.
        """
        changed = moves.filtered(lambda move: move.state != "posted")
        lines = moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        others = (partials.debit_move_id | partials.credit_move_id).move_id
        by_hand = others.filtered(
            lambda move: (
                not move.saas_source_id
                and not move.origin_payment_id.saas_source_id
                and move.journal_id != move.company_id.currency_exchange_journal_id
            )
        )
        return changed | self._get_credited(moves) | by_hand

    def _refuse(self, move, moves, touched):
        """Return the error that tells both sides of a document that people changed."""
        states = dict(move._fields["state"]._description_selection(self.env))
        left = -sum(amount for amount, _balance in self._get_left(moves).values())
        return Quarantine(
            Reason.CHANGED_BY_PERSON,
            self.env._(
                "The source says that %(name)s is void, so that nothing is left of it. "
                "In Odoo %(left)s %(currency)s are left of it, with what somebody has "
                "changed: %(changes)s.",
                name=move.ref or move.display_name,
                left=left,
                currency=move.currency_id.name,
                changes=", ".join(
                    f"{x.display_name} ({states[x.state]})" for x in touched
                ),
            ),
        )

    # -- reconciling ----------------------------------------------------------------

    def _reconcile(self, family):
        """Reconcile an invoice with its credit notes, as far as these lower what is due
        on it, and with what takes it back. Money that paid it is open again.
        """
        owed, undone = get_owed(family.invoice), get_owed(family.undone)
        (owed | undone).remove_move_reconcile()
        plan, limits = [], {}
        for move in family.credits:
            credit = get_open(move)
            limit = family.limits.get(move)
            if len(credit) == len(owed) == 1 and credit.account_id == owed.account_id:
                if limit:
                    debit_credit = (
                        (owed, credit) if owed.balance > 0 else (credit, owed)
                    )
                    limits[tuple(line.id for line in debit_credit)] = float(limit)
                    plan.append(owed | credit)
        journal_items = self.env["account.move.line"]
        journal_items.with_context(**Limits(limits).in_context())._reconcile_plan(plan)
        for same in (owed | undone).grouped("account_id").values():
            still_open = same.filtered(lambda line: not line.reconciled)
            if len(still_open) > 1:
                still_open.reconcile()


def _has_draft(moves):
    """Return whether somebody has reset a document: it says nothing until then."""
    return "draft" in moves.mapped("state")


def _is_document(parts):
    """Return whether parts move amounts, or come to something in the company's
    currency.
    """
    amounts, owns = zip(*parts.values(), strict=True) if parts else ((), ())
    return any(amounts) or bool(sum(owns))
