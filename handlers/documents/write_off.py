from odoo import models

from ...canonical.facts import CreditNote
from ...canonical.kinds import Kind
from ...canonical.money import split
from ...ledger.documents.document import Document
from ...ledger.entry import OTHER


class SaasDocumentsWriteOff(models.AbstractModel):
    """Checks and notes which invoices were given up. What is uncollectible of them is
    a loss, which ``saas.ledger.documents.loss`` keeps. If the country lets the tax be
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
        """Note which invoices were given up, and what is uncollectible of them as their
        newest snapshots say. ``saas.ledger.documents.loss`` books that.

        :param pairs: items and the moves of their invoices.
        """
        bindings = self.env["saas.binding"]
        given_up = [pair for pair in pairs if pair[0].fact.state == "uncollectible"]
        known = bindings._find(
            source,
            Kind.INVOICE_GIVEN_UP,
            [item.fact.external_id for item, _move in given_up],
        )
        new = {}
        for item, _move in given_up:
            fact, ref = item.fact, item.fact.external_id
            stated = {"amount": fact.written_off, "version": fact.version}
            if ref in known:
                if fact.version > (known[ref].version or ""):
                    known[ref].write(stated)
            elif ref not in new:
                date = self._get_date(source, item)
                new[ref] = bindings._prepare_vals(
                    source, Kind.INVOICE_GIVEN_UP, ref, date=date, **stated
                )
            elif fact.version > new[ref]["version"]:
                new[ref] |= stated
        bindings.create([*new.values()])
        if source.bad_debt_tax_relief:
            openings = [pair for pair in given_up if not pair[1].is_invoice()]
            self._post_openings(source, openings)

    def _post_openings(self, source, pairs):
        """Book the losses of opening items: the invoices' taxes are not in the books,
        only in what the source says.
        """
        known = self.env["saas.binding"]._find(
            source,
            Kind.INVOICE_WRITE_OFF,
            [item.fact.external_id for item, _move in pairs],
        )
        self._post_documents(
            source,
            [
                (item, move)
                for item, move in pairs
                if item.fact.written_off and item.fact.external_id not in known
            ],
        )

    def _get_date(self, source, item):
        """Return the day on which an invoice was given up."""
        fact = item.fact
        return source._localize_date(
            max(fact.written_off_at or fact.issued_at, fact.issued_at)
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
    rest = iter(split(fact.written_off, amounts, fact.step))
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
