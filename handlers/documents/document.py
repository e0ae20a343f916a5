from odoo import models

from ...canonical.kinds import Kind
from ...canonical.reasons import Reason


class SaasDocumentsDocument(models.AbstractModel):
    """Works out for invoices and credit notes which snapshots can be booked as they
    are, and the accounts and taxes of their lines.
    """

    _name = "saas.documents.document"
    _inherit = "saas.handler"
    _description = "SaaS document handler"

    def _check_documents(self, source, items):
        """Quarantine the items whose documents can't be booked as they are.

        :return: the currencies by code, and the dates by item.
        """
        dates = {item: source._localize_date(item.fact.issued_at) for item in items}
        for item in items:
            self._check_document(source, item, dates[item])
        good = [(item, dates[item]) for item in items if not item.error]
        return self.env["saas.ledger.currency"]._check(source, good), dates

    def _check_document(self, source, item, date):
        """Quarantine an item whose document can't be booked on a day. An item that
        doesn't hold all of its lines waits, unless the document can't be fetched.
        """
        if source.sale_journal_id and not item.fact.lines_complete:
            self._complete_document(source, item)
        else:
            self.env["saas.ledger.document"]._check(source, item, date)

    def _complete_document(self, source, item):
        """Let an item wait for its own document, to be read with all its lines. When
        that has arrived and is booked, this snapshot only brings it along.
        """
        fact = item.fact
        if source._can_fetch(fact.kind, fact.external_id):
            source._enqueue_fetch(fact.kind, fact.external_id)
            item.park(fact.kind, fact.external_id)
        else:
            item.quarantine(
                Reason.INCOMPLETE_PAYLOAD,
                self.env._("The event holds only the first %s lines.", len(fact.lines)),
            )

    def _find_taxes(self, source, facts):
        """Return what finds the taxes of the lines of documents."""
        return self.env["saas.ledger.tax.find"]._prepare(source, facts)

    def _get_income_account(self, source, product):
        """Return the account of a product's revenue; empty if none is set up."""
        template = product.product_tmpl_id.with_company(source.company_id)
        return (
            template._get_product_accounts()["income"]
            or source.default_income_account_id
            or source.sale_journal_id.default_account_id
        )

    def _get_line_taxes(self, item, line, finder):
        """Return the taxes of a line. If one is not mapped, quarantine the item; if a
        rule has to know its rate first, let it wait.
        """
        taxes = self.env["account.tax"]
        for part in line.taxes:
            found = finder.find(part)
            if found.missing_rate:
                item.park(Kind.TAX_RATE, found.missing_rate)
                break
            if not found.tax and not part.may_be_left_out:
                item.quarantine(Reason.UNMAPPED_TAX, self._describe_unmapped(part))
                break
            taxes |= found.tax
        return taxes

    def _describe_unmapped(self, part):
        """Return the sentence that names a tax that is not mapped."""
        if not part.rate and not part.reason:
            return self.env._("A tax without a tax rate is not mapped.")
        known = ", ".join(filter(None, (part.rate, part.reason)))
        return self.env._("The tax %s is not mapped.", known)

    def _write_missing_account(self, item, product):
        """Leave to a person an item whose product has no income account."""
        item.quarantine(
            Reason.INCOMPLETE_SETUP,
            self.env._(
                "%s has no income account. Enter one on the product, or on the source "
                "under Accounting.",
                product.display_name,
            ),
        )
