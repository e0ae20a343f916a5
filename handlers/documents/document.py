from odoo import models

from ...canonical.facts import UNTAXED, Head
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from ...canonical.review.causes import write_product


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

    def _map_products(self, source):
        """Return a function from a line to its product and income account, which
        are empty where a person has to set them up.
        """
        mapping = {m.external_id: m for m in source.product_mapping_ids}

        def find(line):
            """Return the product and the income account of a line."""
            found = mapping.get(line.price) or mapping.get(line.product)
            product = found.product_id if found else source.default_product_id
            if not product:
                return product, self.env["account.account"]
            own = found.account_id if found else self.env["account.account"]
            return product, own or self._get_income_account(source, product)

        return find

    def _check_mapped(self, item, line, product, account):
        """Return whether a line has its product and account; quarantine its item if
        not, with the line's ids as a detail, for ``_describe_unmapped_products``.
        """
        if not product:
            refs = ", ".join(filter(None, (line.price, line.product)))
            about = write_product(line.price, line.product)
            item.quarantine(Reason.UNMAPPED_PRODUCT, refs, about=about)
        elif not account:
            self._write_missing_account(item, product)
        return bool(product and account)

    def _describe_unmapped_products(self, source, items):
        """Turn the ids in the errors about products that are not mapped into
        sentences, with what the source calls the product where it told.
        """
        unmapped = [
            (item, stop, list(filter(None, stop.detail.split(", "))))
            for item in items
            for stop in getattr(item.error, "stops", ())
            if stop.reason == Reason.UNMAPPED_PRODUCT
        ]
        refs = {ref for _item, _stop, found in unmapped for ref in found}
        names = self.env["saas.product"]._get_names(source, refs) if refs else {}
        for item, stop, found in unmapped:
            known = [names[source, ref] for ref in found if (source, ref) in names]
            stop.detail = self._describe_unmapped_product(
                item, found, known[0] if known else ""
            )

    def _describe_unmapped_product(self, item, refs, name):
        """Return the sentence that names a product that is not mapped.

        :param refs: the ids of its line. ``name`` is what the source calls it, where
            that is known.
        """
        if refs and refs[-1] in set(Head):
            return self.env._(
                "The document states its %(what)s apart from its lines. Map %(refs)s "
                "to a product.",
                what=self._get_head_names()[refs[-1]].lower(),
                refs=self.env._(" or ").join(refs),
            )
        if refs:
            told = ", ".join(refs) + (f" ({name})" if name else "")
            return self.env._("The product %s is not mapped.", told)
        if item.fact.kind == Kind.CREDIT_NOTE:
            return self.env._(
                "A line of the credit note names no invoice line, and the "
                "source has no default product."
            )
        return self.env._("A line of the invoice names no product.")

    def _get_head_names(self):
        """Return what people call that which stands at the head of a document."""
        return {
            Head.DISCOUNT: self.env._("Discount"),
            Head.SHIPPING: self.env._("Shipping"),
            Head.TAX: self.env._("Tax"),
        }

    def _prepare_line(self, item, line, sign, product, account, finder, taxes=None):
        """Return the values of the move's lines for a line of a document, which are
        several where it is a tax alone.

        :param sign: of the move's amounts, seen from those of the source.
        :param taxes: the taxes of the line, where not its own decide.
        """
        if not line.description and line.product in set(Head):
            name = self._get_head_names()[line.product]
            line = line.model_copy(update={"description": name})
        return [
            self.env["saas.ledger.document"]._prepare_line_vals(
                item.fact,
                part,
                sign,
                product,
                account,
                self._get_line_taxes(item, part, finder) if taxes is None else taxes,
            )
            for part in line.parts
        ]

    def _check_taxes(self, item, line, finder):
        """Quarantine an item for the taxes of a line that can't be booked anyway: all
        that has to be mapped is told at once.
        """
        for part in line.parts:
            self._get_line_taxes(item, part, finder)

    def _get_line_taxes(self, item, line, finder):
        """Return the taxes of a line. Those that are not mapped quarantine the item; if
        a rule has to know the rate of one first, let it wait.
        """
        taxes = self.env["account.tax"]
        for part in line.taxes:
            found = finder.find(part)
            if found.missing_rate:
                item.park(Kind.TAX_RATE, found.missing_rate)
                break
            if not found.tax and not part.may_be_left_out:
                item.quarantine(
                    Reason.UNMAPPED_TAX,
                    self._describe_unmapped(part),
                    about=self._get_untaxed_key(part),
                )
                continue
            taxes |= found.tax
        return taxes

    def _get_untaxed_key(self, part):
        """Return what has to be said of a tax that is not mapped: which tax its rate
        is, or one for lines that nothing is charged on, for a reason.
        """
        is_free = not part.amount and part.reason in UNTAXED
        return part.reason if is_free else part.rate or part.reason

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
            about="default_income_account_id",
        )
