from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo import models

from ...canonical.actions import Action
from ...canonical.errors import Quarantine
from ...canonical.facts.base import MoneyFact
from ...canonical.kinds import Kind
from ...canonical.money import exact
from ...canonical.reasons import Reason
from ..entry import OTHER, Entry, journal_item
from ..journal_items import get_open, get_owed

_ZERO = Decimal(0)


@dataclass(eq=False)
class Loss:
    """An invoice that was given up. ``since`` is the day of that, and ``stated`` what
    the newest snapshot says is uncollectible, in minor units. ``booked`` are the
    entries and documents of the loss. ``undone`` is what had lowered what is due for
    some time only, as ``saas.ledger.documents.undone`` reads it. ``credits`` are all
    credit notes, and what took them back.
    """

    ref: str
    invoice: object
    since: date
    stated: int
    booked: object
    undone: list
    credits: object


class SaasLedgerLoss(models.AbstractModel):
    """Keeps the losses of invoices that were given up: what nothing else has closed of
    them, as ``saas.ledger.documents.uncollectible`` works it out.

    With tax relief the loss is a credit note with the invoice's taxes, in proportion;
    so it is where a tax is due on payment, because a loss is none.
    """

    _name = "saas.ledger.documents.loss"
    _description = "SaaS ledger losses"

    # -- what there is ----------------------------------------------------------

    def _read(self, source, refs):
        """Return the losses of those invoices that were given up."""
        bindings = self.env["saas.binding"]
        found = bindings._find_kinds(
            source, [Kind.INVOICE_WRITE_OFF, Kind.INVOICE_GIVEN_UP], refs
        )
        given_up = found[Kind.INVOICE_WRITE_OFF] | found[Kind.INVOICE_GIVEN_UP]
        if not given_up:
            return []
        invoices = bindings._find(source, Kind.INVOICE, given_up)
        booked = self._read_booked(source, given_up)
        undone = self.env["saas.ledger.documents.undone"]._read(source, given_up)
        credit_notes = self.env["saas.ledger.documents.credit_notes"]._read(
            source, given_up
        )
        return [
            Loss(
                ref,
                invoice,
                max(
                    binding.date or booked[ref][:1].date,
                    invoice.invoice_date or invoice.date,
                ),
                binding.amount,
                booked.get(ref, invoice.browse()),
                undone.get(ref, []),
                invoice.browse().union(
                    *(credit | back for _key, credit, back in credit_notes.get(ref, ()))
                ),
            )
            for ref, binding in given_up.items()
            if ref in invoices and (invoice := invoices[ref]._get_record())
        ]

    def _read_booked(self, source, refs):
        """Return what is booked of losses, in the order of booking."""
        kinds = (Kind.INVOICE_WRITE_OFF, Kind.INVOICE_WRITE_OFF_REVERSAL)
        found = self.env["saas.binding"]._find_with_parts(source, kinds, refs)
        none = self.env["account.move"]
        return {
            ref: none.union(*(binding._get_record() for binding in group))
            for ref, group in found.grouped(
                lambda binding: binding.parent_ref or binding.external_id
            ).items()
        }

    # -- booking --------------------------------------------------------------------

    def _loosen(self, losses):
        """Take losses from their invoices, for what else closes these."""
        for loss in losses:
            owed, lost = get_owed(loss.invoice), get_owed(loss.booked)
            lost.matched_debit_ids.filtered(
                lambda partial, own=owed | lost: partial.debit_move_id in own
            ).unlink()

    def _bring_along(self, source, losses, items):
        """Book what has changed of losses, and close what is left of their invoices.

        :param items: the items because of which, by the invoices' external ids.
        :raises EventError: if one can't be booked as it is; as ``changed_by_person``,
            if somebody has changed what is booked and the invoice itself tells more.
        """
        work = self.env["saas.ledger.documents.uncollectible"]
        entries, documents, owners = [], [], []
        for loss in losses:
            item = items[loss.ref]
            # A movement that tells of a failure has another currency, or none.
            told = getattr(item.fact, "currency", None)
            is_own = told == loss.invoice.currency_id.name
            places = loss.invoice.currency_id.decimal_places
            course = work._get_course(loss, item.fact.exponent if is_own else places)
            due = work._get_due(source, loss, course)
            if not due or self._is_left_alone(item, loss, course):
                continue
            self._loosen([loss])
            for number, (day, parts) in enumerate(due.items(), len(loss.booked)):
                booking = self._prepare(source, item, loss, number, day, parts)
                (entries if isinstance(booking, Entry) else documents).append(booking)
                owners.append((loss, booking))
        moves = self.env["saas.ledger.entry"]._book_or_raise(source, entries)
        posted = self.env["saas.ledger.documents.correction"]._post(source, documents)
        moves.update(zip(documents, posted, strict=True))
        for loss, booking in owners:
            loss.booked |= moves[booking]
        for loss in losses:
            self._close(loss)
        self.env["saas.ledger.revenue.unearned"]._bring_along(source, losses, items)

    def _prepare(self, source, item, loss, number, day, parts):
        """Return the entry or the document of what changes of a loss on a day.

        :param number: how many there are already.
        """
        invoice = loss.invoice
        kind = Kind.INVOICE_WRITE_OFF_REVERSAL if number else Kind.INVOICE_WRITE_OFF
        ref = f"{loss.ref}:{number}" if number > 1 else loss.ref
        binding = {"parent_ref": loss.ref} if number else {}
        work = self.env["saas.ledger.documents.uncollectible"]
        if work._has_relief(source, loss):
            return self.env["saas.ledger.documents.correction"]._prepare(
                item, kind, ref, invoice, day, parts, binding
            )
        [(amount, balance)] = parts.values()
        owed = self.env["saas.ledger.document"]._get_receivable(invoice)
        said = invoice.ref, invoice.commercial_partner_id
        return Entry(
            item,
            OTHER,
            kind,
            ref,
            day,
            [
                journal_item(account, sign * amount, *said, balance=sign * balance)
                for account, sign in ((work._get_account(source, loss), 1), (owed, -1))
            ],
            fact=MoneyFact(
                external_id=ref,
                currency=invoice.currency_id.name,
                exponent=invoice.currency_id.decimal_places,
            ),
            text=invoice.ref,
            vals={"saas_tenant_id": invoice.saas_tenant_id.id},
            binding=binding,
            action=Action.INVOICE_WRITE_OFF_POSTED
            if amount > 0
            else Action.INVOICE_WRITE_OFF_REVERSAL,
        )

    def _is_left_alone(self, item, loss, course):
        """Return whether people have changed what is booked of a loss, so that nothing
        is booked over it. The comparison with the source shows what is wrong then.

        :raises Quarantine: if the invoice itself tells that the loss is another.
        """
        void = self.env["saas.ledger.documents.void"]
        touched = void._get_touched(loss.booked)
        if not touched:
            return False
        places = loss.invoice.currency_id.decimal_places
        booked = -sum(
            (
                exact(line.amount_currency, places)
                for line in get_owed(loss.booked | void._get_credited(loss.booked))
            ),
            start=_ZERO,
        )
        lost = course[-1][1]
        if booked == lost or item.fact.kind != Kind.INVOICE:
            return True
        raise Quarantine(
            Reason.CHANGED_BY_PERSON,
            self.env._(
                "At the source %(lost)s %(currency)s of %(name)s are uncollectible. In "
                "Odoo %(booked)s are booked as lost, with what somebody has changed: "
                "%(changes)s.",
                lost=lost,
                currency=loss.invoice.currency_id.name,
                name=loss.invoice.ref or loss.invoice.display_name,
                booked=booked,
                changes=", ".join(touched.mapped("display_name")),
            ),
        )

    def _close(self, loss):
        """Reconcile what is booked of a loss with each other, and then with what is
        left of its invoice.
        """
        for moves in (loss.booked, loss.booked | loss.invoice):
            for same in get_open(moves).grouped("account_id").values():
                if len(same) > 1:
                    same.reconcile()
