from types import SimpleNamespace

from odoo import models

from ...canonical.facts import CreditNote
from ...ledger.transfer import Transfer


class SaasDocumentsWriteOff(models.AbstractModel):
    """Invoices that were given up: what was still due becomes a loss, until they are
    paid or voided after all. Where the country lets the tax be taken back, and the
    source is set so, the loss is a credit note with the invoice's taxes.
    """

    _name = "saas.documents.write_off"
    _inherit = "saas.ledger.document"
    _description = "SaaS write-off handler"

    def _check_invoices(self, source, items):
        """Quarantine invoices whose loss can't be booked."""
        given_up = [item for item in items if item.fact.written_off]
        self.env["saas.ledger.transfer"]._require(
            source, [(item, "bad_debt_account_id") for item in given_up]
        )
        if not source.bad_debt_tax_relief:
            return
        for item in given_up:
            if not item.error:
                self._check_document(source, item, self._get_date(source, item))

    def _apply_invoices(self, source, pairs):
        """Book the losses, and take back those that were none.

        :param pairs: items and the moves of their invoices.
        """
        given_up = [(item, move) for item, move in pairs if item.fact.written_off]
        known = self._get_bindings(
            source, "invoice_write_off", [i.fact.external_id for i, _move in given_up]
        )
        new = [(i, move) for i, move in given_up if i.fact.external_id not in known]
        if source.bad_debt_tax_relief:
            self._post_documents(source, new)
        else:
            self._post_entries(source, new)
        over = [(i, m) for i, m in pairs if m.saas_state in ("paid", "void")]
        self.env["saas.ledger.transfer"]._undo(source, "invoice_write_off", over)

    def _get_settlements(self, items):
        """Return which write-offs close which invoices."""
        return [
            ("invoice", ref, "invoice_write_off", ref)
            for ref in (i.fact.external_id for i in items if i.fact.written_off)
        ]

    def _get_date(self, source, item):
        fact = item.fact
        return source._localize_date(
            max(fact.written_off_at or fact.issued_at, fact.issued_at)
        )

    def _post_entries(self, source, pairs):
        entry = self.env["saas.ledger.transfer"]
        entry._post(
            source,
            [
                Transfer(
                    item=item,
                    kind="invoice_write_off",
                    external_id=fact.external_id,
                    date=max(self._get_date(source, item), move.invoice_date),
                    debit=source.bad_debt_account_id,
                    credit=entry._get_receivable(move),
                    amount=fact.decimal(fact.written_off),
                    ref=move.ref,
                    rate=move.invoice_currency_rate,
                    minor=fact.written_off,
                )
                for item, move in pairs
                if (fact := item.fact)
            ],
        )

    def _post_documents(self, source, pairs):
        """Book losses as credit notes: a share of each line, with its taxes."""
        shares = [
            SimpleNamespace(
                event=item.event, tenant=item.tenant, fact=_share(item.fact)
            )
            for item, _move in pairs
        ]
        finder = self._find_taxes(source, shares)
        moves = self._create_posted(
            shares,
            [
                self._prepare_credit_vals(source, share, item, move, finder)
                for share, (item, move) in zip(shares, pairs, strict=True)
            ],
        )
        for (_item, invoice), move in zip(pairs, moves, strict=True):
            move.reversed_entry_id = invoice
        self.env["saas.binding"].create(
            [
                self._bind(
                    source,
                    "invoice_write_off",
                    item.fact.external_id,
                    move,
                    amount=item.fact.written_off,
                )
                for (item, _invoice), move in zip(pairs, moves, strict=True)
            ]
        )
        for (item, _invoice), move in zip(pairs, moves, strict=True):
            item.log("invoice_write_off_posted", move, move.name)

    def _prepare_credit_vals(self, source, share, item, invoice, finder):
        fact = share.fact
        products = {line.saas_external_id: line for line in invoice.invoice_line_ids}
        lines = [
            self._prepare_line_vals(
                fact,
                line,
                1,
                products.get(line.external_id, invoice.invoice_line_ids[:1]).product_id,
                source.bad_debt_account_id,
                self._get_line_taxes(item, line, finder),
            )
            for line in fact.lines
        ]
        if item.error:
            raise item.error
        date = max(self._get_date(source, item), invoice.invoice_date)
        vals = self._prepare_move_vals(
            source, share, invoice.currency_id, date, "out_refund", lines
        )
        # It is no object of the source.
        return {**vals, "saas_external_id": False, "saas_state": False}

    def _get_stated_taxes(self, finder, fact, vals):
        """Allow twice the rounding: net and tax of a share are rounded once more."""
        stated = super()._get_stated_taxes(finder, fact, vals)
        return {
            tax: part._replace(allowed=2 * part.allowed) for tax, part in stated.items()
        }


def _share(fact):
    """Return a credit note for what was still due of an invoice: of each line the
    same share, to the minor unit.
    """
    amounts = [
        amount
        for line in fact.lines
        for amount in (line.net, *(tax.amount for tax in line.taxes))
    ]
    rest = iter(_split(fact.written_off, amounts, fact.step))
    lines = [
        line.model_copy(
            update={
                "quantity": 1,
                "net": next(rest),
                "taxes": tuple(
                    tax.model_copy(update={"amount": next(rest), "taxable": None})
                    for tax in line.taxes
                ),
            }
        )
        for line in fact.lines
    ]
    return CreditNote(
        external_id=fact.external_id,
        invoice=fact.external_id,
        state="issued",
        number=fact.number,
        issued_at=fact.issued_at,
        lines=tuple(lines),
        total=fact.written_off,
        currency=fact.currency,
        exponent=fact.exponent,
        step=fact.step,
    )


def _split(part, amounts, step):
    """Return ``part`` split in proportion to ``amounts``, in multiples of ``step``:
    rounded down, and what is then missing given to those cut most.
    """
    whole = sum(amounts) * step
    floors = [amount * part // whole for amount in amounts]
    by_cut = sorted(
        range(len(amounts)), key=lambda i: amounts[i] * part % whole, reverse=True
    )
    for i in by_cut[: part // step - sum(floors)]:
        floors[i] += 1
    return [step * floor for floor in floors]
