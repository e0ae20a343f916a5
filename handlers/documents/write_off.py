from odoo import models

from ...canonical.facts import CreditNote
from ...canonical.kinds import Kind
from ...ledger.document import Document
from ...ledger.entry import OTHER, Entry, transfer


class SaasDocumentsWriteOff(models.AbstractModel):
    """Books the amounts that were still due on invoices that were given up. Each is a
    loss, until the invoice is paid or voided after all. If the country lets the tax be
    taken back, and the source is set so, the loss is a credit note with the invoice's
    taxes.
    """

    _name = "saas.documents.write_off"
    _inherit = "saas.documents.document"
    _description = "SaaS write-off of documents"

    def _check_invoices(self, source, items):
        """Quarantine invoices whose loss can't be booked."""
        given_up = [item for item in items if item.fact.written_off]
        self.env["saas.ledger.entry"]._require(
            source, OTHER, [(item, "bad_debt_account_id") for item in given_up]
        )
        if not source.bad_debt_tax_relief:
            return
        for item in given_up:
            if not item.error:
                self._check_document(source, item, self._get_date(source, item))

    def _apply_invoices(self, source, pairs):
        """Book the losses, and take back those of invoices that were paid or voided
        after all.

        :param pairs: items and the moves of their invoices.
        """
        given_up = [(item, move) for item, move in pairs if item.fact.written_off]
        known = self.env["saas.binding"]._find(
            source,
            Kind.INVOICE_WRITE_OFF,
            [i.fact.external_id for i, _move in given_up],
        )
        new = [(i, move) for i, move in given_up if i.fact.external_id not in known]
        if source.bad_debt_tax_relief:
            self._post_documents(source, new)
        else:
            self.env["saas.ledger.entry"]._book_or_raise(
                source, [self._prepare_entry(source, *pair) for pair in new]
            )
        over = [(i, m) for i, m in pairs if m.saas_state in ("paid", "void")]
        self.env["saas.ledger.reversal"]._undo(source, Kind.INVOICE_WRITE_OFF, over)

    def _get_pairs(self, items):
        """Return which losses close which invoices, for ``saas.ledger.settlement``."""
        return [
            (Kind.INVOICE, ref, Kind.INVOICE_WRITE_OFF, ref)
            for ref in (i.fact.external_id for i in items if i.fact.written_off)
        ]

    def _get_date(self, source, item):
        """Return the day on which an invoice was given up."""
        fact = item.fact
        return source._localize_date(
            max(fact.written_off_at or fact.issued_at, fact.issued_at)
        )

    def _prepare_entry(self, source, item, move):
        """Return the entry of a loss without tax relief: Dr bad debt, Cr receivable."""
        fact = item.fact
        receivable = self.env["saas.ledger.document"]._get_receivable(move)
        return Entry(
            item,
            OTHER,
            Kind.INVOICE_WRITE_OFF,
            fact.external_id,
            max(self._get_date(source, item), move.invoice_date),
            transfer(
                source.bad_debt_account_id,
                receivable,
                fact.decimal(fact.written_off),
                move.ref,
                item.tenant.partner_id.commercial_partner_id,
            ),
            text=move.ref,
            rate=move.invoice_currency_rate,
            binding={"amount": fact.written_off},
        )

    def _post_documents(self, source, pairs):
        """Book losses as credit notes: a share of each line, with its taxes."""
        if not pairs:
            return
        shares = [_share(item.fact) for item, _move in pairs]
        finder = self._find_taxes(source, shares)
        self.env["saas.ledger.document"]._post(
            source,
            [
                self._prepare_document(source, share, item, move, finder)
                for share, (item, move) in zip(shares, pairs, strict=True)
            ],
            finder,
        )

    def _prepare_document(self, source, share, item, invoice, finder):
        """Return the credit note of a loss.

        :param share: the fact that states it.
        :raises EventError: if the taxes of a line are not known: the invoice is booked
            already.
        """
        documents = self.env["saas.ledger.document"]
        products = {line.saas_external_id: line for line in invoice.invoice_line_ids}
        lines = [
            documents._prepare_line_vals(
                share,
                line,
                1,
                products.get(line.external_id, invoice.invoice_line_ids[:1]).product_id,
                source.bad_debt_account_id,
                self._get_line_taxes(item, line, finder),
            )
            for line in share.lines
        ]
        if item.error:
            raise item.error
        return Document(
            item,
            share,
            Kind.INVOICE_WRITE_OFF,
            max(self._get_date(source, item), invoice.invoice_date),
            invoice.currency_id,
            lines,
            credited=invoice,
            # The source has no document for the loss.
            is_object=False,
            # Net and tax of a share are rounded once more.
            roundings=2,
            binding={"amount": share.total},
        )


def _share(fact):
    """Return the fact of a credit note for what was still due of an invoice: the same
    share of each line, to the minor unit.
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
